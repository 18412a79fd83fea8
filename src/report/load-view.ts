import { RateCurve } from '../lib/load-profile-curve.ts';
import type { Profile } from '../lib/load-profile.ts';
import { describeFailure } from './failure-words.ts';
import { formatClock, formatMs, formatRate, shortenMessage } from './format.ts';
import type { FailureClass, LoadProgress } from './load-result.ts';
import type { ViewUpdate } from './live-view.ts';
import { podTable } from './load-summary.ts';
import { sparkline } from './sparkline.ts';
import { createStyle, fit, plain, type Style, type ViewOptions } from './style.ts';

/** Without a terminal, so much time lies between two lines. */
const lineEveryMs = 5000;

export interface LoadViewOptions extends ViewOptions {
  /** What the run is to do; absent in a closed loop. */
  readonly profile?: Profile;
  /** As of the run: more is too late. Default 10. */
  readonly maxLagMs?: number;
}

/** The live view of a load run. `history`: what was told so far, the newest last; nothing is shown of an empty one. */
export function loadUpdate(history: readonly LoadProgress[], options: LoadViewOptions): ViewUpdate {
  const now = history.at(-1);
  if (now === undefined) return { frame: () => [], line: '', change: '' };
  return {
    frame: () => renderLoadFrame(history, now, options),
    line: loadLine(now),
    change: String(Math.floor(now.atMs / lineEveryMs)),
  };
}

/** One line without colours that says how the run stands. */
export function loadLine({
  atMs,
  offeredPerSecond,
  donePerSecond,
  requests,
  latencyMs,
  cluster,
}: LoadProgress): string {
  const replicas = cluster?.replicas.at(-1);
  return [
    formatClock(atMs),
    `offered=${formatRate(offeredPerSecond)}`,
    `done=${formatRate(donePerSecond)}`,
    `ok=${requests.ok}`,
    `failed=${requests.failed}`,
    `dropped=${requests.dropped}`,
    `p99=${formatMs(latencyMs.p99).replace(' ', '')}`,
    ...(replicas === undefined
      ? []
      : [`ready=${known(replicas.readyReplicas)}/${known(replicas.desiredReplicas)}`]),
  ].join(' ');
}

function renderLoadFrame(
  history: readonly LoadProgress[],
  now: LoadProgress,
  options: LoadViewOptions,
): string[] {
  const style = createStyle(options.color);
  const { requests, latencyMs, serviceMs, sendLagMs } = now;
  const offered = history.map((progress) => progress.offeredPerSecond);
  const lines = [
    `${style('strong', 'load')}   ${formatClock(now.atMs)} of ${formatClock(now.durationMs)}   ${stateOf(now, style)}`,
    ...profileLine(now, style, options),
    ` offered   ${formatRate(now.offeredPerSecond).padEnd(10)} ${style('accent', sparkline(offered, { width: options.width - 24 }))}`,
    ` done      ${formatRate(now.donePerSecond).padEnd(10)} ok ${requests.ok}   failed ${requests.failed}   dropped ${requests.dropped}`,
    ` latency   p50 ${formatMs(latencyMs.p50)}   p90 ${formatMs(latencyMs.p90)}   p99 ${formatMs(latencyMs.p99)}   max ${formatMs(latencyMs.max)}`,
    ` service   p50 ${formatMs(serviceMs.p50)}   p90 ${formatMs(serviceMs.p90)}   p99 ${formatMs(serviceMs.p99)}   max ${formatMs(serviceMs.max)}`,
    ...lagLine(sendLagMs.p99, options.maxLagMs ?? 10, style),
    ...failureLines(now, style),
    ...now.warnings.map((warning) => style('warn', ` ! ${warning}`)),
    ...clusterLines(history, now, style, options.width),
    ...(Object.keys(now.perPod).length > 0 ? podTable(now.perPod, style).map((line) => ` ${line}`) : []),
  ];
  return lines.map((line) => fit(line, options.width));
}

/** The whole run at a glance: what was asked for, what is to come, and between them where it is now. */
function profileLine(
  { atMs, durationMs }: LoadProgress,
  style: Style,
  { profile, width }: LoadViewOptions,
): string[] {
  const columns = width - 24;
  if (profile === undefined || columns < 10) return [];
  const curve = new RateCurve(profile);
  const rates = Array.from({ length: columns }, (_, column) =>
    curve.rateAt(((column + 0.5) * durationMs) / columns),
  );
  const line = sparkline(rates);
  const here = Math.min(columns - 1, Math.floor((atMs / durationMs) * columns));
  const [past, next] = [line.slice(0, here), line.slice(here + 1)];
  const most = rates.reduce((top, rate) => Math.max(top, rate), 0);
  return [
    ` profile   ${`to ${formatRate(most)}`.padEnd(10)} ${style('accent', past)}${style('strong', '|')}${style('dim', next)}`,
  ];
}

/** Nothing in a closed loop, which has no times to keep. */
function lagLine(p99: number | null, maxLagMs: number, style: Style): string[] {
  if (p99 === null) return [];
  const word = p99 <= maxLagMs ? style('good', 'ok') : style('bad', 'late: this machine is too slow');
  return [` send lag  p99 ${formatMs(p99)}   ${word}`];
}

/** So many events, the newest last. */
const shownEvents = 3;

/** Replicas on the time axis of the load, the metrics, and what happened last. */
function clusterLines(
  history: readonly LoadProgress[],
  { cluster }: LoadProgress,
  style: Style,
  width: number,
): string[] {
  const now = cluster?.replicas.at(-1);
  if (cluster === undefined || now === undefined) return [];
  const ready = history.map((progress) => progress.cluster?.replicas.at(-1)?.readyReplicas ?? null);
  const counts = `${known(now.readyReplicas)} ready of ${known(now.desiredReplicas)}`;
  const events = cluster.events
    .slice(-shownEvents)
    .map(
      ({ atMs, reason, message }) =>
        ` ${formatClock(atMs).padStart(5)}  ${plain(reason)}: ${plain(shortenMessage(message))}`,
    );
  return [
    ` replicas  ${counts.padEnd(14)} ${style('accent', sparkline(ready, { width: width - 28 }))}`,
    ...(now.targets === undefined ? [] : [` metrics   ${plain(now.targets)}`]),
    ...events,
  ];
}

function known(count: number | null): string {
  return count === null ? '?' : String(count);
}

function stateOf({ requests }: LoadProgress, style: Style): string {
  if (requests.failed + requests.dropped > 0) return style('bad', '✗ requests fail');
  return requests.ok > 0 ? style('good', '● all answered') : style('dim', '○ no answer yet');
}

function failureLines({ failures }: LoadProgress, style: Style): string[] {
  const classes = Object.entries(failures) as [FailureClass, number][];
  return classes.map(([failure, count]) => style('bad', ` ✗ ${describeFailure(failure)}: ${count}`));
}
