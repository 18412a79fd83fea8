/** Time as a dependency of everything that waits or stamps; decisions take `nowMs` as a parameter instead. */
export interface Clock {
  /** Milliseconds since the epoch: for what is shown, stored or decided. It may be set back. */
  now(): number;
  /** Milliseconds that never go back, from an origin of no meaning: for ages, and for when something is due. */
  monotonicMs(): number;
  /**
   * Resolves after `ms`, or as soon as `signal` aborts; never rejects, so look at the signal afterwards.
   * @param ms zero or less resolves in the next turn
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // The origin keeps full seconds where the wall clock had them at the start: what is due at one is not late by a part of it.
  monotonicMs: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/** Resolves when the signal aborts, at once if it has. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
