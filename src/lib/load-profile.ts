/** A stretch of time in which the rate goes in a straight line from one value to another. */
export interface LinearSegment {
  readonly type: 'linear';
  /** At least 0; a segment of 0 ms is nothing. */
  readonly durationMs: number;
  /** Requests per second at its start and its end, at least 0. */
  readonly fromPerSecond: number;
  readonly toPerSecond: number;
}

/** A stretch in which the rate swings between two values; it begins at `lowPerSecond`, which may be the higher one. */
interface SineSegment {
  readonly type: 'sine';
  readonly durationMs: number;
  /** Requests per second, at least 0. */
  readonly lowPerSecond: number;
  readonly highPerSecond: number;
  /** From one `lowPerSecond` to the next. */
  readonly periodMs: number;
}

export type Segment = LinearSegment | SineSegment;

/**
 * The offered rate over a whole run: the segments one after the other. The area under it is the number of requests.
 * Pure data, so that a live run, a simulated one and a result that is read again mean the same load.
 */
export interface Profile {
  readonly segments: readonly Segment[];
  /** Requests come evenly spaced, or by chance as from many independent users (Poisson); the rate is the same. */
  readonly arrivals: 'constant' | 'poisson';
}

/** The same rate for a while. */
export function steady(perSecond: number, durationMs: number): LinearSegment {
  return ramp(perSecond, perSecond, durationMs);
}

/** From one rate to another in a straight line. */
export function ramp(fromPerSecond: number, toPerSecond: number, durationMs: number): LinearSegment {
  return { type: 'linear', durationMs, fromPerSecond, toPerSecond };
}

/** A ramp from 0 to `ratePerSecond` over the first `rampMs` of the run, then that rate until `durationMs`. */
export function rampProfile(options: { ratePerSecond: number; durationMs: number; rampMs: number }): Profile {
  const { ratePerSecond, durationMs } = options;
  const rampMs = Math.min(options.rampMs, durationMs);
  const reached = (ratePerSecond * rampMs) / Math.max(options.rampMs, 1e-9);
  const segments = [ramp(0, reached, rampMs), steady(ratePerSecond, durationMs - rampMs)];
  return { segments: segments.filter((segment) => segment.durationMs > 0), arrivals: 'constant' };
}

export function profileDurationMs(profile: Profile): number {
  return profile.segments.reduce((total, segment) => total + segment.durationMs, 0);
}

/** The rate within a segment, `intoMs` after its start. */
export function segmentRate(segment: Segment, intoMs: number): number {
  if (segment.type === 'linear') return segment.fromPerSecond + slope(segment) * intoMs;
  const { middle, swing } = sineParts(segment);
  return middle - swing * Math.cos((2 * Math.PI * intoMs) / segment.periodMs);
}

/** Requests of a segment until `intoMs` after its start, as a real number: the area under its rate. */
export function segmentArea(segment: Segment, intoMs: number): number {
  if (segment.durationMs === 0) return 0;
  if (segment.type === 'linear')
    return (segment.fromPerSecond * intoMs + (slope(segment) * intoMs * intoMs) / 2) / 1000;
  const { middle, swing } = sineParts(segment);
  const turn = (2 * Math.PI) / segment.periodMs;
  return (middle * intoMs - (swing / turn) * Math.sin(turn * intoMs)) / 1000;
}

/** When, after its start, a segment has had this area: the inverse of segmentArea. */
export function segmentTime(segment: Segment, area: number): number {
  if (segment.type === 'sine') return bisect(segment, area);
  const perMs = segment.fromPerSecond / 1000;
  const slopePerMs = slope(segment) / 1000;
  // The form of the root that also holds for a slope of 0.
  return (2 * area) / (perMs + Math.sqrt(Math.max(perMs * perMs + 2 * slopePerMs * area, 0)));
}

/** The highest rate of a segment. */
export function segmentPeak(segment: Segment): number {
  if (segment.type === 'linear') return Math.max(segment.fromPerSecond, segment.toPerSecond);
  const { lowPerSecond, highPerSecond, durationMs, periodMs } = segment;
  const otherEnd = durationMs >= periodMs / 2 ? highPerSecond : segmentRate(segment, durationMs);
  return Math.max(lowPerSecond, otherEnd);
}

/** Change of the rate (per second) in one millisecond. */
function slope(segment: LinearSegment): number {
  return segment.durationMs === 0 ? 0 : (segment.toPerSecond - segment.fromPerSecond) / segment.durationMs;
}

function sineParts({ lowPerSecond, highPerSecond }: SineSegment): { middle: number; swing: number } {
  return { middle: (lowPerSecond + highPerSecond) / 2, swing: (highPerSecond - lowPerSecond) / 2 };
}

/** The area never falls, so halving always finds it; 60 halvings are finer than a double. */
function bisect(segment: SineSegment, area: number): number {
  let [low, high] = [0, segment.durationMs];
  for (let step = 0; step < 60 && high - low > 1e-7; step += 1) {
    const middle = (low + high) / 2;
    if (segmentArea(segment, middle) < area) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
