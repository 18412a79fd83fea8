import { scalingVerdict } from '../demo-summary.ts';
import { formatCount, formatMs, formatRate, formatShare } from '../format.ts';
import { expectations, health, requestVerdict } from '../load-summary.ts';
import { loadInWords } from '../load-words.ts';
import { createStyle } from '../style.ts';
import { type Markup, markup, together } from './markup.ts';
import type { ReportModel } from './model.ts';

const unstyled = createStyle(false);

/** A mark and what it says; the mark is a shape, so that colour is never alone. */
const marks: Readonly<Record<string, { readonly tone: string; readonly word: string }>> = {
  '✓': { tone: 'good', word: 'met' },
  '✗': { tone: 'bad', word: 'not met' },
  '?': { tone: 'warn', word: 'void' },
  '!': { tone: 'warn', word: 'warning' },
};

/** Whether it went well, before anything else: verdicts, then warnings, as the terminal has them. */
export function verdictSection({ load, scaling, cost }: ReportModel): Markup {
  const lines = [
    ...(scaling?.isDemo === true ? [scalingVerdict(scaling, unstyled)] : []),
    ...expectationsInShort(load),
    ...expectations(load).map(([, text]) => text),
    ...requestVerdict(load, unstyled),
    ...health(load).map(([, text]) => text),
  ];
  return markup`<section aria-label="Verdicts"><ul class="verdicts">
${lines.map(verdict)}</ul>
<p class="summary">${together(loadInWords(load, cost, scaling))}</p>
${figures({ load, scaling })}</section>
`;
}

/** All expectations in one line, as the first thing that one reads. */
function expectationsInShort({ verdicts }: ReportModel['load']): string[] {
  if (verdicts.length === 0) return [];
  if (verdicts.some(({ met }) => met === null))
    return ['? expectations are void: the generator was too slow'];
  const missed = verdicts.filter(({ met }) => met === false).length;
  const all = formatCount(verdicts.length, 'expectation');
  return [missed === 0 ? `✓ ${all} met` : `✗ ${missed} of ${all} not met`];
}

function verdict(line: string): Markup {
  const shape = line.charAt(0);
  const { tone, word } = marks[shape] ?? { tone: 'warn', word: '' };
  return markup`<li class="${tone}"><span class="shape" role="img" aria-label="${word}">${shape}</span><span>${line.slice(1).trim()}</span></li>
`;
}

/** The numbers that one looks for first. */
function figures({
  load,
  scaling,
}: Pick<ReportModel, 'load'> & { scaling: ReportModel['scaling'] | undefined }): Markup {
  const { requests, latencyMs, rate, perPod } = load;
  const arrivals = requests.sent + requests.dropped;
  const lost = requests.failed + requests.dropped;
  const shown: [title: string, value: string, more: string][] = [
    [
      'requests',
      String(arrivals),
      lost === 0 ? 'none lost' : `${lost} lost, ${formatShare(lost / arrivals)}`,
    ],
    [
      'answered',
      formatRate(rate.done),
      load.run.mode === 'open' ? `${formatRate(rate.offered)} offered` : 'closed loop',
    ],
    ['latency, p50', formatMs(latencyMs.p50), `90 % within ${formatMs(latencyMs.p90)}`],
    ['latency, p99', formatMs(latencyMs.p99), `slowest ${formatMs(latencyMs.max)}`],
  ];
  if (scaling !== undefined) {
    const { start, peak, end } = scaling.replicas;
    shown.push(['replicas', `${start} → ${peak} → ${end}`, 'start, most, end']);
  }
  const pods = Object.keys(perPod).length;
  if (pods > 0)
    shown.push(['balance', balanceWords[load.balance.verdict], `${formatCount(pods, 'pod')} answered`]);
  return markup`<dl class="figures">${shown.map(
    ([
      title,
      value,
      more,
    ]) => markup`<div><dt>${title}</dt><dd>${together(value)}<small>${together(more)}</small></dd></div>
`,
  )}</dl>`;
}

const balanceWords: Readonly<Record<ReportModel['load']['balance']['verdict'], string>> = {
  fair: 'fair',
  uneven: 'uneven',
  tooFew: 'too few to tell',
  onePod: 'one pod',
  unknown: 'unknown',
  affinity: 'by affinity',
};
