import type { Reading } from '../decide/snapshot.ts';
import { isKubeError } from '../kube/errors.ts';
import { errorMessage } from '../lib/errors.ts';

/** A reading of what a source answers; when it does not, its reason. Only giving up (the operator stops) is thrown. */
export async function reading<T>(answer: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { ok: true, value: await answer() };
  } catch (error) {
    if (isKubeError(error, 'Aborted')) throw error;
    return { ok: false, message: errorMessage(error) };
  }
}

/** What is read of a metric that belongs to no pod. */
export interface Measured<T> {
  readonly milli: Reading<T>;
  /** Of the oldest value; absent where the source tells none. */
  readonly timestampMs?: number;
}

/** As `reading`, for a value that knows when it was measured. */
export async function measured<T>(
  answer: () => Promise<{ readonly milli: T; readonly timestampMs?: number }>,
): Promise<Measured<T>> {
  const read = await reading(answer);
  if (!read.ok) return { milli: read };
  return { ...read.value, milli: { ok: true, value: read.value.milli } };
}
