import { formatDuration, parseDuration } from '../lib/duration.ts';
import { UserError } from '../lib/errors.ts';
import type { Random } from '../lib/random.ts';

/**
 * When a connection is replaced by a new one. A connection stays on the pod that it was given when it was opened, so pods
 * that come later get traffic only from connections opened later.
 */
export type Rotation =
  /** After so many requests, give or take half. */
  | { readonly type: 'requests'; readonly requests: number }
  /** When it is so old, give or take half. */
  | { readonly type: 'age'; readonly ageMs: number }
  /** After each request. */
  | { readonly type: 'each' }
  /** When there are more endpoints than before: as many connections as the new ones should have, within 2 s; see ScaleRotation. */
  | { readonly type: 'on-scale' }
  /** Never by us. */
  | { readonly type: 'off' };

/** A mean age of 2.5 s, so 3.75 s at most: within 5 s all connections are new ones, at any rate. */
export const defaultRotation: Rotation = { type: 'age', ageMs: 2500 };

/** How much one connection is to carry, drawn for each, so that connections are not replaced all at once. */
export interface ConnectionLimit {
  /** At least 1. */
  readonly requests: number;
  readonly ageMs: number;
}

const never: ConnectionLimit = { requests: Infinity, ageMs: Infinity };

/** @param random uniform in [0, 1) */
export function drawLimit(rotation: Rotation, random: Random): ConnectionLimit {
  switch (rotation.type) {
    case 'requests':
      return { ...never, requests: Math.max(1, Math.round(rotation.requests * (0.5 + random()))) };
    case 'age':
      return { ...never, ageMs: rotation.ageMs * (0.5 + random()) };
    case 'each':
      return { ...never, requests: 1 };
    case 'on-scale':
    case 'off':
      return never;
  }
}

const words: readonly Rotation[] = [{ type: 'each' }, { type: 'on-scale' }, { type: 'off' }];

/**
 * Reads `requests=100`, `age=5s`, `each`, `on-scale` or `off`.
 * @throws UserError
 */
export function parseRotation(text: string): Rotation {
  const word = words.find(({ type }) => type === text);
  if (word !== undefined) return word;
  const [name, value = ''] = text.split('=', 2);
  const requests = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (name === 'requests' && requests >= 1) return { type: 'requests', requests };
  const ageMs = parseDuration(value) ?? 0;
  if (name === 'age' && ageMs > 0) return { type: 'age', ageMs };
  throw new UserError(
    `--rotate ${text}: allowed is requests=N with N of at least 1, age=TIME such as age=5s, each, on-scale or off`,
  );
}

/** As parseRotation reads it. */
export function formatRotation(rotation: Rotation): string {
  if (rotation.type === 'requests') return `requests=${rotation.requests}`;
  return rotation.type === 'age' ? `age=${formatDuration(rotation.ageMs)}` : rotation.type;
}
