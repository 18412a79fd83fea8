import { formatClock, formatMs } from '../format.ts';
import type { LoadResult } from '../load-result.ts';
import { xTick } from './chart.ts';
import { renderFigure } from './figure.ts';
import { type Markup, markup } from './markup.ts';
import type { ReportModel } from './model.ts';
import { greatest, timeScale } from './scale.ts';

/** Side by side; longer runs have several samples in one. */
const mostColumns = 120;
const bandHeightPx = 11;
/** A shade is for so much of what the fullest cell holds; the last for all above. */
const shades = [0.02, 0.1, 0.4, 1] as const;

/** Some seconds of the run, and their answers by latency. */
interface Column {
  readonly fromMs: number;
  readonly toMs: number;
  readonly counts: readonly number[];
}

/** Where the answers were, by when they came and how long they took; slower is higher, darker is more. */
export function heatmapFigure({ load, spanMs }: ReportModel): Markup | null {
  const { lowMs } = load.heatmap;
  if (lowMs.length === 0) return null;
  const columns = columnsOf(load);
  const most = greatest(columns.flatMap(({ counts }) => counts)) ?? 1;
  const x = timeScale(spanMs);
  const height = lowMs.length * bandHeightPx;
  const words = `Each cell counts the answers of a moment that took about so long: the darker, the more. ${fullest(columns, lowMs)}`;
  return renderFigure({
    ...{ title: 'Latency over time', words },
    picture: markup`<div class="plot"><svg role="img" aria-label="Heatmap. ${words}" width="100%" height="${height + 44}"><svg y="20" width="100%" height="${height}" overflow="visible">
<svg width="100%" height="100%" viewBox="0 0 1000 ${lowMs.length}" preserveAspectRatio="none">${cells(columns, most, x.at)}</svg>
${lowMs.map((ms, band) => bandLabel(ms, height - band * bandHeightPx))}
${x.ticks.map(({ at, label }) => xTick(at, label, height))}
</svg><text class="axis-title" y="9" x="-44">time to the answer, logarithmic</text></svg></div>${legend(most)}`,
    table: {
      caption: 'Answers by the time that they took at least',
      titles: ['>from', ...lowMs.map((ms) => `>${formatMs(ms)}`)],
      rows: columns.map(({ fromMs, counts }) => [formatClock(fromMs), ...counts]),
      most: Math.max(10, Math.floor(300 / lowMs.length)),
    },
  });
}

/** Neighbours together, so that there are no more than are drawn. */
function columnsOf({ heatmap, timeline }: LoadResult): Column[] {
  const size = Math.max(1, Math.ceil(timeline.length / mostColumns));
  const groups = Math.ceil(timeline.length / size);
  return Array.from({ length: groups }, (_, group) => {
    const samples = timeline.slice(group * size, (group + 1) * size);
    const rows = heatmap.counts.slice(group * size, (group + 1) * size);
    return {
      fromMs: samples[0]?.fromMs ?? 0,
      toMs: samples.at(-1)?.toMs ?? 0,
      counts: heatmap.lowMs.map((_low, band) => rows.reduce((sum, row) => sum + (row[band] ?? 0), 0)),
    };
  });
}

/** One path a shade; equal neighbours in time are one rectangle. */
function cells(columns: readonly Column[], most: number, at: (ms: number) => number): Markup[] {
  const paths = shades.map(() => '');
  const bands = columns[0]?.counts.length ?? 0;
  for (let band = 0; band < bands; band += 1) {
    let from = 0;
    for (const [index, { counts, toMs }] of columns.entries()) {
      const shade = shadeOf(counts[band] ?? 0, most);
      const next = columns[index + 1];
      if (next !== undefined && shadeOf(next.counts[band] ?? 0, most) === shade) continue;
      const [left, right] = [columns[from]?.fromMs ?? 0, toMs].map((ms) => Math.round(at(ms) * 10_000) / 10);
      from = index + 1;
      if (shade !== -1)
        paths[shade] = `${paths[shade] ?? ''}M${left} ${bands - 1 - band}H${right}v1H${left}Z`;
    }
  }
  return paths.map((path, shade) =>
    path === '' ? markup`` : markup`<path class="heat${shade + 1}" d="${path}"/>`,
  );
}

/** -1 for none. */
function shadeOf(count: number, most: number): number {
  return count === 0 ? -1 : shades.findIndex((part) => count <= part * most);
}

/** Each doubling: the columns of the map are halves of one. */
function bandLabel(ms: number, y: number): Markup | null {
  const power = Math.log2(ms * 1000);
  if (!Number.isInteger(power) || power % 2 !== 0) return null;
  return markup`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/><text class="tick-label" x="-6" y="${y}" dy="4" text-anchor="end">${short(ms)}</text>`;
}

function short(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Number(ms.toPrecision(2))} ms`;
}

function legend(most: number): Markup {
  const upTo = shades.map((part) => Math.max(1, Math.floor(part * most)));
  const items = upTo.map((count, shade) =>
    count === upTo[shade - 1]
      ? null
      : markup`<li><svg width="14" height="10" aria-hidden="true"><rect class="heat${shade + 1}" width="14" height="10"/></svg> up to ${count}</li>`,
  );
  return markup`<ul class="key shown">${items}</ul>`;
}

/** Where most answers were. */
function fullest(columns: readonly Column[], lowMs: readonly number[]): string {
  const totals = lowMs.map((_, band) => columns.reduce((sum, { counts }) => sum + (counts[band] ?? 0), 0));
  const band = totals.indexOf(greatest(totals) ?? 0);
  const [low, high] = [lowMs[band] ?? 0, lowMs[band + 1]];
  return high === undefined
    ? `Most took ${formatMs(low)} or more.`
    : `Most took between ${formatMs(low)} and ${formatMs(high)}.`;
}
