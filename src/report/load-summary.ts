import { describeFailure } from './failure-words.ts';
import { formatClock, formatCount, formatMs, formatRate, formatShare } from './format.ts';
import type { Balance, FailureClass, LoadResult, Percentiles, PodLoad } from './load-result.ts';
import { scalingSection } from './load-scaling.ts';
import { overNeeded, overWords } from './load-words.ts';
import { shellWord } from './shell-word.ts';
import { bar } from './sparkline.ts';
import { createStyle, fit, type Style, type Tone, type ViewOptions, wrap } from './style.ts';
import { renderTable, type Column } from './table.ts';

/** What a load run showed: the verdict first, then the tables. */
export function renderLoadSummary(result: LoadResult, options: ViewOptions): string[] {
  const style = createStyle(options.color);
  const sections = [
    wrapped([...expectations(result), ...health(result)], style, options.width),
    requestVerdict(result, style),
    scalingSection(result, style),
    ['', ...latencyTable(result, style)],
    podSection(result, style, options.width),
    ['', ...costLines(result, options.width), connectionLine(result), repeatLine(result)],
  ];
  return [...sections.flat().map((line) => fit(line, options.width)), ...commandLines(result)];
}

/** Lines of whole words, in their tones. */
export function wrapped(texts: readonly ToneAndText[], style: Style, width: number): string[] {
  return texts.flatMap(([tone, text]) => wrap(text, width).map((line) => style(tone, line)));
}

type ToneAndText = readonly [tone: Tone, text: string];

/** Each expectation with what was measured. */
export function expectations({ verdicts }: LoadResult): ToneAndText[] {
  return verdicts.map(({ expect, met, words }): ToneAndText => {
    if (met === null) return ['warn', `? ${expect}: ${words}`];
    return met ? ['good', `✓ ${expect}: ${words}`] : ['bad', `✗ ${expect}: ${words}`];
  });
}

const tooSlow = '✗ the generator did not keep up: this tells of the generator, not of the target';

function lateWords(leftOutMs: number): string {
  return `the generator itself was late in ${formatMs(leftOutMs)}: expectations leave that time out`;
}

/** What makes the result void, and what its reader should know. */
export function health({ generator, judged, warnings, interrupted }: LoadResult): ToneAndText[] {
  return [
    ...(generator.saturated ? [['bad', tooSlow] as const] : []),
    ...generator.reasons.map((reason) => ['bad', `✗ ${reason}`] as const),
    ...(judged.leftOutMs > 0 && !generator.saturated
      ? [['warn', `! ${lateWords(judged.leftOutMs)}`] as const]
      : []),
    ...warnings.map((warning) => ['warn', `! ${warning}`] as const),
    ...(interrupted ? [['warn', '! interrupted: what was measured until then'] as const] : []),
  ];
}

/** Whether the requests were answered; each thing that went wrong on a line of its own. */
export function requestVerdict(result: LoadResult, style: Style): string[] {
  const { ok, sent, dropped } = result.requests;
  const rates = `${formatRate(result.rate.offered)} offered, ${formatRate(result.rate.done)} done`;
  const allWell = ok === sent && dropped === 0 && ok > 0;
  const first = `${formatCount(ok, 'request')} of ${sent + dropped} answered well: ${rates}`;
  return [
    allWell ? style('good', `✓ ${first}`) : style('bad', `✗ ${first}`),
    ...describeFailures(result).map((line) => style('bad', `✗ ${line}`)),
  ];
}

function describeFailures(result: LoadResult): string[] {
  const { dropped, sent, ok, failed } = result.requests;
  const classes = Object.entries(result.failures) as [FailureClass, number][];
  const inFlight = sent - ok - failed;
  return [
    ...classes.map(
      ([failure, count]) =>
        `${formatCount(count, 'request')} failed: ${describeFailure(failure, result.failedStatuses)}`,
    ),
    ...(dropped > 0 ? [`${formatCount(dropped, 'request')} dropped: no connection became free in time`] : []),
    ...(inFlight > 0
      ? [`${formatCount(inFlight, 'request')} not answered yet when the run was interrupted`]
      : []),
  ];
}

const percentileColumns: readonly Column[] = [
  { title: 'time' },
  ...['p50', 'p90', 'p99', 'p99.9', 'max'].map((title): Column => ({ title, align: 'right' })),
  { title: '' },
];

/** The three kinds of time, each with what it measures. */
export function latencyTable(result: LoadResult, style: Style): string[] {
  const rows: [string, Percentiles, string][] = [
    [
      'latency',
      result.latencyMs,
      result.run.mode === 'open' ? 'from the intended start' : 'closed loop: as service',
    ],
    ['service', result.serviceMs, 'from the sending'],
    ...(result.run.mode === 'open'
      ? ([['send lag', result.sendLagMs, 'lateness of the generator']] satisfies [
          [string, Percentiles, string],
        ])
      : []),
  ];
  const [titles = '', ...lines] = renderTable(
    percentileColumns,
    rows.map(([name, { p50, p90, p99, p999, max }, meaning]) => [
      name,
      ...[p50, p90, p99, p999, max].map(formatMs),
      style('dim', meaning),
    ]),
  );
  return [style('strong', titles), ...lines];
}

const podColumns: readonly Column[] = [
  { title: 'pod' },
  { title: 'requests', align: 'right' },
  { title: 'share', align: 'right' },
  { title: 'conns', align: 'right' },
  { title: 'first', align: 'right' },
  { title: '' },
];

function podSection(result: LoadResult, style: Style, width: number): string[] {
  const hasPods = Object.keys(result.perPod).length > 0;
  return hasPods
    ? ['', ...podTable(result.perPod, style), ...balanceLines(result.balance, style, width)]
    : ['', 'no answer named its pod'];
}

/** Requests, their share, connections, and when each pod first answered. */
export function podTable(perPod: Readonly<Record<string, PodLoad>>, style: Style): string[] {
  const most = Math.max(...Object.values(perPod).map((pod) => pod.share));
  const rows = Object.entries(perPod).map(([name, pod]) => [
    name,
    String(pod.requests),
    formatShare(pod.share),
    String(pod.connections),
    formatClock(pod.firstResponseAtMs),
    style('accent', bar(pod.share, most, 10)),
  ]);
  const [titles = '', ...lines] = renderTable(podColumns, rows);
  return [style('strong', titles), ...lines];
}

/** How evenly, over which time, and whether chance explains it. */
export function balanceLines(balance: Balance, style: Style, width: number): string[] {
  return [balanceLine(balance), ...testLines(balance, style, width)];
}

/** How evenly, and over which time: pods that came later have a smaller share of the whole run however fair it was. */
function balanceLine(balance: Balance): string {
  if (balance.maxOverMean === null || balance.jainIndex === null) return 'balance: no answer named its pod';
  const stretch = `${formatClock(balance.fromMs)}-${formatClock(balance.toMs)}`;
  return (
    `balance ${stretch}, ${formatCount(balance.pods, 'pod')}: ` +
    `busiest ${balance.maxOverMean.toFixed(2)} x the mean, Jain index ${balance.jainIndex.toFixed(3)} (1 is even)`
  );
}

const tones = {
  fair: 'good',
  uneven: 'bad',
  tooFew: 'dim',
  onePod: 'dim',
  unknown: 'dim',
  affinity: 'warn',
} as const;

/** Whether chance explains the differences, and the shares of what was tested, each with its interval. */
function testLines({ verdict, words, test }: Balance, style: Style, width: number): string[] {
  const lines = wrapped([[tones[verdict], words]], style, width);
  if (test === undefined) return lines;
  const shares = Object.entries(test.shares).map(
    ([pod, { share, low, high }]) =>
      `  ${pod} ${test.counts[pod] ?? 0} ${test.unit}, ${formatShare(share)} (${formatShare(low)} to ${formatShare(high)})`,
  );
  return [...lines, ...(verdict === 'uneven' ? shares : [])];
}

function costLines({ cost }: LoadResult, width: number): string[] {
  const { podSeconds, badMs } = cost;
  if (podSeconds === null) return [];
  const over = overNeeded(cost);
  const beside = over === undefined ? '' : `, ${overWords(over)}`;
  const bad = `requests failed or were dropped, or latency was over what --expect allows, in ${formatMs(badMs)}`;
  return [`${Math.round(podSeconds)} pod-seconds${beside}`, ...(badMs === 0 ? [] : wrap(bad, width))];
}

/** Never cut, so that it can be copied. */
function commandLines({ run: { command } }: LoadResult): string[] {
  return command === undefined ? [] : [`again: ${command.map(shellWord).join(' ')}`];
}

/** How to do it again. */
function repeatLine({ run }: LoadResult): string {
  return `rotation ${run.rotate}, seed ${run.seed}`;
}

function connectionLine(result: LoadResult): string {
  const { opened, retried } = result.connections;
  const repeated =
    retried === 0 ? '' : `; ${formatCount(retried, 'request')} repeated, as a kept one was just closed`;
  return `${formatCount(opened, 'connection')} opened${repeated}`;
}
