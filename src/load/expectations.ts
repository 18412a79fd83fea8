import { formatDuration, parseDuration } from '../lib/duration.ts';
import { UserError } from '../lib/errors.ts';
import { formatCount, formatMs, formatRate } from '../report/format.ts';
import type { LoadResult, Verdict } from '../report/load-result.ts';
import { flaps, highestReplicas, lowestReplicas, timeToScaleMs } from './replica-facts.ts';

/** Something that a run is to show, as in `p99<200ms`. */
export interface Expectation {
  /** As it was given. */
  readonly text: string;
  readonly needsCluster: boolean;
  judge(result: LoadResult): Omit<Verdict, 'expect'>;
}

type Operator = '<' | '<=' | '>' | '>=' | '=';

const holds: Readonly<Record<Operator, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '=': (left, right) => left === right,
};

/** How a limit is read and a value shown. */
interface Unit {
  /** What is allowed, for errors. */
  readonly allowed: string;
  /** Undefined when the text is no such value. */
  parse(text: string): number | undefined;
  show(value: number): string;
}

const units = {
  time: {
    allowed: 'a time such as 200ms or 1.5s',
    parse: (text) => nonNegative(parseDuration(text)),
    show: (value) => formatMs(value),
  },
  span: {
    allowed: 'a time such as 45s',
    parse: (text) => nonNegative(parseDuration(text)),
    show: (value) => formatDuration(Math.round(value)),
  },
  rate: {
    allowed: 'a rate such as 100/s',
    parse: (text) => plainNumber(/^(.*)\/s$/.exec(text)?.[1] ?? ''),
    show: (value) => formatRate(value),
  },
  percent: {
    allowed: 'a share such as 0.1%',
    parse: (text) => {
      const value = plainNumber(/^(.*)%$/.exec(text)?.[1] ?? '');
      return value === undefined ? undefined : value / 100;
    },
    show: (value) => `${Number((value * 100).toPrecision(3))} %`,
  },
  count: {
    allowed: 'a whole number',
    parse: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined),
    show: String,
  },
  number: { allowed: 'a number such as 1.3', parse: plainNumber, show: (value) => value.toFixed(3) },
} satisfies Record<string, Unit>;

interface Measure {
  readonly unit: Unit;
  /** Null when the run did not show it. */
  readonly read: (result: LoadResult) => number | null;
  readonly needsCluster?: true;
  /** Requests that took endlessly long, of which it may be null. */
  readonly endless?: (result: LoadResult) => number;
  /** Something of this was left out, as the generator was late. */
  readonly isPart?: (result: LoadResult) => boolean;
}

const isLate = ({ judged }: LoadResult): boolean => judged.leftOutMs > 0;
const droppedLate = ({ judged, requests }: LoadResult): boolean => judged.dropped < requests.dropped;

const percentiles = {
  p50: 'p50',
  p90: 'p90',
  p99: 'p99',
  'p99.9': 'p999',
  p999: 'p999',
  max: 'max',
} as const;

const measures: Readonly<Record<string, readonly Measure[]>> = {
  ...timesOf('', 'latencyMs', ({ judged }) => judged.lost + judged.dropped),
  ...timesOf('service.', 'serviceMs', ({ judged }) => judged.lost),
  errors: [
    {
      unit: units.percent,
      read: ({ requests: { sent, failed }, judged: { dropped } }) => ratio(failed + dropped, sent + dropped),
      isPart: droppedLate,
    },
    {
      unit: units.count,
      read: ({ requests, judged }) => requests.failed + judged.dropped,
      isPart: droppedLate,
    },
  ],
  dropped: [
    {
      unit: units.percent,
      read: ({ requests: { sent }, judged: { dropped } }) => ratio(dropped, sent + dropped),
      isPart: droppedLate,
    },
    { unit: units.count, read: ({ judged }) => judged.dropped, isPart: droppedLate },
  ],
  rate: [{ unit: units.rate, read: ({ judged }) => judged.donePerSecond, isPart: isLate }],
  'max/mean': [{ unit: units.number, read: ({ balance }) => balance.maxOverMean }],
  jain: [{ unit: units.number, read: ({ balance }) => balance.jainIndex }],
  'time-to-scale': [{ unit: units.span, read: timeToScaleMs, needsCluster: true }],
  'replicas.max': [{ unit: units.count, read: highestReplicas, needsCluster: true }],
  'replicas.min': [{ unit: units.count, read: lowestReplicas, needsCluster: true }],
  flaps: [{ unit: units.count, read: flaps, needsCluster: true }],
};

/** Names that an expectation may begin with. */
export const expectationNames: readonly string[] = [...Object.keys(measures), 'balance'];

/**
 * Reads `NAME OPERATOR VALUE`, such as `p99<200ms`, `errors<0.1%` or `balance=fair`.
 * @throws UserError that says what is allowed
 */
export function parseExpectation(text: string): Expectation {
  const match = /^\s*([a-z][a-z0-9./-]*)\s*(<=|>=|<|>|=)\s*(\S+)\s*$/.exec(text);
  if (!match)
    throw refused(text, 'allowed is NAME OPERATOR VALUE, such as p99<200ms, with one of < <= > >= =');
  const [, name = '', operator = '', value = ''] = match;
  if (name === 'balance') return balanceExpectation(text, operator, value);
  const found = Object.hasOwn(measures, name) ? measures[name] : undefined;
  if (found === undefined)
    throw refused(text, `unknown name ${name}; allowed are ${expectationNames.join(', ')}`);
  for (const measure of found) {
    const limit = measure.unit.parse(value);
    if (limit !== undefined) return numberExpectation(text, operator as Operator, limit, measure);
  }
  throw refused(text, `found ${value}; allowed is ${found.map(({ unit }) => unit.allowed).join(' or ')}`);
}

function numberExpectation(text: string, operator: Operator, limit: number, measure: Measure): Expectation {
  const { unit, read, needsCluster = false, isPart = () => false, endless = () => 0 } = measure;
  return {
    text,
    needsCluster,
    judge: (result) => {
      const actual = read(result);
      const left = isPart(result) ? result.judged.leftOutMs : 0;
      if (actual === null && endless(result) > 0)
        return { met: false, actual, words: endlessWords(endless(result)) };
      if (actual === null && left > 0) return { met: null, actual, words: lateThroughout };
      if (actual === null) return { met: false, actual, words: 'the run did not show it' };
      const without = left === 0 ? '' : `, without ${formatMs(left)} in which the generator was late`;
      return { met: holds[operator](actual, limit), actual, words: `it was ${unit.show(actual)}${without}` };
    },
  };
}

function endlessWords(count: number): string {
  return `${formatCount(count, 'request')} had no answer, so that it was longer than any time`;
}

const lateThroughout = 'void, as the generator was late all the time';

function balanceExpectation(text: string, operator: string, value: string): Expectation {
  if (operator !== '=' || value !== 'fair') throw refused(text, 'allowed is balance=fair');
  return {
    text,
    needsCluster: false,
    judge: ({ balance }) => ({
      met: balance.verdict === 'fair',
      actual: balance.verdict,
      words: balance.words,
    }),
  };
}

/** Void when the generator was saturated: then nothing was shown, whatever the numbers are. */
export function judge(expectations: readonly Expectation[], result: LoadResult): Verdict[] {
  return expectations.map((expectation) => {
    if (!result.generator.saturated) return { expect: expectation.text, ...expectation.judge(result) };
    const verdict = { expect: expectation.text, ...expectation.judge(asWhole(result)) };
    return { ...verdict, met: null, words: `void, as the generator was too slow; ${verdict.words}` };
  });
}

/** Nothing left out: of a run that is void as a whole, the whole is told. */
function asWhole(result: LoadResult): LoadResult {
  const { latencyMs, serviceMs, rate, requests } = result;
  const { dropped } = requests;
  return {
    ...result,
    judged: { leftOutMs: 0, latencyMs, serviceMs, donePerSecond: rate.done, dropped, lost: 0 },
  };
}

function timesOf(
  prefix: string,
  of: 'latencyMs' | 'serviceMs',
  endless: (result: LoadResult) => number,
): Record<string, Measure[]> {
  return Object.fromEntries(
    Object.entries(percentiles).map(([name, key]) => [
      `${prefix}${name}`,
      [{ unit: units.time, read: ({ judged }: LoadResult) => judged[of][key], endless, isPart: isLate }],
    ]),
  );
}

function refused(text: string, reason: string): UserError {
  return new UserError(`--expect ${JSON.stringify(text)}: ${reason}`);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function plainNumber(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function nonNegative(value: number | undefined): number | undefined {
  return value !== undefined && value >= 0 ? value : undefined;
}
