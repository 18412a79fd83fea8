/**
 * Waits until `probe` returns something other than undefined or false, and returns it.
 * The limit is for a machine that is very busy: a test that passes does not come near it.
 */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`waited ${limitMs} ms in vain: ${what}`);
}
