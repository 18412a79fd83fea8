import type { DemoEvent, DemoSample } from './demo-result.ts';
import type { DemoPod, DemoRequests, DemoState } from './demo-state.ts';
import { formatClock, formatMs, formatRate, formatShare, shortenMessage } from './format.ts';
import type { ViewUpdate } from './live-view.ts';
import { scalingState } from './scaling-state.ts';
import { bar, sparkline } from './sparkline.ts';
import {
  createStyle,
  fit,
  padEnd,
  plain,
  visibleWidth,
  wrap,
  type Style,
  type Tone,
  type ViewOptions,
} from './style.ts';
import { renderTable, type Column } from './table.ts';

const shownEvents = 4;
/** A log has no width of its own: longer lines go on in the next, under their text. */
const logWidth = 80;
const indent = '     ';
const labelWidth = 10;
/** Columns of numbers before the sparkline. */
const valueWidth = 40;

/** The demo's live view and its line for logs: a line for each new phase, ready pod and event, steps among them. */
export function demoUpdate(state: DemoState, options: ViewOptions): ViewUpdate {
  const now = state.samples.at(-1);
  return {
    frame: () => renderDemoFrame(state, options),
    line: demoLine(state),
    // Not the desired replicas: the event of a step follows at once, and says why.
    change: [state.phase, now?.readyReplicas, state.events.length].join('|'),
  };
}

/** The demo in the manner of `watch`: load, CPU against its target, replicas, pods, last events. */
export function renderDemoFrame(state: DemoState, options: ViewOptions): string[] {
  const style = createStyle(options.color);
  const now = state.samples.at(-1);
  const lines = [
    headline(state, style, options.width),
    row('phase', state.phase),
    ...(now === undefined ? [] : measures(state, now, style, options.width)),
    ...podLines(state, style),
    ...eventLines(state.events, style),
  ];
  return lines.map((line) => fit(line, options.width));
}

/** One line without colours: `0:42 ramp | offered=32.1/s done=31.8/s cpu=186%/80% ready=4/6`, and one for each new event. */
export function demoLine(state: DemoState): string {
  const now = state.samples.at(-1);
  const clock = `${formatClock(state.elapsedMs)} ${state.phase}`;
  if (now === undefined) return clock;
  const numbers = [
    clock,
    [
      `offered=${formatRate(now.offeredPerSecond)}`,
      `done=${formatRate(now.donePerSecond)}`,
      ...goal(state, now),
      `ready=${now.readyReplicas}/${now.desiredReplicas}`,
    ].join(' '),
  ].join(' | ');
  const events = state.freshEvents.map(
    ({ reason, message }) => `${indent}${reason}: ${plain(shortenMessage(message))}`,
  );
  return [numbers, ...events].flatMap((line) => wrap(line, logWidth, `${indent}  `)).join('\n');
}

/** What scales, against its target. */
function goal({ requests, cpuTargetPercent }: DemoState, { cpuPercent }: DemoSample): string[] {
  const cpu = `cpu=${cpuPercent === null ? '?' : `${Math.round(cpuPercent)}%`}`;
  if (requests === undefined) return [`${cpu}/${cpuTargetPercent ?? '?'}%`];
  const { perSecond, targetPerSecond } = requests;
  return [`requests=${perSecond === null ? '?' : perSecond.toFixed(1)}/${targetPerSecond.toFixed(1)}`, cpu];
}

function headline(state: DemoState, style: Style, width: number): string {
  const { shape, word, tone } = scalingState(state.samples.at(-1), state.maxReplicas);
  const left = `${style('strong', state.title)}   ${style(tone, `${shape} ${word}`)}`;
  const clock = `${formatClock(state.elapsedMs)} of ${formatClock(state.durationMs)}`;
  const space = Math.max(1, width - visibleWidth(left) - visibleWidth(clock));
  return `${left}${' '.repeat(space)}${clock}`;
}

function row(label: string, text: string): string {
  return ` ${label.padEnd(labelWidth)}${text}`;
}

/** The three rows with a sparkline at their right. */
function measures(state: DemoState, now: DemoSample, style: Style, width: number): string[] {
  const columns = width - labelWidth - valueWidth - 2;
  const measure = (label: string, text: string, values: readonly (number | null)[], max?: number): string =>
    row(
      label,
      padEnd(text, valueWidth) +
        ' ' +
        style(
          'accent',
          sparkline(values, { width: Math.max(0, columns), ...(max === undefined ? {} : { max }) }),
        ),
    );
  const of = <K extends keyof DemoSample>(key: K): DemoSample[K][] =>
    state.samples.map((sample) => sample[key]);
  return [
    measure('load', loadText(now), of('offeredPerSecond')),
    row('', answersText(state, style)),
    ...(state.requests === undefined ? [] : [row('requests', requestsText(state.requests, style))]),
    measure('cpu', cpuText(state, now, style), of('cpuPercent')),
    measure('replicas', replicaText(state, now, style), of('readyReplicas'), state.maxReplicas),
  ];
}

function loadText(now: DemoSample): string {
  return `offered ${formatRate(now.offeredPerSecond)}  done ${formatRate(now.donePerSecond)}`;
}

function answersText({ load }: DemoState, style: Style): string {
  if (load === undefined) return style('dim', 'no answers yet');
  const { ok, failed, dropped } = load.requests;
  const bad = `failed ${failed}  dropped ${dropped}`;
  const worst = `p50 ${formatMs(load.latencyMs.p50)}  p99 ${formatMs(load.latencyMs.p99)}`;
  return `ok ${ok}  ${failed + dropped > 0 ? style('bad', `✗ ${bad}`) : bad}  ${worst}`;
}

function requestsText({ perSecond, targetPerSecond }: DemoRequests, style: Style): string {
  const target = `target ${formatRate(targetPerSecond)}`;
  if (perSecond === null) return `${style('dim', 'no metric yet')}  ${target}`;
  const text = `${formatRate(perSecond)} a pod`;
  return `${perSecond > targetPerSecond ? style('warn', `${text} ▲`) : text}  ${target}`;
}

function cpuText({ cpuTargetPercent }: DemoState, { cpuPercent }: DemoSample, style: Style): string {
  const target = cpuTargetPercent === undefined ? 'does not scale' : `target ${cpuTargetPercent} %`;
  if (cpuPercent === null) return `${style('dim', 'no metric yet')}  ${target}`;
  const text = `${Math.round(cpuPercent)} % of the request`;
  const isAbove = cpuTargetPercent !== undefined && cpuPercent > cpuTargetPercent;
  return `${isAbove ? style('warn', `${text} ▲`) : text}  ${target}`;
}

function replicaText({ minReplicas, maxReplicas }: DemoState, now: DemoSample, style: Style): string {
  const filled = style('accent', `▕${bar(now.readyReplicas, maxReplicas, Math.min(10, maxReplicas))}▏`);
  return `ready ${now.readyReplicas}  desired ${now.desiredReplicas}  min ${minReplicas} ${filled} max ${maxReplicas}`;
}

const podColumns: readonly Column[] = [
  { title: 'pods' },
  { title: 'state' },
  { title: 'requests', align: 'right' },
  { title: 'share', align: 'right' },
  { title: '' },
];

const podShapes: Readonly<Record<DemoPod['state'], { shape: string; tone: Tone }>> = {
  Starting: { shape: '○', tone: 'dim' },
  Ready: { shape: '●', tone: 'good' },
  Stopping: { shape: '▼', tone: 'accent' },
};

function podLines({ pods, load }: DemoState, style: Style): string[] {
  if (pods.length === 0) return [];
  const most = Math.max(...Object.values(load?.perPod ?? {}).map((pod) => pod.share));
  const rows = pods.map(({ name, state }, index) => {
    const part = load?.perPod[name];
    const { shape, tone } = podShapes[state];
    return [
      `${index === pods.length - 1 ? '└─' : '├─'} ${name}`,
      style(tone, `${shape} ${state}`),
      part === undefined ? '' : String(part.requests),
      part === undefined ? '' : formatShare(part.share),
      part === undefined ? '' : style('accent', bar(part.share, most, 10)),
    ];
  });
  const [titles = '', ...lines] = renderTable(podColumns, rows);
  return [` ${style('strong', titles)}`, ...lines.map((line) => ` ${line}`)];
}

function eventLines(events: readonly DemoEvent[], style: Style): string[] {
  if (events.length === 0) return [];
  const lines = events.slice(-shownEvents).map(({ atMs, type, reason, message }) => {
    const name = type === 'Warning' ? style('bad', `✗ ${reason}`) : style('good', reason);
    return `   ${formatClock(atMs).padStart(5)}  ${name}  ${plain(shortenMessage(message))}`;
  });
  return [` ${style('strong', 'events')}`, ...lines];
}
