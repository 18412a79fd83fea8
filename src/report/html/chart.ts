import { area, curveLinear, curveStepAfter, line } from 'd3-shape';
import { type Markup, markup } from './markup.ts';
import type { Scale } from './scale.ts';
import { type Point, thin } from './thin.ts';

/** A line of a chart; its tone is a class of the style sheet that says colour and dashes. */
export interface Series {
  readonly name: string;
  readonly tone: 'first' | 'second' | 'third' | 'fourth' | 'bad';
  readonly points: readonly Point[];
  /** The value holds until the next point, as a number of replicas does. */
  readonly step?: boolean;
  /** Colours what is below the line. */
  readonly filled?: boolean;
}

/** A stretch of the time axis. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ChartOptions {
  /** For the reader who does not see the picture. */
  readonly label: string;
  readonly heightPx: number;
  readonly x: Scale;
  readonly y: Scale;
  /** Written at the head of the value axis, with its unit. */
  readonly yTitle: string;
  readonly series: readonly Series[];
  /** Moments at which something happened: thin lines across the chart. */
  readonly marks?: readonly number[];
  readonly hatched?: readonly Stretch[];
}

/**
 * A line chart as SVG that fills the width it is given while its text keeps its size: places across are percentages, and
 * the lines are in an inner SVG that is stretched, with strokes that are not.
 */
export function renderChart(options: ChartOptions): Markup {
  const { heightPx, x, y, series, marks = [], hatched = [] } = options;
  return markup`<div class="plot"><svg role="img" aria-label="${options.label}" width="100%" height="${heightPx + 44}">
<svg y="20" width="100%" height="${heightPx}" overflow="visible">
${hatched.map(({ fromMs, toMs }) => stretch(x.at(fromMs), x.at(toMs)))}
${y.ticks.map(({ at, label }) => yTick((1 - at) * heightPx, label))}
${x.ticks.map(({ at, label }) => xTick(at, label, heightPx))}
${marks.map((mark) => markLine(x.at(mark)))}
${lines(series, x, y)}
${endLabels(series, y, heightPx)}
</svg>
<text class="axis-title" y="9" x="-44">${options.yTitle}</text>
</svg></div>${key(series)}`;
}

/** Across in percent. */
export function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(2))}%`;
}

export function xTick(at: number, label: string, heightPx: number): Markup {
  return markup`<line class="tick" x1="${percent(at)}" x2="${percent(at)}" y1="${heightPx}" y2="${heightPx + 4}"/><text class="tick-label" x="${percent(at)}" y="${heightPx + 17}" text-anchor="middle">${label}</text>`;
}

export function markLine(at: number): Markup {
  return markup`<line class="mark" x1="${percent(at)}" x2="${percent(at)}" y1="0" y2="100%"/>`;
}

export function stretch(from: number, to: number): Markup {
  return markup`<rect class="hatched" x="${percent(from)}" width="${percent(to - from)}" y="0" height="100%"/>`;
}

function yTick(y: number, label: string): Markup {
  const place = Number(y.toFixed(1));
  return markup`<line class="grid" x1="0" x2="100%" y1="${place}" y2="${place}"/><text class="tick-label" x="-6" y="${place}" dy="4" text-anchor="end">${label}</text>`;
}

const stretched = 1000;

/** The series in a box of 1000 x 1000 that takes the size of the plot. */
export function lines(series: readonly Series[], x: Scale, y: Scale): Markup {
  const drawn = series.map(({ tone, points, step = false, filled = false }) => {
    const kept = [...thin(points)];
    const { onLine, below } = pencils(x, y, step);
    return [
      filled ? markup`<path class="area ${tone}" d="${below(kept) ?? ''}"/>` : null,
      markup`<path class="line ${tone}" d="${onLine(kept) ?? ''}"/>`,
    ];
  });
  return markup`<svg width="100%" height="100%" viewBox="0 0 ${stretched} ${stretched}" preserveAspectRatio="none" overflow="visible">${drawn}</svg>`;
}

/** What draws the line through points, and the area below it; both are broken where nothing was measured. */
function pencils(x: Scale, y: Scale, step: boolean) {
  const isMeasured = (point: Point): boolean => point.y !== null;
  const across = (point: Point): number => x.at(point.x) * stretched;
  const down = (point: Point): number => (1 - y.at(point.y ?? 0)) * stretched;
  const curve = step ? curveStepAfter : curveLinear;
  return {
    onLine: line(across, down).defined(isMeasured).curve(curve).digits(0),
    below: area(across, stretched, down).defined(isMeasured).curve(curve).digits(0),
  };
}

const lineHeightPx = 14;

/** Each name at the end of its line, moved apart where they would meet. */
function endLabels(series: readonly Series[], y: Scale, heightPx: number): Markup[] {
  const wanted = series
    .map(({ name, tone, points }) => ({ name, tone, last: points.findLast((point) => point.y !== null)?.y }))
    .filter((label) => label.last !== undefined)
    .map((label) => ({ ...label, top: (1 - y.at(label.last ?? 0)) * heightPx }))
    .toSorted((a, b) => a.top - b.top);
  let floor = -Infinity;
  const placed = wanted.map((label, index) => {
    const roomBelow = heightPx - (wanted.length - 1 - index) * lineHeightPx;
    floor = Math.min(Math.max(label.top, floor + lineHeightPx), roomBelow);
    return { ...label, top: floor };
  });
  return placed.map(
    ({ name, tone, top }) =>
      markup`<text class="end-label ${tone}" x="100%" dx="7" y="${Number(top.toFixed(1))}" dy="4">${name}</text>`,
  );
}

/** The names again, for narrow screens, which have no room at the ends of the lines. */
function key(series: readonly Series[]): Markup {
  const items = series.map(
    ({ name, tone }) =>
      markup`<li><svg width="22" height="10" aria-hidden="true"><path class="line ${tone}" d="M1 5H21"/></svg> ${name}</li>`,
  );
  return markup`<ul class="key">${items}</ul>`;
}
