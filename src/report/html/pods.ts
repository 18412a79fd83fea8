import { formatClock, formatCount, formatMs, formatShare } from '../format.ts';
import type { BalanceTest, LoadResult, PodLoad } from '../load-result.ts';
import { lines, markLine, percent, stretch, xTick } from './chart.ts';
import { renderFigure, renderTable } from './figure.ts';
import { type Markup, markup } from './markup.ts';
import type { ReportModel } from './model.ts';
import { greatest, linearScale, timeScale } from './scale.ts';
import { mostPoints, thin } from './thin.ts';

/** More pods than this are counted, not drawn. */
const mostPods = 40;

type NamedPod = readonly [name: string, pod: PodLoad];

/** How the load was spread over the pods. */
export function podSection(model: ReportModel): Markup {
  const { balance, perPod } = model.load;
  const all = Object.entries(perPod).toSorted(([, a], [, b]) => a.firstResponseAtMs - b.firstResponseAtMs);
  if (all.length === 0) return markup`<section><h2>Pods</h2><p>No answer named its pod.</p></section>`;
  const pods = all.slice(0, mostPods);
  const more = all.length - pods.length;
  return markup`<section><h2>Pods</h2>
<p class="verdict-words ${balance.verdict}">${sentence(balance.words)}</p>
${more === 0 ? null : markup`<p class="note">Shown are the first ${mostPods} of ${all.length} pods.</p>`}
${model.load.timeline.length === 0 ? null : lanesFigure(model, pods)}
${balance.test === undefined ? null : shareFigure(model.load, balance.test, pods)}
${podTable(pods)}</section>
`;
}

const laneHeightPx = 40;
/** Of all lanes together. */
const mostLanePoints = 3000;
/** Of the table of all lanes. */
const mostLaneCells = 400;

/** One lane a pod: its answers per second over the run, so that one sees when it joined, and whether it got its part. */
function lanesFigure({ load, spanMs }: ReportModel, pods: readonly NamedPod[]): Markup {
  const x = timeScale(spanMs);
  const rate = ({ fromMs, toMs, pods: answers }: (typeof load.timeline)[number], pod: string): number =>
    ((answers[pod] ?? 0) * 1000) / Math.max(1, toMs - fromMs);
  const rates = load.timeline.flatMap((sample) => pods.map(([name]) => rate(sample, name)));
  const y = linearScale(greatest(rates) ?? 1, String, 2);
  const lanes = pods.map(([name, pod], index) => {
    const points = thin(
      load.timeline.map((sample) => ({ x: (sample.fromMs + sample.toMs) / 2, y: rate(sample, name) })),
      Math.min(mostPoints, mostLanePoints / pods.length),
    );
    const drawn = lines([{ name, tone: 'first', points, filled: true }], x, y);
    const ready = pod.readyAtMs === undefined || pod.readyAtMs <= 0 ? null : markLine(x.at(pod.readyAtMs));
    return markup`<text class="lane-label" x="0" y="${index * laneHeightPx + 12}">${name}</text><svg y="${index * laneHeightPx + 16}" width="100%" height="${laneHeightPx - 18}" overflow="visible"><line class="grid" x1="0" x2="100%" y1="100%" y2="100%"/>${drawn}${ready}</svg>`;
  });
  const height = pods.length * laneHeightPx;
  const { fromMs, toMs } = load.balance;
  const words = `A lane for each pod, all to the same scale, ${y.ticks.at(-1)?.label ?? ''} answers per second high.`;
  const times = x.ticks.map(({ at, label }) => xTick(at, label, height));
  const compared =
    toMs > fromMs ? markup`<g class="compared">${stretch(x.at(fromMs), x.at(toMs))}</g>` : null;
  return renderFigure({
    title: 'Answers by pod',
    words: toMs > fromMs ? `${words} Shaded: the time in which they are compared.` : words,
    picture: markup`<div class="plot"><svg role="img" aria-label="Answers of each pod over time" width="100%" height="${height + 24}"><svg width="100%" height="${height}" overflow="visible">${compared}${times}${lanes}</svg></svg></div>`,
    table: {
      caption: 'Answers by pod',
      titles: ['>from', ...pods.map(([name]) => `>${name}`)],
      rows: load.timeline.map((sample) => [
        formatClock(sample.fromMs),
        ...pods.map(([name]) => sample.pods[name] ?? 0),
      ]),
      most: Math.max(10, Math.floor(mostLaneCells / pods.length)),
    },
  });
}

const rowHeightPx = 36;

/** Each pod's part of what the balancer spreads, with its interval, beside the even part. */
function shareFigure({ balance }: LoadResult, test: BalanceTest, pods: readonly NamedPod[]): Markup {
  const known = pods.flatMap(([name]) => {
    const share = test.shares[name];
    return share === undefined ? [] : [{ name, ...share, count: test.counts[name] ?? 0 }];
  });
  const even = 1 / Math.max(1, Object.keys(test.shares).length);
  const x = linearScale((greatest(known.map(({ high }) => high)) ?? 1) * 100, (value) => `${value} %`, 4);
  const at = (share: number): string => percent(x.at(share * 100));
  const rows = known.map(({ name, share, low, high }, index) => {
    const middle = index * rowHeightPx + 25;
    return markup`<text class="lane-label" x="0" y="${index * rowHeightPx + 12}">${name}</text><line class="whisker" x1="${at(low)}" x2="${at(high)}" y1="${middle}" y2="${middle}"/><circle class="dot" cx="${at(share)}" cy="${middle}" r="4.5"/>`;
  });
  const height = known.length * rowHeightPx;
  const words = `Of ${test.unit}, ${formatClock(balance.fromMs)} to ${formatClock(balance.toMs)}: each pod's part with its 95 % interval. The upright line is an even part, ${formatShare(even)}.`;
  return renderFigure({
    ...{ title: `Share of ${test.unit}`, words },
    picture: markup`<div class="plot wide"><svg role="img" aria-label="Share of each pod. ${words}" width="100%" height="${height + 24}"><svg width="100%" height="${height}" overflow="visible">${markLine(x.at(even * 100))}${x.ticks.map((tick) => xTick(tick.at, tick.label, height))}${rows}</svg></svg></div>`,
    table: {
      caption: `Share of ${test.unit}; chi-square ${test.chiSquare.toFixed(2)}, p ${test.pValue.toFixed(3)}`,
      titles: ['pod', `>${test.unit}`, '>share', '>at least', '>at most'],
      rows: known.map(({ name, count, share, low, high }) => [
        ...[name, count, ...[share, low, high].map(formatShare)],
      ]),
    },
  });
}

function podTable(pods: readonly NamedPod[]): Markup {
  const hasReady = pods.some(([, { readyAtMs }]) => readyAtMs !== undefined);
  return renderTable({
    caption: `Over the whole run, ${formatCount(pods.length, 'pod')}`,
    titles: [
      ...['pod', '>requests', '>share', '>connections', ...(hasReady ? ['>ready'] : []), '>first answer'],
      ...['>p50', '>p99'],
    ],
    rows: pods.map(([name, pod]) => [
      ...[name, pod.requests, formatShare(pod.share), pod.connections],
      ...(hasReady ? [pod.readyAtMs === undefined ? '–' : formatClock(pod.readyAtMs)] : []),
      ...[formatClock(pod.firstResponseAtMs)],
      ...[formatMs(pod.latencyMs?.p50 ?? null), formatMs(pod.latencyMs?.p99 ?? null)],
    ]),
  });
}

/** With a capital and a full stop. */
function sentence(words: string): string {
  const stopped = /[.!?]$/.test(words) ? words : `${words}.`;
  return stopped.charAt(0).toUpperCase() + stopped.slice(1);
}
