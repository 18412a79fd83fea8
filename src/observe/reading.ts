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
