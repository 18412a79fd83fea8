/** A stretch of time in which the rate goes in a straight line from one value to another. */
interface Segment {
  /** At least 0; a segment of 0 ms is a step. */
  readonly durationMs: number;
  /** Requests per second at its start and its end, at least 0. */
  readonly fromPerSecond: number;
  readonly toPerSecond: number;
}

/** The offered rate over a whole run, piecewise linear. The area under it is the number of requests. */
export interface Profile {
  readonly segments: readonly Segment[];
}

/** A ramp from 0 to `ratePerSecond` over the first `rampMs` of the run, then that rate until `durationMs`. */
export function rampProfile(options: { ratePerSecond: number; durationMs: number; rampMs: number }): Profile {
  const rampMs = Math.min(options.rampMs, options.durationMs);
  const ramp = {
    durationMs: rampMs,
    fromPerSecond: 0,
    toPerSecond: (options.ratePerSecond * rampMs) / Math.max(options.rampMs, 1e-9),
  };
  const steady = {
    durationMs: options.durationMs - rampMs,
    fromPerSecond: options.ratePerSecond,
    toPerSecond: options.ratePerSecond,
  };
  return { segments: [ramp, steady].filter((segment) => segment.durationMs > 0) };
}

export function profileDurationMs(profile: Profile): number {
  return profile.segments.reduce((total, segment) => total + segment.durationMs, 0);
}

/** Requests that the whole profile asks for: those whose middle, k + 1/2, lies inside the area under the rate. */
export function totalArrivals(profile: Profile): number {
  const area = profile.segments.reduce((total, segment) => total + areaOf(segment, segment.durationMs), 0);
  return Math.ceil(area - 0.5);
}

/** The rate at a moment, per second; 0 before and after the profile. At a step, the rate after it. */
export function rateAt(profile: Profile, atMs: number): number {
  let startMs = 0;
  for (const segment of profile.segments) {
    const intoMs = atMs - startMs;
    if (intoMs < 0) return 0;
    if (intoMs < segment.durationMs) {
      return segment.fromPerSecond + slope(segment) * intoMs;
    }
    startMs += segment.durationMs;
  }
  return 0;
}

/** How many requests have been asked for until a moment, as a real number: the area under the rate. */
export function arrivalsBy(profile: Profile, atMs: number): number {
  let startMs = 0;
  let total = 0;
  for (const segment of profile.segments) {
    if (atMs <= startMs) break;
    total += areaOf(segment, Math.min(atMs - startMs, segment.durationMs));
    startMs += segment.durationMs;
  }
  return total;
}

/**
 * The intended start of each request, in order, evenly spaced at the rate of the moment: request k starts
 * where the area under the rate is k + 1/2. Lazy, so that a long run costs no memory.
 */
export function* arrivalTimes(profile: Profile): Generator<number, void> {
  const count = totalArrivals(profile);
  let index = 0;
  let startMs = 0;
  let areaBefore = 0;
  for (const segment of profile.segments) {
    const area = areaOf(segment, segment.durationMs);
    while (index < count && index + 0.5 < areaBefore + area) {
      yield startMs + timeOfArea(segment, index + 0.5 - areaBefore);
      index += 1;
    }
    startMs += segment.durationMs;
    areaBefore += area;
  }
}

/** Change of the rate (per second) in one millisecond. */
function slope(segment: Segment): number {
  return (segment.toPerSecond - segment.fromPerSecond) / segment.durationMs;
}

function areaOf(segment: Segment, intoMs: number): number {
  if (segment.durationMs === 0) return 0;
  return (segment.fromPerSecond * intoMs + (slope(segment) * intoMs * intoMs) / 2) / 1000;
}

/** Inverse of areaOf; the form of the root that also holds for a slope of 0. */
function timeOfArea(segment: Segment, area: number): number {
  const perMs = segment.fromPerSecond / 1000;
  const slopePerMs = slope(segment) / 1000;
  return (2 * area) / (perMs + Math.sqrt(Math.max(perMs * perMs + 2 * slopePerMs * area, 0)));
}
