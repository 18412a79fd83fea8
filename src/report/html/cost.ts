import { formatMs } from '../format.ts';
import { overNeeded, overWords } from '../load-words.ts';
import { renderTable } from './figure.ts';
import { type Markup, markup } from './markup.ts';
import type { ReportModel } from './model.ts';

/** What it cost, beside the least that would have done, and what was not had for it. */
export function costSection({ cost }: ReportModel): Markup | null {
  const { podSeconds, neededPodSeconds, flaps, badMs } = cost;
  if (podSeconds === null) return null;
  const over = overNeeded(cost);
  const rows: [string, string, string][] = [
    ['pod-seconds', podSeconds.toFixed(0), 'pods asked for or still ready, times how long'],
    [
      'least needed',
      neededPodSeconds === null ? '–' : neededPodSeconds.toFixed(0),
      neededPodSeconds === null
        ? 'cannot be told: no metric of the pods is known, or the loop was closed'
        : 'had pods come and gone at once, with the metric at its target or up to 10 % above; estimated from what the pods used for each answer',
    ],
    ...(over === undefined
      ? []
      : [
          ['difference', overWords(over).replace(/ %.*$/, ' %'), overWords(over)] as [string, string, string],
        ]),
    ['bad seconds', formatMs(badMs), 'requests were lost, or a latency was over what was expected of it'],
    ['flaps', String(flaps ?? 0), 'times that the way of the replicas turned; up and later down is one'],
  ];
  return markup`<section><h2>Cost</h2>
${renderTable({ caption: 'Pods for the load', titles: ['', '>measured', 'meaning'], rows })}</section>
`;
}
