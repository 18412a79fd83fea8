import { formatDuration } from '../../lib/duration.ts';
import { formatMs, formatShare } from '../format.ts';
import type { LoadResult, LoadRunInfo } from '../load-result.ts';
import { shellWord } from '../shell-word.ts';
import { renderTable } from './figure.ts';
import { type Markup, markup } from './markup.ts';
import { laggingStretches } from './model.ts';

/** Whether the numbers can be trusted, and what they do not tell. */
export function methodSection(load: LoadResult): Markup {
  const { generator, sendLagMs, run } = load;
  const { eventLoopDelayMs: delay, eventLoopUtilization: busy } = generator;
  const lateMs = laggingStretches(load).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const open = run.mode === 'open';
  const rows: [string, string, string][] = [
    [
      'kept up',
      generator.saturated ? 'no' : 'yes',
      open
        ? `99 % of the requests were to be sent within ${formatMs(run.maxLagMs)} of their time`
        : 'a closed loop has no times to keep',
    ],
    ...(open
      ? ([
          ['send lag', formatMs(sendLagMs.p99), `p99; at most ${formatMs(sendLagMs.max)}`],
        ] satisfies typeof rows)
      : []),
    [
      'late for',
      lateMs === 0 ? 'no time' : formatMs(lateMs),
      'hatched in the charts, and left out of the expectations',
    ],
    ['event loop', formatMs(delay?.p99 ?? null), 'p99 of how late it ran what was due'],
    ['thread busy', busy === null ? '-' : formatShare(busy), 'of the time'],
    ['connections', String(load.connections.opened), `opened; at most ${run.connections} at once`],
    ['sent again', String(load.connections.retried), 'once, as a kept connection was just closed'],
  ];
  return markup`<section><h2>Can this be trusted?</h2>
<p>${open ? openWords : closedWords} Percentiles are of answers only: what failed or was dropped is counted apart.</p>
${renderTable({ caption: 'The generator itself', titles: ['', '>measured', 'meaning'], rows })}
<h3>What it does not tell</h3>
<ul class="limits">${limits(load).map((limit) => markup`<li>${limit}</li>`)}</ul></section>
`;
}

function limits({ cluster, balance, run }: LoadResult): string[] {
  return [
    'The load came from one machine and one process: the way from real users to the target is not in the latency.',
    'Latency is to the end of the answer; names are looked up and connections opened in it, when one was needed.',
    ...(run.mode === 'closed'
      ? []
      : ['A percentile of few answers is a chance: p99 of a hundred is one answer.']),
    ...(balance.test === undefined ? [] : ['The test of the balance calls one fair run in twenty uneven.']),
    ...(cluster === undefined
      ? ['No cluster was watched: what the autoscaler did is not known.']
      : [
          'What the cluster did is told by watches, a little after it happened; its clock may differ from this one.',
        ]),
  ];
}

const openWords =
  'Requests were sent when the schedule said, however slowly they were answered; latency counts from that moment, so that time spent waiting is in it.';
const closedWords =
  'In a closed loop each connection waits for its answer before it sends again: this tells how much the target can do, and not what users see.';

/** All that is needed to do it again. */
export function repeatSection({ run }: LoadResult, sha256: string): Markup {
  const rows: [string, string][] = [
    ['target', `${run.method} ${run.url}`],
    ['headers', run.headers.join('; ')],
    ['body', run.bodyBytes === 0 ? '' : `${run.bodyBytes} bytes, SHA-256 ${run.bodySha256 ?? 'not known'}`],
    ['load', loadWords(run)],
    ['connections', `${run.connections}, rotation ${run.rotate}`],
    ['timeout', formatDuration(run.timeoutMs)],
    ['pods by', run.podHeader],
    ['seed', String(run.seed)],
    ['started', run.startedAt],
    ...Object.entries(run.versions ?? {}),
    ['SHA-256 of the result in this file', sha256],
  ];
  const command =
    run.command === undefined
      ? null
      : markup`<pre><code>${run.command.map(shellWord).join(' ')}</code></pre>`;
  return markup`<section><h2>How to repeat it</h2>
${command}
${renderTable({ caption: 'The run', titles: ['', 'value'], rows: rows.filter(([, value]) => value !== '') })}</section>
`;
}

function loadWords({ mode, durationMs, profile }: LoadRunInfo): string {
  if (mode === 'closed' || profile === null) return `closed loop for ${formatDuration(durationMs)}`;
  const parts = profile.segments.map((segment) => {
    const time = formatDuration(Math.round(segment.durationMs));
    if (segment.type === 'sine')
      return `${segment.lowPerSecond} to ${segment.highPerSecond}/s in waves of ${formatDuration(segment.periodMs)} for ${time}`;
    const { fromPerSecond, toPerSecond } = segment;
    return fromPerSecond === toPerSecond
      ? `${toPerSecond}/s for ${time}`
      : `${fromPerSecond} to ${toPerSecond}/s over ${time}`;
  });
  const shown = parts.length > 12 ? [...parts.slice(0, 12), `and ${parts.length - 12} more`] : parts;
  return `${shown.join(', ')}; ${profile.arrivals} arrivals`;
}
