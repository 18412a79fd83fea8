import { PrometheusFailure } from './failure.ts';

/** The one number that an instant query gave. */
export interface QueryAnswer {
  readonly value: number;
  /** When the server evaluated the query, by its clock, in milliseconds; the sample behind it may be older. */
  readonly evaluatedAtMs: number;
}

interface Sample {
  readonly metric?: Readonly<Record<string, string>>;
  readonly value?: unknown;
  readonly histogram?: unknown;
}

/**
 * Reads the body of an answer to `/api/v1/query`: a scalar, or a vector of exactly one series.
 *
 * | answer                                 | is                                                                             |
 * |----------------------------------------|--------------------------------------------------------------------------------|
 * | no series                              | a failure: whether there is nothing, or nothing to measure it, cannot be known |
 * | several series                         | a failure: which one counts is for the query to say                            |
 * | NaN, +Inf, -Inf                        | a failure: 0/0 is no number of requests                                        |
 * | a matrix, a string, a native histogram | a failure                                                                      |
 * | a number with `warnings`               | a failure: parts of the data may be missing                                    |
 * | a number with `infos`                  | the number                                                                     |
 *
 * @throws PrometheusFailure
 */
export function readAnswer(body: string): QueryAnswer {
  const answer = parsed(body);
  if (answer.status === 'error') throw new PrometheusFailure('Refused', errorText(answer));
  const { resultType, result } = asObject(answer.data);
  if (answer.status !== 'success' || typeof resultType !== 'string') throw notPrometheus(body);
  const [warning] = Array.isArray(answer.warnings) ? (answer.warnings as readonly unknown[]) : [];
  if (warning !== undefined)
    throw new PrometheusFailure(
      'Warning',
      `the answer may lack data, as the server warns: ${short(warning)}`,
    );
  if (resultType === 'scalar') return numberOf(result, body);
  if (resultType !== 'vector')
    throw new PrometheusFailure(
      'WrongType',
      `the result is a ${short(resultType)}: the query must give a scalar, or a vector of one series`,
    );
  if (!Array.isArray(result)) throw notPrometheus(body);
  return numberOfSeries(result as readonly unknown[], body);
}

/** What a server that refuses says of it, in one line; undefined when it is not in Prometheus' form. */
export function refusalText(body: string): string | undefined {
  try {
    const answer = parsed(body);
    return answer.status === 'error' ? errorText(answer) : undefined;
  } catch (error) {
    if (error instanceof PrometheusFailure) return undefined;
    throw error;
  }
}

function numberOfSeries(series: readonly unknown[], body: string): QueryAnswer {
  const [first] = series;
  if (first === undefined)
    throw new PrometheusFailure(
      'Empty',
      'no series: nothing matches the query, or nothing was scraped of late',
    );
  if (series.length > 1) {
    // A server names them in any order, and a message that changes is an event each time.
    const names = series.map((one) => labelsText(asObject(one) as Sample)).sort();
    const more = series.length > shownSeries ? '...' : '';
    throw new PrometheusFailure(
      'SeveralSeries',
      `${series.length} series where one is needed (${names.slice(0, shownSeries).join(', ')}${more}): put sum() or max() around the query`,
    );
  }
  const { value, histogram } = asObject(first) as Sample;
  if (value === undefined && histogram !== undefined)
    throw new PrometheusFailure(
      'WrongType',
      'the result is a native histogram: use histogram_quantile() or histogram_count()',
    );
  return numberOf(value, body);
}

const shownSeries = 3;

/** `[seconds, "value"]` */
function numberOf(pair: unknown, body: string): QueryAnswer {
  const [atSeconds, text] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
  if (typeof atSeconds !== 'number' || !Number.isFinite(atSeconds) || typeof text !== 'string')
    throw notPrometheus(body);
  const value = goNumbers.get(text) ?? (text.trim() === '' ? Number.NaN : Number(text));
  if (!Number.isFinite(value)) throw new PrometheusFailure('NotFinite', `the value is ${short(text)}`);
  return { value, evaluatedAtMs: Math.round(atSeconds * 1000) };
}

const goNumbers: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['+Inf', Infinity],
  ['-Inf', -Infinity],
]);

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(body));
  } catch (error) {
    if (error instanceof SyntaxError) throw notPrometheus(body);
    throw error;
  }
}

function notPrometheus(body: string): PrometheusFailure {
  return new PrometheusFailure(
    'Malformed',
    `not an answer of Prometheus' HTTP API: ${body.trim() === '' ? 'nothing' : short(body)}`,
  );
}

function errorText({ errorType, error }: Readonly<Record<string, unknown>>): string {
  return `${short(errorType ?? 'error')}: ${short(error ?? 'no reason given')}`;
}

function labelsText({ metric }: Sample): string {
  const labels = Object.entries(asObject(metric)).map(([name, value]) => `${name}="${String(value)}"`);
  return short(`{${labels.join(', ')}}`);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

const longest = 200;

/** What a server says, cut to what a status can bear, on one line. */
function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const line = text
    .slice(0, 2 * longest)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}
