import { formatDuration } from './duration.ts';
import { UserError } from './errors.ts';
import { type Profile, profileDurationMs, ramp, type Segment, segmentRate, steady } from './load-profile.ts';
import { parseRateTable } from './load-profile-csv.ts';
import { ProfileCursor, profileLimits } from './load-profile-cursor.ts';

export interface ProfileSource {
  /** What errors call the text: `--profile`, a file's name. Default `profile`. */
  readonly name?: string;
  /** The text of a file that `replay` names; throws UserError when there is none. Absent: `replay` is refused. */
  readonly readFile?: (name: string) => string;
}

interface Parse {
  readonly cursor: ProfileCursor;
  readonly source: ProfileSource;
  /** The rate at the end of what came before; 0 at the start. */
  readonly lastPerSecond: number;
}

/**
 * Reads the language of load profiles: parts with commas or line breaks between them, `#` for comments.
 *
 *     RATE for TIME                                       50/s for 30s
 *     to RATE over TIME                                   a ramp from the rate before, or from 0
 *     ramp from RATE to RATE over TIME
 *     step from RATE to RATE after TIME for TIME          the last is the length of the whole
 *     staircase from RATE to RATE in N steps of TIME      both rates are steps
 *     sine from RATE to RATE every TIME for TIME          begins at the first rate
 *     square from RATE to RATE every TIME for TIME        half of the time at each, the first rate first
 *     spike from RATE to RATE of TIME every TIME for TIME at the end of each period
 *     replay FILE [scaled by N] [sped up by N]            a CSV of times and rates
 *     poisson arrivals | constant arrivals
 *
 * @throws UserError with the position of what was found and what is allowed there
 */
export function parseProfile(text: string, source: ProfileSource = {}): Profile {
  const cursor = new ProfileCursor(text, source.name ?? 'profile');
  const segments: Segment[] = [];
  let arrivals: Profile['arrivals'] = 'constant';
  cursor.skipSeparators();
  while (!cursor.done || segments.length === 0) {
    const named = arrivalsPart(cursor);
    if (named !== undefined) arrivals = named;
    else for (const one of part({ cursor, source, lastPerSecond: lastRate(segments) })) segments.push(one);
    cursor.expectPartEnd();
    cursor.skipSeparators();
    checkSize(segments, cursor);
  }
  return { segments, arrivals };
}

/** The words that may begin a part, besides a rate. */
const parts: Readonly<Record<string, (parse: Parse) => Segment[]>> = {
  to: ({ cursor, lastPerSecond }) => {
    const perSecond = cursor.rate();
    cursor.expect('over');
    return [ramp(lastPerSecond, perSecond, cursor.duration())];
  },
  ramp: ({ cursor }) => {
    const [from, to] = fromTo(cursor);
    cursor.expect('over');
    return [ramp(from, to, cursor.duration())];
  },
  step: ({ cursor }) => {
    const [from, to] = fromTo(cursor);
    cursor.expect('after');
    const afterMs = cursor.duration();
    cursor.expect('for');
    const durationMs = cursor.duration();
    if (durationMs <= afterMs)
      cursor.failBefore(`the whole must be longer than the ${formatDuration(afterMs)} before the step`);
    return [steady(from, afterMs), steady(to, durationMs - afterMs)];
  },
  staircase: ({ cursor }) => {
    const [from, to] = fromTo(cursor);
    cursor.expect('in');
    const count = cursor.number('a whole number of steps from 2 to 1000', isStepCount);
    cursor.expect('steps', 'of');
    const durationMs = cursor.duration();
    const rise = (to - from) / (count - 1);
    return Array.from({ length: count }, (_, index) => steady(from + index * rise, durationMs));
  },
  sine: ({ cursor }) => {
    const [low, high] = fromTo(cursor);
    const { periodMs, durationMs } = everyFor(cursor);
    return [{ type: 'sine', durationMs, lowPerSecond: low, highPerSecond: high, periodMs }];
  },
  square: ({ cursor }) => {
    const [low, high] = fromTo(cursor);
    const { periodMs, durationMs } = everyFor(cursor);
    return periodic([steady(low, periodMs / 2), steady(high, periodMs / 2)], durationMs);
  },
  spike: ({ cursor }) => {
    const [low, high] = fromTo(cursor);
    cursor.expect('of');
    const spikeMs = cursor.duration();
    const { periodMs, durationMs } = everyFor(cursor);
    if (periodMs <= spikeMs)
      cursor.failBefore(`spikes of ${formatDuration(spikeMs)} do not fit into ${formatDuration(periodMs)}`);
    return periodic([steady(low, periodMs - spikeMs), steady(high, spikeMs)], durationMs);
  },
  replay: ({ cursor, source }) => replay(cursor, source),
};

const beginnings = [...Object.keys(parts), 'poisson', 'constant'].join(', ');

function part(parse: Parse): Segment[] {
  const { cursor } = parse;
  if (cursor.isRate()) {
    const perSecond = cursor.rate();
    cursor.expect('for');
    return [steady(perSecond, cursor.duration())];
  }
  const word = cursor.peek();
  const read = word !== undefined && Object.hasOwn(parts, word) ? parts[word] : undefined;
  if (word === undefined || read === undefined)
    return cursor.fail(`a rate such as 50/s, or one of ${beginnings}`);
  cursor.accept(word);
  return read(parse);
}

function arrivalsPart(cursor: ProfileCursor): Profile['arrivals'] | undefined {
  for (const arrivals of ['poisson', 'constant'] as const) {
    if (!cursor.accept(arrivals)) continue;
    cursor.expect('arrivals');
    return arrivals;
  }
  return undefined;
}

function fromTo(cursor: ProfileCursor): [from: number, to: number] {
  cursor.expect('from');
  const from = cursor.rate();
  cursor.expect('to');
  return [from, cursor.rate()];
}

function everyFor(cursor: ProfileCursor): { periodMs: number; durationMs: number } {
  cursor.expect('every');
  const periodMs = cursor.duration();
  cursor.expect('for');
  const durationMs = cursor.duration();
  if (durationMs / periodMs > profileLimits.segments / 2) cursor.failBefore('that are too many periods');
  return { periodMs, durationMs };
}

/** The steady parts again and again, the last one cut. */
function periodic(steadyParts: readonly Segment[], durationMs: number): Segment[] {
  const segments: Segment[] = [];
  for (let leftMs = durationMs; leftMs > 0;) {
    for (const one of steadyParts) {
      if (leftMs > 0) segments.push({ ...one, durationMs: Math.min(one.durationMs, leftMs) });
      leftMs -= one.durationMs;
    }
  }
  return segments;
}

function replay(cursor: ProfileCursor, { readFile }: ProfileSource): Segment[] {
  const name = cursor.fileName();
  if (readFile === undefined) return cursor.failBefore('replay cannot be used here, as no file can be read');
  const rateFactor = factor(cursor, ['scaled', 'by']);
  const speed = factor(cursor, ['sped', 'up', 'by']);
  const longestMs = profileLimits.durationMs * speed;
  return parseRateTable(readFile(name), { name, longestMs }).map(({ durationMs, perSecond }) =>
    steady(perSecond * rateFactor, durationMs / speed),
  );
}

function factor(cursor: ProfileCursor, [first = '', ...rest]: readonly string[]): number {
  if (!cursor.accept(first)) return 1;
  cursor.expect(...rest);
  return cursor.number('a number above 0, up to 100000', (value) => value > 0 && value <= 100_000);
}

function isStepCount(value: number): boolean {
  return Number.isInteger(value) && value >= 2 && value <= 1000;
}

function lastRate(segments: readonly Segment[]): number {
  const last = segments.at(-1);
  return last === undefined ? 0 : segmentRate(last, last.durationMs);
}

function checkSize(segments: readonly Segment[], cursor: ProfileCursor): void {
  const durationMs = profileDurationMs({ segments, arrivals: 'constant' });
  if (durationMs > profileLimits.durationMs)
    cursor.failBefore(`the whole is longer than ${formatDuration(profileLimits.durationMs)}`);
  if (segments.length > profileLimits.segments)
    cursor.failBefore(`the whole has more than ${profileLimits.segments} parts`);
}

/**
 * Reads a profile that was written as data: `{"segments":[...],"arrivals":...}`, as a load result holds it.
 * @throws UserError
 */
export function profileFromData(data: unknown, name: string): Profile {
  const { segments, arrivals = 'constant' } = (data ?? {}) as Partial<Record<string, unknown>>;
  if (!Array.isArray(segments) || segments.length === 0)
    throw new UserError(`${name}: no segments of a profile in it`);
  if (arrivals !== 'constant' && arrivals !== 'poisson')
    throw new UserError(`${name}: arrivals must be constant or poisson, not ${JSON.stringify(arrivals)}`);
  segments.forEach((segment: unknown, index) => checkSegment(segment, `${name}: segments[${index}]`));
  const profile: Profile = { segments: segments as Segment[], arrivals };
  if (profileDurationMs(profile) > profileLimits.durationMs)
    throw new UserError(`${name}: the whole is longer than ${formatDuration(profileLimits.durationMs)}`);
  return profile;
}

const segmentFields: Readonly<Record<string, readonly string[]>> = {
  linear: ['durationMs', 'fromPerSecond', 'toPerSecond'],
  sine: ['durationMs', 'lowPerSecond', 'highPerSecond', 'periodMs'],
};

function checkSegment(value: unknown, name: string): void {
  const segment = (value ?? {}) as Readonly<Record<string, unknown>>;
  const type = String(segment.type);
  const fields = Object.hasOwn(segmentFields, type) ? segmentFields[type] : undefined;
  if (fields === undefined) throw new UserError(`${name}.type must be linear or sine`);
  for (const field of fields) {
    const number = segment[field];
    const largest = field.endsWith('Ms') ? profileLimits.durationMs : profileLimits.perSecond;
    const isAllowed = typeof number === 'number' && number >= 0 && number <= largest;
    if (!isAllowed || (field === 'periodMs' && number === 0))
      throw new UserError(
        `${name}.${field} must be a number from 0 to ${largest}, not ${JSON.stringify(number)}`,
      );
  }
}
