import {
  type Profile,
  profileDurationMs,
  type Segment,
  segmentArea,
  segmentPeak,
  segmentRate,
  segmentTime,
} from './load-profile.ts';
import type { Random } from './random.ts';

interface Placed {
  readonly segment: Segment;
  readonly startMs: number;
  readonly areaBefore: number;
}

/** A profile as a function of time. Times are milliseconds since the start of the run. */
export class RateCurve {
  readonly durationMs: number;
  /** Requests of the whole profile, as a real number. */
  readonly area: number;
  readonly peakPerSecond: number;
  readonly #placed: readonly Placed[];

  constructor(profile: Profile) {
    let [startMs, areaBefore] = [0, 0];
    this.#placed = profile.segments.map((segment) => {
      const placed = { segment, startMs, areaBefore };
      startMs += segment.durationMs;
      areaBefore += segmentArea(segment, segment.durationMs);
      return placed;
    });
    this.durationMs = profileDurationMs(profile);
    this.area = areaBefore;
    this.peakPerSecond = profile.segments.reduce((peak, segment) => Math.max(peak, segmentPeak(segment)), 0);
  }

  /** The rate at a moment, per second; 0 before and after the profile. At a step, the rate after it. */
  rateAt(atMs: number): number {
    if (atMs < 0 || atMs >= this.durationMs) return 0;
    const found = this.#last((placed) => placed.startMs <= atMs);
    return found === undefined ? 0 : segmentRate(found.segment, atMs - found.startMs);
  }

  /** How many requests have been asked for until a moment, as a real number. */
  arrivalsBy(atMs: number): number {
    const found = this.#last((placed) => placed.startMs < atMs);
    if (found === undefined) return 0;
    const { segment, startMs, areaBefore } = found;
    return areaBefore + segmentArea(segment, Math.min(atMs - startMs, segment.durationMs));
  }

  /** When so many requests have been asked for: the inverse of arrivalsBy, for 0 < area <= this.area. */
  timeOf(area: number): number {
    const found = this.#last((placed) => placed.areaBefore < area);
    if (found === undefined) return 0;
    const { segment, startMs, areaBefore } = found;
    return startMs + Math.min(segmentTime(segment, area - areaBefore), segment.durationMs);
  }

  /** The last part for which something holds that holds for all before it. */
  #last(holds: (placed: Placed) => boolean): Placed | undefined {
    let [low, high] = [0, this.#placed.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const placed = this.#placed[middle];
      if (placed !== undefined && holds(placed)) low = middle + 1;
      else high = middle;
    }
    return this.#placed[low - 1];
  }
}

/** Requests that a profile with evenly spaced arrivals asks for: those whose middle, k + 1/2, lies inside the area. */
export function totalArrivals(profile: Profile): number {
  return countIn(new RateCurve(profile));
}

/**
 * The intended start of each request, in order. Constant: evenly spaced at the rate of the moment, request k where the
 * area under the rate is k + 1/2. Poisson: where it is the sum of k + 1 exponential draws, which is exact for any rate.
 * Lazy, so that a long run costs no memory.
 * @param random needed for Poisson arrivals only
 */
export function* arrivalTimes(profile: Profile, random: Random = Math.random): Generator<number, void> {
  const curve = new RateCurve(profile);
  if (profile.arrivals === 'constant') {
    const count = countIn(curve);
    for (let index = 0; index < count; index += 1) yield curve.timeOf(index + 0.5);
    return;
  }
  for (let area = exponential(random); area < curve.area; area += exponential(random))
    yield curve.timeOf(area);
}

function countIn(curve: RateCurve): number {
  return Math.max(0, Math.ceil(curve.area - 0.5));
}

function exponential(random: Random): number {
  return -Math.log1p(-random());
}
