import type { DemoResult } from './demo-result.ts';
import { formatClock } from './format.ts';
import { after, stepTable } from './load-scaling.ts';
import { balanceLines, health, latencyTable, podTable, requestVerdict, wrapped } from './load-summary.ts';
import { reactions, scalingSteps } from './reactions.ts';
import { renderReplicaChart } from './replica-chart.ts';
import { createStyle, fit, type Style, type ViewOptions } from './style.ts';

/** What the demo showed: verdicts, replicas over time, the steps, reaction times, latency, and how evenly the pods were loaded. */
export function renderDemoSummary(result: DemoResult, options: ViewOptions): string[] {
  const style = createStyle(options.color);
  const sections = [
    [
      scalingVerdict(result, style),
      ...requestVerdict(result.load, style),
      ...wrapped(health(result.load), style, options.width),
    ],
    renderReplicaChart(result.timeline, options.width, style),
    stepTable(scalingSteps(result), style),
    reactionLines(result, style),
    latencyTable(result.load, style),
    podLines(result, style, options.width),
  ];
  return sections
    .filter((section) => section.length > 0)
    .flatMap((section, index) => (index === 0 ? section : ['', ...section]))
    .map((line) => fit(line, options.width));
}

/** Scaled up and came back: what the demo is there to show. */
export function scaledUpAndBack({ replicas }: Pick<DemoResult, 'replicas'>): boolean {
  return replicas.peak > replicas.start && replicas.end === replicas.start;
}

/** Whether it went up and came back, in words. */
export function scalingVerdict(result: Pick<DemoResult, 'replicas'>, style: Style): string {
  const { start, peak, end } = result.replicas;
  if (scaledUpAndBack(result))
    return style('good', `✓ scaled from ${start} to ${peak} replicas and back to ${end}`);
  if (peak <= start) return style('bad', `✗ did not scale up: replicas stayed at ${start} to the end`);
  return style(
    'bad',
    `✗ scaled from ${start} to ${peak} replicas, but ended at ${end}, not back at ${start}`,
  );
}

function reactionLines(result: DemoResult, style: Style): string[] {
  const { loadRoseAtMs, loadFellAtMs, ...effects } = reactions(result);
  return [
    style('strong', 'reaction times'),
    reaction('load rose', loadRoseAtMs, [
      ['first step up', effects.firstStepUpAtMs],
      [`${result.replicas.peak} pods ready`, effects.peakReadyAtMs],
    ]),
    reaction('load fell', loadFellAtMs, [
      ['first step down', effects.firstStepDownAtMs],
      [`back at ${result.replicas.start}`, effects.backAtStartAtMs],
    ]),
  ];
}

function reaction(
  cause: string,
  causeMs: number | null,
  effects: readonly (readonly [string, number | null])[],
): string {
  if (causeMs === null) return `  ${cause}: not seen`;
  const delays = effects.map(
    ([name, atMs]) => `${name} ${atMs === null ? 'not seen' : after(atMs - causeMs)}`,
  );
  return `  ${cause} at ${formatClock(causeMs)}: ${delays.join(', ')}`;
}

function podLines(result: DemoResult, style: Style, width: number): string[] {
  if (Object.keys(result.perPod).length === 0) return ['no answer named its pod'];
  return [...podTable(result.perPod, style), ...balanceLines(result.load.balance, style, width)];
}
