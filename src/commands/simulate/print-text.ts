import { formatSpan } from '../../lib/duration.ts';
import type { Simulation } from '../../replay/simulate.ts';
import type { SimulationTotals } from '../../replay/simulation/tally.ts';
import { renderStripChart } from '../../report/strip-chart.ts';
import { renderTable } from '../../report/table.ts';

/** One policy, and what it would have done. */
export interface Simulated extends Simulation {
  /** `office.yaml: intranet` */
  readonly policy: string;
}

/** One chart of all policies on the same time, and their figures side by side. */
export function printText(simulated: readonly Simulated[], endMs: number, width: number): string {
  const results = withShortNames(simulated);
  return [...chart(results, endMs, width), '', ...figures(results), ''].join('\n');
}

/** Without folders, where that tells them apart. */
function withShortNames(simulated: readonly Simulated[]): readonly Simulated[] {
  const short = simulated.map((one) => ({ ...one, policy: one.policy.replace(/^.*\//, '') }));
  return new Set(short.map(({ policy }) => policy)).size === simulated.length ? short : simulated;
}

function chart(results: readonly Simulated[], endMs: number, width: number): string[] {
  const most = Math.max(...results.map(({ totals }) => totals.mostReplicas));
  const samples = results[0]?.samples ?? [];
  const loads = samples.map(({ atMs, loadPerSecond: value }) => ({ atMs, value }));
  const peak = Math.max(0, ...loads.map(({ value }) => value));
  const strips = [
    { name: 'load', points: loads, range: `up to ${Math.round(peak)}/s` },
    ...results.map(({ policy, samples: own, totals }) => ({
      name: policy,
      points: own.map(({ atMs, replicas: value }) => ({ atMs, value })),
      range: `${totals.leastReplicas} to ${totals.mostReplicas}`,
      max: most,
    })),
  ];
  const taken = longest(strips.map(({ name }) => name)) + longest(strips.map(({ range }) => range)) + 4;
  const axis = [formatSpan(0), formatSpan(endMs / 2), formatSpan(endMs)] as const;
  return renderStripChart({ strips, endMs, axis }, Math.max(20, width - taken));
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

const right = 'right' as const;
const columns: readonly { readonly title: string; readonly of: (totals: SimulationTotals) => string }[] = [
  { title: 'REPLICA-HOURS', of: ({ replicaHours }) => replicaHours.toFixed(1) },
  { title: 'SHORT', of: ({ shortSeconds }) => `${shortSeconds} s` },
  { title: 'SERVED', of: ({ offered, served }) => servedText(offered, served) },
  { title: 'WAIT', of: ({ longestWaitSeconds }) => `${longestWaitSeconds} s` },
  { title: 'RESCALES', of: ({ rescales }) => String(rescales) },
  { title: 'FLAPS', of: ({ flaps }) => String(flaps) },
];

function figures(results: readonly Simulated[]): string[] {
  const anyWaits = results.some(({ totals }) => totals.longestWaitSeconds > 0);
  const shown = columns.filter(({ title }) => anyWaits || title !== 'WAIT');
  return renderTable(
    [{ title: 'POLICY' }, ...shown.map(({ title }) => ({ title, align: right }))],
    results.map(({ policy, totals }) => [policy, ...shown.map(({ of }) => of(totals))]),
  );
}

/** Rounded down, as 100 % is all of it. */
function servedText(offered: number, served: number): string {
  if (offered - served < 1e-6) return '100 %';
  return `${(Math.floor((served / offered) * 1000) / 10).toFixed(1)} %`;
}
