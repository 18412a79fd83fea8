import { formatMs } from '../format.ts';
import type { LoadResult, Percentiles, Spectrum } from '../load-result.ts';
import { renderChart, type Series } from './chart.ts';
import { renderFigure, renderTable } from './figure.ts';
import { heatmapFigure } from './heatmap.ts';
import { type Markup, markup } from './markup.ts';
import type { ReportModel } from './model.ts';
import { logScale, percentileScale } from './scale.ts';

/** Latency and service time by percentile: the whole shape, on an axis that gives the slowest room. */
export function spectrumSection(model: ReportModel): Markup {
  const { load } = model;
  return markup`<section><h2>Latency of all answers</h2>
${load.spectrum.latencyMs.length === 0 ? null : spectrumFigure(load)}
${heatmapFigure(model)}
${timesTable(load)}</section>
`;
}

function spectrumFigure({ spectrum, run, latencyMs, serviceMs }: LoadResult): Markup {
  const closed = run.mode === 'closed';
  const series: Series[] = [
    { name: 'latency', tone: 'second', points: pointsOf(spectrum.latencyMs) },
    ...(closed ? [] : [{ name: 'service', tone: 'first', points: pointsOf(spectrum.serviceMs) } as const]),
  ];
  const all = [...spectrum.latencyMs, ...spectrum.serviceMs];
  const highest = spectrum.latencyMs.reduce((most, [at]) => (at < 100 ? Math.max(most, at) : most), 90);
  const words = closed
    ? 'In a closed loop nothing has an intended start: latency is service time.'
    : `Latency counts from the intended start, service time from the sending; ${waiting(latencyMs, serviceMs)}.`;
  return renderFigure({
    ...{ title: 'Spectrum', words },
    picture: renderChart({
      ...{ label: `Percentiles of latency. ${words}`, heightPx: 180, series },
      ...{ yTitle: 'answered within, logarithmic' },
      x: percentileScale(highest),
      y: logScale(all.map(([, ms]) => ms)),
    }),
    table: {
      caption: 'Time within which a part of the answers came',
      titles: ['>of the answers', '>latency', ...(closed ? [] : ['>service'])],
      rows: spectrum.latencyMs.map(([percentile, ms], index) => [
        `${Number(percentile.toFixed(4))} %`,
        formatMs(ms),
        ...(closed ? [] : [formatMs(spectrum.serviceMs[index]?.[1] ?? null)]),
      ]),
    },
  });
}

function waiting({ p99 }: Percentiles, service: Percentiles): string {
  if (p99 === null || service.p99 === null) return 'nothing was answered';
  const waited = p99 - service.p99;
  return waited < 0.1 * p99
    ? 'they are alike: hardly anything waited'
    : `at p99 they differ by ${formatMs(waited)} of waiting`;
}

/** The last percentile is that of the slowest answer: it has no place on an axis on which 100 % is endlessly far. */
function pointsOf(spectrum: Spectrum): Series['points'] {
  return spectrum.filter(([percentile]) => percentile < 100).map(([x, y]) => ({ x, y }));
}

function timesTable(load: LoadResult): Markup {
  const rows: [string, Percentiles, string][] = [
    ['latency', load.latencyMs, load.run.mode === 'open' ? 'from the intended start' : 'as service'],
    ['service', load.serviceMs, 'from the sending'],
    ...(load.run.mode === 'open'
      ? ([['send lag', load.sendLagMs, 'lateness of the generator']] satisfies typeof rows)
      : []),
    ['connect', load.connectMs, 'opening a connection'],
  ];
  return renderTable({
    caption: 'Times',
    titles: ['time', '>p50', '>p90', '>p99', '>p99.9', '>max', 'counts'],
    rows: rows.map(([name, { p50, p90, p99, p999, max }, meaning]) => [
      ...[name, ...[p50, p90, p99, p999, max].map(formatMs), meaning],
    ]),
  });
}
