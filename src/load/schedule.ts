import type { Profile } from '../lib/load-profile.ts';
import { arrivalTimes } from '../lib/load-profile-curve.ts';
import type { Random } from '../lib/random.ts';

/**
 * Hands out the intended starts of a profile as they fall due. Open loop: what fell due while nobody asked comes all at
 * once at the next call, each with its own intended time, so that lateness shows in the latency and is never lost.
 */
export class Schedule {
  readonly #times: Generator<number, void>;
  #nextMs: number | undefined;

  /** @param random needed for Poisson arrivals only */
  constructor(profile: Profile, random?: Random) {
    this.#times = arrivalTimes(profile, random);
    this.#advance();
  }

  /** The next intended start, since the start of the run; undefined when all were handed out. */
  get nextMs(): number | undefined {
    return this.#nextMs;
  }

  /** All intended starts up to and including `elapsedMs` that were not handed out before. Lazy: there may be many. */
  *takeDue(elapsedMs: number): Generator<number, void> {
    for (let due = this.takeNext(elapsedMs); due !== undefined; due = this.takeNext(elapsedMs)) yield due;
  }

  /** The next of them; undefined when nothing more has fallen due. */
  takeNext(elapsedMs: number): number | undefined {
    const due = this.#nextMs;
    if (due === undefined || due > elapsedMs) return undefined;
    this.#advance();
    return due;
  }

  #advance(): void {
    const next = this.#times.next();
    this.#nextMs = next.done === true ? undefined : next.value;
  }
}

/**
 * How long to sleep until the next thing to do: to the millisecond before it at most, since timers fire late and
 * never early; at least 1 ms, the finest that a timer has.
 * @param spinMs when it is nearer than this, 0: do not sleep at all
 */
export function pauseMs(
  elapsedMs: number,
  nextMs: number | undefined,
  { longestMs, spinMs = 0 }: { longestMs: number; spinMs?: number },
): number {
  const waitMs = nextMs === undefined ? longestMs : nextMs - elapsedMs;
  if (spinMs > 0 && waitMs < spinMs) return 0;
  return Math.max(1, Math.min(Math.floor(waitMs - spinMs), longestMs));
}
