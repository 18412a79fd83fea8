/** So many texts are remembered, unless said otherwise; the same ones come again and again in pods and metrics. */
const defaultBound = 500;

/**
 * The same pure function, which knows again what it was asked before. Once it knows `bound` texts it forgets them all, so that
 * an endless stream of new ones takes no more room than that. What throws is not remembered.
 */
export function remember<T>(work: (text: string) => T, bound = defaultBound): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = work(text);
    if (known.size >= bound) known.clear();
    known.set(text, result);
    return result;
  };
}

/** The same pure function of objects that never change, asked once of each: what it gave goes when the object goes. */
export function rememberEach<K extends object, T>(work: (object: K) => T): (object: K) => T {
  const known = new WeakMap<K, { readonly result: T }>();
  return (object) => {
    let before = known.get(object);
    if (before === undefined) known.set(object, (before = { result: work(object) }));
    return before.result;
  };
}
