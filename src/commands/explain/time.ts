import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../../lib/duration.ts';

/** RFC 3339 with a zone; seconds and their fractions may be missing. */
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * A moment of the past: RFC 3339, or how long ago as a Go duration, also with the word: `5m`, `5m ago`.
 * @returns milliseconds since 1970
 * @throws InvalidArgumentError
 */
export function parseTime(text: string, nowMs: number): number {
  const backMs = parseDuration(text.replace(/ +ago$/, ''));
  const ms = backMs !== undefined ? nowMs - backMs : rfc3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms) || ms > nowMs)
    throw new InvalidArgumentError(
      'Allowed is a time that is past, such as 2026-01-31T14:03:00Z, or a duration back from now, such as 5m or 1h30m.',
    );
  return ms;
}
