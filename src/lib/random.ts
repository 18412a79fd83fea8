/** Uniform in [0, 1). */
export type Random = () => number;

/**
 * The same numbers for the same seed and stream, on any machine (the generator xoshiro128** of Blackman and Vigna,
 * filled by splitmix32). Not for secrets.
 * @param seed a whole number from 0 to 2^32 - 1
 * @param stream numbers of another stream are independent of these, so that drawing more of one changes no other
 */
export function seededRandom(seed: number, stream = ''): Random {
  const fill = splitmix32(Buffer.from(stream).reduce((mixed, byte) => mix(mixed ^ byte), seed));
  const state = new Uint32Array([fill(), fill(), fill(), fill()]);
  return () => next(state) / 2 ** 32;
}

function splitmix32(seed: number): () => number {
  let counter = seed >>> 0;
  return () => {
    counter = (counter + 0x9e3779b9) >>> 0;
    return mix(counter);
  };
}

/** Spreads each bit over all others (the finalizer of MurmurHash3). */
function mix(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function next(state: Uint32Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = state;
  const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
  const [c1, d1] = [c ^ a, d ^ b];
  state[1] = b ^ c1;
  state[0] = a ^ d1;
  state[2] = c1 ^ (b << 9);
  state[3] = rotate(d1, 11);
  return result;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
