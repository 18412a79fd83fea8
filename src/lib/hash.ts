/** FNV-1a, 32 bits: spreads texts evenly, and is the same in every process. Not for anything that somebody could attack. */
export function hashOf(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
