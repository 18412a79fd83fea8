export interface Point {
  readonly x: number;
  /** null where nothing was measured: the line is broken there. */
  readonly y: number | null;
}

/** More than a screen shows side by side. */
export const mostPoints = 360;

/** At most `mostPoints` points that keep every peak and every trough: the lowest and the highest of each bucket. */
export function thin(points: readonly Point[], most = mostPoints): readonly Point[] {
  if (points.length <= most) return points;
  const size = Math.ceil((points.length * 2) / most);
  const buckets = Array.from({ length: Math.ceil(points.length / size) }, (_, index) =>
    points.slice(index * size, (index + 1) * size),
  );
  return buckets.flatMap(extremes);
}

function extremes(bucket: readonly Point[]): Point[] {
  const measured = bucket.filter((point): point is { x: number; y: number } => point.y !== null);
  const byHeight = measured.toSorted((a, b) => a.y - b.y);
  const [low, high] = [byHeight[0], byHeight.at(-1)];
  if (low === undefined || high === undefined) return bucket.slice(0, 1);
  return low === high ? [low] : [low, high].toSorted((a, b) => a.x - b.x);
}

/** Every nth row, so that no more than `most` are left; the last is always there. */
export function everyNth<T>(rows: readonly T[], most: number): readonly T[] {
  const step = Math.ceil(rows.length / most);
  return rows.filter((_, index) => index % step === 0 || index === rows.length - 1);
}
