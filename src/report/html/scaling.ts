import { formatClock, shortenMessage } from '../format.ts';
import { renderTable } from './figure.ts';
import { type Markup, markup, type Piece, together } from './markup.ts';
import type { Scaling } from './model.ts';

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
      ['first step up', reactions.firstStepUpAtMs],
      ['new pod ready', reactions.podReadyAtMs],
      ['it answers', reactions.firstResponseAtMs],
      [`${replicas.peak} ready`, reactions.peakReadyAtMs],
      ['balanced', reactions.balancedAtMs],
    ]),
    chain('Load fell', loadFellAtMs, [
      ['first step down', reactions.firstStepDownAtMs],
      [`back at ${replicas.start}`, reactions.backAtStartAtMs],
    ]),
  ]}</div>`;
}

/** A cause and its effects, each with its delay. */
function chain(cause: string, causeMs: number | null, effects: readonly Effect[]): Markup | null {
  if (causeMs === null) return null;
  const items = effects.map(([name, atMs]) => {
    if (atMs === undefined) return null;
    const delay = atMs === null ? 'not seen' : `+ ${Math.max(0, Math.round((atMs - causeMs) / 1000))} s`;
    return markup`<li><b>${delay}</b> ${name}</li>`;
  });
  return markup`<ol class="chain"><li><b>${formatClock(causeMs)}</b> ${cause.toLowerCase()}</li>${items}</ol>`;
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
