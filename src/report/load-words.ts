import { formatClock, formatCount, formatMs, formatRate, formatShare } from './format.ts';
import type { Balance, LoadCost, LoadResult } from './load-result.ts';
import type { Reactions } from './reactions.ts';

/** What the autoscaler did, as far as it is told in words. */
interface ScalingInWords {
  readonly replicas: { readonly start: number; readonly peak: number; readonly end: number };
  readonly reactions: Reactions & {
    readonly metricSeenAtMs?: number | null;
    readonly balancedAtMs?: number | null;
  };
}

/** A run in one paragraph: what was asked, how it was answered, what the autoscaler did, how it was spread, and what it cost. */
export function loadInWords(load: LoadResult, cost: LoadCost, scaling?: ScalingInWords): string {
  return [
    ...(load.interrupted ? ['The run was interrupted: this is what was measured until then.'] : []),
    requestWords(load),
    latencyWords(load),
    ...(scaling === undefined ? [] : [scalingWords(scaling)]),
    ...balanceWords(load.balance, load.perPod),
    ...costWords(cost),
    healthWords(load),
  ].join(' ');
}

function requestWords({ requests, rate, run, timeline }: LoadResult): string {
  const { ok, sent, failed, dropped } = requests;
  const arrivals = sent + dropped;
  const lost = failed + dropped;
  const open = run.mode === 'open';
  const most = timeline.reduce((top, { offeredPerSecond }) => Math.max(top, offeredPerSecond), 0);
  const how = open
    ? `${formatRate(rate.offered)} on average${most > 1.2 * rate.offered ? ` and ${formatRate(most)} at most` : ''}`
    : `as many as ${formatCount(run.connections, 'connection')} could, ${formatRate(rate.done)}`;
  const fate =
    lost === 0
      ? 'none was lost'
      : `${ok} were answered well, and ${lost} (${formatShare(lost / Math.max(1, arrivals))}) failed or were dropped`;
  return `${formatCount(arrivals, 'request')} in ${formatClock(timeline.at(-1)?.toMs ?? run.durationMs)} minutes, ${how}: ${fate}.`;
}

function latencyWords({ latencyMs: { p50, p99, max }, serviceMs, run }: LoadResult): string {
  if (p50 === null) return 'Nothing was answered.';
  const from = run.mode === 'open' ? ' of the moment when they were meant to start' : '';
  const waited = (p99 ?? 0) - (serviceMs.p99 ?? 0);
  const waiting =
    run.mode === 'open' && waited > 0.1 * (p99 ?? 0)
      ? ` A part of that was waiting to be sent: from the sending it took ${formatMs(serviceMs.p99)} at the same percentile.`
      : '';
  return `Half of the answers came within ${formatMs(p50)} and 99 % within ${formatMs(p99)}${from}; the slowest took ${formatMs(max)}.${waiting}`;
}

function scalingWords({ replicas: { start, peak, end }, reactions }: ScalingInWords): string {
  const { loadRoseAtMs, metricSeenAtMs, firstStepUpAtMs, peakReadyAtMs, balancedAtMs } = reactions;
  if (peak <= start && end === start) return `The number of replicas stayed at ${start}.`;
  const since = (atMs: number): string => formatMs(Math.max(0, atMs - (loadRoseAtMs ?? 0)));
  const links: readonly (readonly [string, number | null | undefined])[] = [
    ['the metrics asked for more', metricSeenAtMs],
    ['the first step up came', firstStepUpAtMs],
    [`${peak} pods were ready`, peakReadyAtMs],
    ['they had even parts of the load', balancedAtMs],
  ];
  const told = links.flatMap(([what, atMs]) =>
    atMs === null || atMs === undefined ? [] : [`${what} after ${since(atMs)}`],
  );
  const chain =
    loadRoseAtMs === null || told.length === 0
      ? ''
      : `; the load rose at ${formatClock(loadRoseAtMs)}, and ${joined(told)}`;
  return `Replicas went from ${start} to ${peak}${end === peak ? '' : ` and ended at ${end}`}${chain}.`;
}

function balanceWords({ words }: Balance, perPod: LoadResult['perPod']): string[] {
  const pods = Object.keys(perPod).length;
  return pods === 0 ? [] : [`${formatCount(pods, 'pod')} answered; the balance was ${words}.`];
}

/** How much more than the least that would have done; undefined when it is not known. */
export function overNeeded({ podSeconds, neededPodSeconds }: LoadCost): number | undefined {
  if (podSeconds === null || neededPodSeconds === null || neededPodSeconds === 0) return undefined;
  return podSeconds / neededPodSeconds - 1;
}

function costWords(cost: LoadCost): string[] {
  const over = overNeeded(cost);
  if (cost.podSeconds === null) return [];
  const beside = over === undefined ? '' : `, ${overWords(over)}`;
  return [`It took ${Math.round(cost.podSeconds)} pod-seconds${beside}.`];
}

/** `19 % more than the least that would have done`. */
export function overWords(over: number): string {
  if (Math.abs(over) < 0.005) return 'just the least that would have done';
  return `${formatShare(Math.abs(over))} ${over < 0 ? 'less than was needed' : 'more than the least that would have done'}`;
}

function healthWords({ generator, judged, run, sendLagMs }: LoadResult): string {
  if (generator.saturated)
    return 'The generator did not keep up, so that all of this tells of the generator.';
  if (judged.leftOutMs > 0)
    return `The generator was late in ${formatMs(judged.leftOutMs)} of the run, which expectations leave out.`;
  return run.mode === 'open'
    ? `The generator kept up: 99 % were sent within ${formatMs(sendLagMs.p99)} of their time.`
    : '';
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
