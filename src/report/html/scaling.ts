import { formatClock, shortenMessage } from '../format.ts';
import { percent, xTick } from './chart.ts';
import { renderTable } from './figure.ts';
import { type Markup, markup, type Piece, together } from './markup.ts';
import type { Scaling } from './model.ts';
import { greatest, linearScale } from './scale.ts';

/** What the autoscaler did: the chain from the load to the pods, each step with its reason, and every event. */
export function scalingSection(scaling: Scaling): Markup {
  return markup`<section><h2>Scaling</h2>
${chains(scaling)}
${scaling.steps.length === 0 ? markup`<p>The number of replicas did not change.</p>` : stepTable(scaling)}
${scaling.events.length === 0 ? null : eventTable(scaling)}</section>
`;
}

/** null: not seen; undefined: not known of this kind of run. */
type Effect = readonly [name: string, atMs: number | null | undefined];

function chains({ reactions, replicas }: Scaling): Markup {
  const { loadRoseAtMs, loadFellAtMs } = reactions;
  return markup`<div class="chains">${[
    chain('Load rose', loadRoseAtMs, [
      ['metric seen', reactions.metricSeenAtMs],
      ['decision', reactions.firstStepUpAtMs],
      ['new pod ready', reactions.podReadyAtMs],
      ['it answers', reactions.firstResponseAtMs],
      [`${replicas.peak} ready`, reactions.peakReadyAtMs],
      ['balanced', reactions.balancedAtMs],
    ]),
    chain('Load fell', loadFellAtMs, [
      ['decision', reactions.firstStepDownAtMs],
      [`back at ${replicas.start}`, reactions.backAtStartAtMs],
    ]),
  ]}</div>`;
}

/** A cause and its effects, each with its delay, and below them the delays as lengths. */
function chain(cause: string, causeMs: number | null, effects: readonly Effect[]): Markup | null {
  if (causeMs === null) return null;
  const links = effects.flatMap(([name, atMs]) =>
    atMs === undefined ? [] : [{ name, delayMs: atMs === null ? null : Math.max(0, atMs - causeMs) }],
  );
  const items = links.map(({ name, delayMs }) => {
    const delay = delayMs === null ? 'not seen' : `+ ${seconds(delayMs)} s`;
    return markup`<li><b>${delay}</b> ${name}</li>`;
  });
  return markup`<div><ol class="chain"><li><b>${formatClock(causeMs)}</b> ${cause.toLowerCase()}</li>${items}</ol>${chainBar(links)}</div>`;
}

interface Link {
  readonly name: string;
  readonly delayMs: number | null;
}

const rowHeightPx = 20;

/** A row a link, from the link before it to its own moment, in seconds since the load changed. */
function chainBar(links: readonly Link[]): Markup | null {
  const seen = links.filter((link): link is { name: string; delayMs: number } => link.delayMs !== null);
  const most = greatest(seen.map(({ delayMs }) => delayMs)) ?? 0;
  if (most === 0) return null;
  const x = linearScale(most / 1000, (value) => `${Number(value.toFixed(2))} s`, 6);
  const height = seen.length * rowHeightPx;
  let fromMs = 0;
  const rows = seen.map(({ name, delayMs }, index) => {
    const [from, to] = [Math.min(fromMs, delayMs), delayMs].map((ms) => x.at(ms / 1000));
    fromMs = Math.max(fromMs, delayMs);
    const [left = 0, right = 0] = [from, to];
    const y = index * rowHeightPx;
    const label = labelPlace(left, right);
    return markup`<rect class="bar" x="${percent(left)}" width="${percent(right - left)}" y="${y + 3}" height="${rowHeightPx - 6}"/><line class="bar-end" x1="${percent(right)}" x2="${percent(right)}" y1="${y + 1}" y2="${y + rowHeightPx - 1}"/><text class="lane-label" x="${percent(label.at)}" dx="${label.dx}" y="${y + 14}" text-anchor="${label.anchor}">${name}</text>`;
  });
  const words = seen.map(({ name, delayMs }) => `${name} after ${seconds(delayMs)} s`).join(', ');
  return markup`<div class="plot wide"><svg role="img" aria-label="Delays since the load changed: ${words}" width="100%" height="${height + 24}"><svg width="100%" height="${height}" overflow="visible">${x.ticks.map(({ at, label }) => xTick(at, label, height))}${rows}</svg></svg></div>`;
}

/** After the bar where there is room, or else before it, or else on it. */
function labelPlace(left: number, right: number): { at: number; dx: number; anchor: 'start' | 'end' } {
  if (right <= 0.6) return { at: right, dx: 6, anchor: 'start' };
  return left >= 0.3 ? { at: left, dx: -6, anchor: 'end' } : { at: left, dx: 6, anchor: 'start' };
}

/** To a tenth below ten. */
function seconds(ms: number): string {
  return ms < 9950 ? String(Number((ms / 1000).toFixed(1))) : String(Math.round(ms / 1000));
}

function stepTable({ steps }: Scaling): Markup {
  return renderTable({
    caption: 'Steps',
    titles: ['>at', 'replicas', 'ready', 'reason'],
    rows: steps.map(({ atMs, from, to, readyAtMs, event }): Piece[] => [
      formatClock(atMs),
      `${from} → ${to}`,
      readyAtMs === null
        ? 'not before the next'
        : together(`after ${Math.max(0, (readyAtMs - atMs) / 1000).toFixed(0)} s`),
      event === null ? '–' : shortenMessage(event.message).replace(/^New size: \d+; reason: /, ''),
    ]),
  });
}

function eventTable({ events }: Scaling): Markup {
  const table = renderTable({
    caption: 'Events',
    titles: ['>at', 'type', 'reason', 'message'],
    rows: events.map(({ atMs, type, reason, message }) => [formatClock(atMs), type, reason, message]),
    most: 100,
  });
  return markup`<details><summary>All events</summary>${table}</details>`;
}
