/**
 * One line of the Prometheus text format 0.0.4 or of OpenMetrics 1.0:
 *
 *     http_requests_total{code="200",path="/a\"b"} 1027 1395066363000 # {trace_id="7"} 1
 *     name               labels                    value timestamp    exemplar
 *
 * Ours, since what there is for Node (parse-prometheus-text-format 1.1.1, of 2020) reads no OpenMetrics, needs the whole body, and
 * makes objects of every line: of a thousand pods with a thousand series each that is a million for the few that are wanted.
 */
export interface SeriesSample {
  readonly labels: ReadonlyMap<string, string>;
  /** NaN and infinities are values too. */
  readonly value: number;
}

const label = /([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\[\\n"])*)"[ \t]*(,?)[ \t]*/y;
const afterLabels =
  /^[ \t]*([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?[Ii]nf(?:inity)?|NaN)(?:[ \t]+-?[0-9]+(?:\.[0-9]+)?)?[ \t]*(?:#.*)?$/;

/**
 * Parses what stands behind a series' name.
 * @param rest `{code="200"} 1027`, or ` 1027` where there are no labels
 * @returns undefined when it is no sample
 */
export function parseSample(rest: string): SeriesSample | undefined {
  const opening = /^[ \t]*\{[ \t]*/.exec(rest)?.[0];
  const read = opening === undefined ? { labels: none, endsAt: 0 } : parseLabels(rest, opening.length);
  const text = read && afterLabels.exec(rest.slice(read.endsAt))?.[1];
  return text === undefined ? undefined : { labels: read?.labels ?? none, value: numberOf(text) };
}

const none: ReadonlyMap<string, string> = new Map();

function parseLabels(
  rest: string,
  from: number,
): { labels: Map<string, string>; endsAt: number } | undefined {
  const labels = new Map<string, string>();
  for (let at = from, comma = ','; ; at = label.lastIndex) {
    if (rest[at] === '}') return { labels, endsAt: at + 1 };
    label.lastIndex = at;
    const found = comma === ',' ? label.exec(rest) : null;
    if (found === null) return undefined;
    const [, name = '', value = '', separator = ''] = found;
    if (labels.has(name)) return undefined;
    labels.set(name, value.includes('\\') ? value.replaceAll(/\\([\\n"])/g, unescaped) : value);
    comma = separator;
  }
}

function unescaped(_: string, character: string): string {
  return character === 'n' ? '\n' : character;
}

function numberOf(text: string): number {
  if (!/n/i.test(text)) return Number(text);
  if (text === 'NaN') return Number.NaN;
  return text.startsWith('-') ? -Infinity : Infinity;
}
