import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `check` gives something other than undefined or false, asking again and again.
 * @param what named in the error when the limit, generous by default (60 s), is over
 */
export async function eventually<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadline)
      throw new Error(`not within ${limitMs} ms: ${what}`, { cause: lastError });
    await sleep(20);
  }
}
