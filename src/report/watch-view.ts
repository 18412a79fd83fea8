import { shortenMessage } from './format.ts';
import { bar, sparkline } from './sparkline.ts';
import { createStyle, fit, padEnd, plain, type Style, type Tone, visibleWidth } from './style.ts';
import { type Column, renderTable } from './table.ts';
import { toFrame, type WatchViewOptions, wrap } from './watch-options.ts';
import type { PodState, WatchEvent, WatchMetric, WatchPod, WatchState } from './watch-state.ts';
import { ageText, nextTexts, replicasText, timeOfDay } from './watch-words.ts';

/** Which part has the space. */
export type WatchPanel = 'main' | 'events' | 'reasons' | 'help';

export interface WatchFrame {
  readonly state: WatchState;
  readonly panel: WatchPanel;
  /** How long ago the moment was that is shown; absent: it is now. */
  readonly backMs?: number;
  /** Watches that are broken now, in words. */
  readonly troubles: readonly string[];
  /** There is a table to go back to. */
  readonly hasTable: boolean;
}

const labelWidth = 10;

/** The view of one autoscaler: what it is about, why, what comes next, and all that it looks at. */
export function renderWatch(frame: WatchFrame, options: WatchViewOptions): string[] {
  const style = createStyle(options.color);
  const { state } = frame;
  const head = [
    headline(frame, style, options.width),
    ...replicaLines(state, style),
    ...whyLines(state, options.width),
    ...nextLines(state, options.width),
    ...frame.troubles.map((text) => row('trouble', style('bad', `✗ ${plain(text)}`))),
  ];
  const foot = footer(frame, style);
  const body = bodies[frame.panel](state, {
    style,
    width: options.width,
    rows: options.rows - head.length - foot.length,
  });
  return toFrame([...head, ...body.slice(0, options.rows - head.length - foot.length), ...foot], options);
}

interface Space {
  readonly style: Style;
  readonly width: number;
  readonly rows: number;
}

const bodies: Readonly<Record<WatchPanel, (state: WatchState, space: Space) => string[]>> = {
  main: mainBody,
  events: (state, space) => eventLines(state.events, space, space.rows - 1),
  reasons: reasonLines,
  help: helpLines,
};

/** The newest events keep their place; the pods get what is left. */
function mainBody(state: WatchState, space: Space): string[] {
  const metrics = metricLines(state.metrics, space);
  const events = eventLines(state.events, space, space.width >= 120 ? 5 : 3);
  const pods = podLines(state, { ...space, rows: space.rows - metrics.length - events.length });
  return [...metrics, ...pods, ...events];
}

function headline({ state, backMs }: WatchFrame, style: Style, width: number): string {
  const { shape, word, tone } = state.state;
  const back = backMs === undefined ? '' : `${style('accent', `‖ ${ageText(backMs)} ago`)}   `;
  const right = `${back}${style(tone, `${shape} ${word}`)}   ${timeOfDay(state.atMs)}`;
  const left = `${style('strong', state.name)}  ${state.target} in ${state.namespace}`;
  const room = Math.max(0, width - visibleWidth(right) - 1);
  return `${padEnd(fit(left, room), room)} ${right}`;
}

function row(label: string, text: string): string {
  return ` ${label.padEnd(labelWidth)}${text}`;
}

function replicaLines(state: WatchState, style: Style): string[] {
  const { min, max, desired, ready } = state.replicas;
  const filled = style('accent', `▕${bar(desired ?? 0, max, 10)}▏`);
  const parts = [
    `${style('strong', replicasText(state.replicas))} desired`,
    ...(ready === undefined ? [] : [`ready ${ready}/${desired ?? '?'}`]),
    `min ${min} ${filled} max ${max}`,
  ];
  return [row('replicas', parts.join('   '))];
}

function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => row(index === 0 ? label : '', line));
}

/** A decision that comes out as the one before is not written again: its numbers may differ from those of now below it. */
const oldMs = 5000;

function whyLines({ why, whyAtMs, atMs }: WatchState, width: number): string[] {
  const ageMs = whyAtMs === undefined ? 0 : atMs - whyAtMs;
  const old = ageMs < oldMs ? '' : ` [as of ${ageText(ageMs)} ago]`;
  return labelled('why', wrap(plain(why) + old, width - labelWidth - 1, 3));
}

function nextLines(state: WatchState, width: number): string[] {
  const { atMs, lastScaleAtMs } = state;
  const changed = lastScaleAtMs === undefined ? [] : [`last change ${ageText(atMs - lastScaleAtMs)} ago`];
  const texts = [...nextTexts(state), ...changed];
  return texts.length === 0 ? [] : labelled('next', wrap(texts.join(' · '), width - labelWidth - 1, 2));
}

function metricLines(metrics: readonly WatchMetric[], { style, width }: Space): string[] {
  const columns: readonly Column[] = [
    { title: 'metric' },
    { title: 'now', align: 'right' },
    { title: 'target', align: 'right' },
    { title: 'wants' },
    { title: '5 min' },
  ];
  const cells = (metric: WatchMetric, spark: string): string[] => [
    fit(`${plain(metric.name)} (${metric.type})`, Math.max(20, width - 50)),
    metric.message === undefined ? (metric.current ?? '-') : style('bad', '✗ none'),
    metric.target ?? '-',
    `${metric.wants ?? '-'}${metric.wins ? ' ◀' : ''}`,
    spark,
  ];
  const bare = renderTable(
    columns,
    metrics.map((metric) => cells(metric, '')),
  );
  const room = Math.min(
    60,
    width - 3 - Math.max(...bare.slice(1).map(visibleWidth), visibleWidth(bare[0] ?? '') - 5),
  );
  const [titles = '', ...lines] = renderTable(
    columns,
    metrics.map((metric) =>
      cells(metric, style('accent', sparkline(metric.samples, { width: room, whole: true }))),
    ),
  );
  return [` ${style('strong', titles)}`, ...lines.map((line) => ` ${line}`)];
}

const podShapes: Readonly<Record<PodState, { shape: string; tone: Tone }>> = {
  Ready: { shape: '●', tone: 'good' },
  NotReady: { shape: '✗', tone: 'bad' },
  Starting: { shape: '○', tone: 'dim' },
  Pending: { shape: '○', tone: 'warn' },
  Failing: { shape: '✗', tone: 'bad' },
  Finished: { shape: '■', tone: 'dim' },
  Stopping: { shape: '▼', tone: 'accent' },
};

interface PodColumn extends Column {
  /** Shown from this width on. */
  readonly fromWidth: number;
  readonly cell: (pod: WatchPod, atMs: number) => string;
}

const podColumns: readonly PodColumn[] = [
  { title: 'age', align: 'right', fromWidth: 0, cell: (pod, atMs) => ageText(atMs - pod.createdAtMs) },
  { title: 'cpu', align: 'right', fromWidth: 0, cell: ({ cpuMillis }) => unit(cpuMillis, 'm') },
  {
    title: 'memory',
    align: 'right',
    fromWidth: 100,
    cell: ({ memoryBytes }) => unit(memoryBytes && memoryBytes / 1_048_576, 'Mi'),
  },
  { title: 'restarts', align: 'right', fromWidth: 100, cell: ({ restarts }) => String(restarts) },
  { title: 'node', fromWidth: 120, cell: ({ node }) => node ?? '' },
  { title: '', fromWidth: 0, cell: ({ note }) => plain(note ?? '') },
];

function unit(value: number | undefined, name: string): string {
  return value === undefined ? '-' : `${Math.round(value)}${name}`;
}

function podLines({ pods, atMs }: WatchState, { style, width, rows }: Space): string[] {
  if (pods.length === 0 || rows < 2) return [];
  const shown = mostTelling(pods, pods.length <= rows - 1 ? pods.length : rows - 2);
  const hidden = pods.length - shown.length;
  const columns = podColumns.filter(({ fromWidth }) => width >= fromWidth);
  const cells = shown.map((pod, index) => {
    const { shape, tone } = podShapes[pod.state];
    const branch = index === shown.length - 1 && hidden === 0 ? '└─' : '├─';
    return [
      `${branch} ${fit(pod.name, Math.max(20, width - 40))}`,
      style(tone, `${shape} ${pod.state}`),
      ...columns.map(({ cell }) => cell(pod, atMs)),
    ];
  });
  const [titles = '', ...lines] = renderTable([{ title: 'pods' }, { title: 'state' }, ...columns], cells);
  const rest = pods.filter((pod) => !shown.includes(pod));
  const words = rest.every(({ state }) => state === 'Ready') ? ', Ready' : '';
  const more = hidden === 0 ? [] : [`└─ and ${hidden} more${words}`];
  return [` ${style('strong', titles)}`, ...[...lines, ...more].map((line) => ` ${line}`)];
}

/** Of more pods than there is room for: those that are not ready, then the youngest. Oldest first. */
function mostTelling(pods: readonly WatchPod[], most: number): WatchPod[] {
  const weight = ({ state }: WatchPod): number => (state === 'Ready' ? 1 : 0);
  return pods
    .toSorted((a, b) => weight(a) - weight(b) || b.createdAtMs - a.createdAtMs)
    .slice(0, most)
    .toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.name < b.name ? -1 : 1));
}

/** Newest first. */
function eventLines(events: readonly WatchEvent[], { style }: Space, most: number): string[] {
  const shown = events.slice(-Math.max(0, most)).reverse();
  if (shown.length === 0) return [row('events', style('dim', 'none seen'))];
  const lines = shown.map(({ atMs, type, reason, message, count }) => {
    const name = type === 'Warning' ? style('bad', `✗ ${reason}`) : style('good', reason);
    return `   ${timeOfDay(atMs)} ${name} ${count > 1 ? `(×${count}) ` : ''}${plain(shortenMessage(message))}`;
  });
  return [` ${style('strong', 'events')}`, ...lines];
}

/** All that led to the decision, in full. */
function reasonLines(state: WatchState, { style, width }: Space): string[] {
  const text = (words: string): string[] => wrap(plain(words), width - 6, 4).map((line) => `     ${line}`);
  const metrics = state.metrics.flatMap(({ name, type, current, target, wants, wins, message }) => [
    `   ${plain(name)} (${type}): ${current ?? '?'} of ${target ?? '?'} → ${wants ?? 'no count'}${wins ? ' ◀ taken' : ''}`,
    ...(message === undefined ? [] : text(message)),
  ]);
  const limits = state.limits.flatMap(({ limiter, reason, from, to, message }) => [
    `   ${limiter}${reason === undefined ? '' : ` (${reason})`}: ${from} → ${to}`,
    ...(message === undefined ? [] : text(message)),
  ]);
  const conditions = state.conditions.flatMap(({ type, status, reason, message }) => [
    `   ${type}=${status} ${reason}`,
    ...text(message),
  ]);
  return [
    ...section('metrics', metrics, style),
    ...section('limits', limits.length > 0 ? limits : ['   none changed the count'], style),
    ...section('conditions', conditions, style),
  ];
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  return [` ${style('strong', title)}`, ...lines];
}

const help: readonly (readonly [keys: string, words: string])[] = [
  ['q, Ctrl-C', 'quit'],
  ['p', 'pause the view; watching goes on. Again: back to now'],
  ['←, →', 'back and forth in time, 5 seconds a step; 15 minutes are kept'],
  ['Home, End', 'the oldest moment that is kept; now'],
  ['e', 'events in full'],
  ['r', 'reasons: metrics, limits and conditions in full'],
  ['Esc', 'back: from a panel, or to the table of autoscalers'],
  ['↑, ↓, Enter', 'in the table: choose an autoscaler and open it'],
];

function helpLines(_state: WatchState, { style }: Space): string[] {
  return section(
    'keys',
    help.map(([keys, words]) => `   ${keys.padEnd(14)}${words}`),
    style,
  );
}

function footer({ hasTable, panel }: WatchFrame, style: Style): string[] {
  const back = hasTable || panel !== 'main' ? '  Esc back' : '';
  return [style('dim', ` q quit  p pause  ←/→ back in time  e events  r reasons  ? help${back}`)];
}
