import { formatClock, formatMs, shortenMessage } from './format.ts';
import { jointTimeline } from './load-reactions.ts';
import type { LoadReactions } from './load-cluster.ts';
import type { LoadResult } from './load-result.ts';
import { type ScalingStep, scalingSteps } from './reactions.ts';
import { plain, type Style } from './style.ts';
import { type Column, renderTable } from './table.ts';

/** What the cluster did meanwhile: each step of the replicas, and the chain from the load to pods that share it. */
export function scalingSection(result: LoadResult, style: Style): string[] {
  const { cluster, reactions, run, timeline, perPod } = result;
  if (cluster === undefined || reactions === undefined) return [];
  const joint = jointTimeline({ run, timeline, perPod, cluster }, 0);
  const steps = scalingSteps({ timeline: joint, events: cluster.events });
  const replicas = joint.at(-1)?.desiredReplicas;
  if (steps.length === 0)
    return ['', replicas === undefined ? 'replicas: not known' : `replicas: ${replicas} all the time`];
  return ['', ...stepTable(steps, style), '', ...reactionTable(reactions, style)];
}

/** Each change of the desired replicas, when they were ready, and why. */
export function stepTable(steps: readonly ScalingStep[], style: Style): string[] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ atMs, from, to, readyAtMs, event }) => [
    formatClock(atMs),
    `${to > from ? '▲' : '▼'} ${from} -> ${to}`,
    readyAtMs === null ? 'not before the next' : after(readyAtMs - atMs),
    event === null
      ? '(no event)'
      : plain(shortenMessage(event.message)).replace(/^New size: \d+; reason: /, ''),
  ]);
  const [titles = '', ...lines] = renderTable(
    [{ title: 'at', align: 'right' }, { title: 'replicas' }, { title: 'ready' }, { title: 'reason' }],
    rows,
  );
  return [style('strong', titles), ...lines];
}

/** No finer than the samples of the demo, which are a second apart. */
export function after(ms: number): string {
  return ms < 1000 ? 'within 1 s' : `after ${Math.round(ms / 1000)} s`;
}

type Link = readonly [name: string, atMs: number | null];

const columns: readonly Column[] = [
  { title: 'reaction' },
  { title: 'at', align: 'right' },
  { title: 'since load', align: 'right' },
  { title: 'since last', align: 'right' },
];

/** The two chains, each link with its delay since the load changed and since the link before. */
function reactionTable(reactions: LoadReactions, style: Style): string[] {
  const [titles = '', ...lines] = renderTable(columns, [
    ...chainRows([
      ['load rose', reactions.loadRoseAtMs],
      ['metric seen', reactions.metricSeenAtMs],
      ['decision', reactions.firstStepUpAtMs],
      ['pod ready', reactions.podReadyAtMs],
      ['first response from a new pod', reactions.firstResponseAtMs],
      ['most pods ready', reactions.peakReadyAtMs],
      ['balanced', reactions.balancedAtMs],
    ]),
    ...chainRows([
      ['load fell', reactions.loadFellAtMs],
      ['decision', reactions.firstStepDownAtMs],
      ['back at the start', reactions.backAtStartAtMs],
    ]),
  ]);
  return [style('strong', titles), ...lines];
}

/** Nothing of a chain whose cause was not seen. */
function chainRows([cause, ...effects]: readonly [Link, ...Link[]]): string[][] {
  const [name, causeMs] = cause;
  if (causeMs === null) return [];
  let lastMs = causeMs;
  const rows = effects.map(([effect, atMs]) => {
    if (atMs === null) return [effect, 'not seen'];
    const row = [effect, formatClock(atMs), delay(atMs - causeMs), delay(atMs - lastMs)];
    lastMs = atMs;
    return row;
  });
  return [[name, formatClock(causeMs)], ...rows];
}

/** What is told by different watches may come in another order than it happened. */
function delay(ms: number): string {
  return formatMs(Math.max(0, ms));
}
