import { explain } from '../decide/explain.ts';
import { plain } from '../report/style.ts';
import type { Difference } from './compare.ts';
import { recordedResult } from './result.ts';
import type { TickResult } from './run.ts';
import { totalsJson, totalsText } from './totals.ts';
import type { Totals } from './totals.ts';
import { wrap } from './wrap.ts';

/** How results are written, one row an output format; each text is one or more lines without the last line break. */
export interface Printer {
  readonly heading: (scenario: string) => string | undefined;
  readonly tick: (scenario: string, result: TickResult) => string;
  readonly difference: (scenario: string, tick: number, difference: Difference) => string;
  readonly totals: (totals: Totals) => string;
}

const jsonLines: Printer = {
  heading: () => undefined,
  tick: (scenario, result) => JSON.stringify({ scenario, tick: result.index, ...recordedResult(result) }),
  difference: (scenario, tick, { path, expected, got }) =>
    JSON.stringify({ scenario, tick, path, expected, got }),
  totals: totalsJson,
};

/** Lines end here; people read them in a terminal of 80 columns. */
const width = 80;

const table: Printer = {
  heading: (scenario) => plain(scenario),
  tick: (_, result) => wrap(rowStart(result), reason(result), width),
  difference: (scenario, tick, { path, expected, got }) =>
    `${plain(scenario)}, tick ${tick}: ${path}\n  expected ${JSON.stringify(expected)}\n  got      ${JSON.stringify(got)}`,
  totals: totalsText,
};

/** `  12     3 -> 5    `: the tick and its replicas, before the reason. */
function rowStart({ index, decision, scaledTo }: TickResult): string {
  const { verdict, currentReplicas } = decision;
  const from = verdict === 'TargetUnreadable' ? '?' : String(currentReplicas);
  const change = scaledTo === null ? from.padStart(5) : `${from.padStart(5)} -> ${scaledTo}`;
  return `${String(index).padStart(6)} ${change.padEnd(14)}  `;
}

/** The explanation without the replicas, which stand in a column of their own, and how the writes went. */
function reason({ decision, tick, events }: TickResult): string {
  const text = explain(decision);
  const notes = [
    ...(decision.dryRun === true ? [`${decision.desiredReplicas} not written: a dry run`] : []),
    ...(tick.scaleUpdateError !== undefined && decision.rescale
      ? ['the write of the scale was refused']
      : []),
    ...(events.some((event) => event.reason === 'FailedUpdateStatus')
      ? ['the write of the status was refused']
      : []),
  ];
  return plain([text.slice(text.indexOf(': ') + 1), ...notes].join('; '));
}

export const printers: Readonly<Record<'lines' | 'json' | 'table', Printer>> = {
  /** Without `--output`: JSON for results, a sentence for the totals. */
  lines: { ...jsonLines, totals: totalsText },
  json: jsonLines,
  table,
};
