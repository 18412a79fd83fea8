const eighths = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * Values as a row of bars, the newest at the right, from zero to the largest of them. `null` is a gap.
 * @param options.width columns at most: longer series are cut at the old end, or with `whole` thinned to fit
 * @param options.max the value of a full bar; default the largest value
 */
export function sparkline(
  values: readonly (number | null)[],
  options: { width?: number; max?: number; whole?: boolean } = {},
): string {
  const width = options.width ?? values.length;
  const shown =
    options.whole === true ? thin(values, width) : values.slice(Math.max(0, values.length - width));
  const max = options.max ?? Math.max(0, ...shown.map((value) => value ?? 0));
  return shown.map((value) => (value === null ? ' ' : barOf(value, max))).join('');
}

function barOf(value: number, max: number): string {
  const height = max <= 0 ? 0 : Math.round((value / max) * (eighths.length - 1));
  return eighths[Math.min(Math.max(height, 0), eighths.length - 1)] ?? '';
}

/** At most `width` values, each the largest of those that it stands for, so that no peak is lost. */
export function thin(values: readonly (number | null)[], width: number): (number | null)[] {
  if (values.length <= width) return [...values];
  return Array.from({ length: width }, (_, column) => {
    const group = values.slice(
      Math.floor((column * values.length) / width),
      Math.max(
        Math.floor(((column + 1) * values.length) / width),
        Math.floor((column * values.length) / width) + 1,
      ),
    );
    const known = group.filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  });
}

/** A filled bar: `██████░░░░`. */
export function bar(value: number, max: number, width: number): string {
  const filled = max <= 0 ? 0 : Math.round((Math.min(Math.max(value, 0), max) / max) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}
