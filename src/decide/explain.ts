import { formatSpan } from '../lib/duration.ts';
import type { Decision, Verdict } from './decision.ts';
import { limiterText, proposalMarkText } from './explain-limiters.ts';
import { podTexts, zeroText } from './explain-pods.ts';
import { notScrapedText } from './metrics/not-scraped.ts';
import { busyPercent } from './metrics/yardsticks.ts';
import type { Comparison, FailedProposal, MetricInputs, PodGroup, Proposal } from './proposal.ts';
import { readableQuantity } from './readable-quantity.ts';
import { scheduleNames } from './schedules/schedule-names.ts';
import { failingText } from './trust/explain-failing.ts';
import { metricName } from './trust/metric-name.ts';

/** An older sample is worth a word. */
const oldSampleMs = 60_000;

/**
 * A decision in words, on one line, all of it from the decision itself:
 * `5 -> 8: cpu at 83 % of request against 50 % asks for 9 (5 pods counted); 8 instead of 9: scale-up limited to +4 in
 * 15 s from 4, more in 2 s`. Times are told from when it was decided, quantities rounded (readable-quantity.ts).
 */
export function explain(decision: Decision): string {
  const text = `${headline(decision)}: ${sentences[decision.verdict](decision).join('; ')}`;
  // What servers answer may have lines.
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

function headline({
  verdict,
  currentReplicas,
  desiredReplicas,
  rescale,
  dryRun,
  suspended,
}: Decision): string {
  if (verdict === 'TargetUnreadable') return 'no decision';
  if (!rescale || suspended === true) return `stays at ${currentReplicas}`;
  return `${currentReplicas} -> ${desiredReplicas}${dryRun === true ? ' (dry run)' : ''}`;
}

const sentences: Readonly<Record<Verdict, (decision: Decision) => readonly string[]>> = {
  TargetUnreadable: ({ events }) =>
    events.map(({ message }) => `the target's scale cannot be read (${message})`),
  Contested: ({ conditions }) =>
    conditions.filter(({ type }) => type === 'ScalingActive').map(({ message }) => message),
  Disabled: ({ trace }) => [switchedOffText(trace)],
  OutOfRange: limiterTexts,
  MetricsFailed: (decision) =>
    decision.trace.proposals.length === 0
      ? decision.events.slice(-1).map(({ message }) => message)
      : [...proposalTexts(decision), ...podTexts(decision), ...partNotes(decision)],
  Computed: (decision) => [...proposalTexts(decision), ...podTexts(decision), ...limiterTexts(decision)],
};

/** By a schedule, which has left its name, or by somebody. */
function switchedOffText(trace: Decision['trace']): string {
  const [by] = trace.limiters.flatMap((mark) => ('schedules' in mark ? [mark.schedules] : []));
  return by === undefined ? zeroText(trace) : `kept at 0 replicas by ${scheduleNames(by)}`;
}

function partNotes({ trace }: Decision): readonly string[] {
  const asks = (one: Proposal) => one.ok || one.failing?.meanwhile.type === 'Fallback';
  return trace.proposals.some(asks) ? ['no scale-down while a metric has no answer'] : [];
}

function limiterTexts({ trace, atMs }: Decision): readonly string[] {
  return trace.limiters.flatMap((mark) => limiterText(mark, atMs) ?? []);
}

function proposalTexts(decision: Decision): readonly string[] {
  return decision.trace.proposals.map((_, index) => proposalText(decision, index));
}

function proposalText({ trace, atMs }: Decision, index: number): string {
  const proposal = trace.proposals[index];
  const wins = trace.winner === index && trace.proposals.length > 1 ? ' and wins' : '';
  if (proposal?.ok !== true) return `${failureText(proposal, atMs)}${wins}`;
  const { inputs, status, replicas } = proposal;
  const asks = `${metricName(status)} at ${comparisonText(inputs.compared)} asks for ${replicas}${wins}`;
  const held = heldNotes(trace.limiters, index, inputs.decidingRatio);
  const notes = [...held, ...podNotes(inputs), ...ageNotes(inputs)];
  return notes.length === 0 ? asks : `${asks} (${notes.join(', ')})`;
}

function failureText(proposal: FailedProposal | undefined, nowMs: number): string {
  const { failing, message = '' } = proposal ?? {};
  return failing === undefined ? `no answer from a metric (${message})` : failingText(failing, nowMs);
}

function comparisonText(compared: Comparison): string {
  if (compared.of === 'utilization')
    return `${compared.percent} % of request against ${compared.targetPercent} %`;
  const { milli, targetMilli, format } = compared;
  const [is, target] = [readableQuantity(milli, format), readableQuantity(targetMilli, format)];
  return comparisonTexts[compared.of](is, target);
}

const comparisonTexts: Readonly<
  Record<'average' | 'value' | 'total', (is: string, target: string) => string>
> = {
  average: (is, target) => `${is} on average against ${target}`,
  value: (is, target) => `${is} against ${target}`,
  total: (is, target) => `${is} in all against ${target} for each replica`,
};

function heldNotes(marks: Decision['trace']['limiters'], index: number, ratio: number): readonly string[] {
  return marks.flatMap((mark) =>
    'metric' in mark && mark.metric === index ? [proposalMarkText(mark, ratio)] : [],
  );
}

function podNotes({ pods, compared, notScraped }: MetricInputs): readonly string[] {
  if (pods === undefined) return [];
  const { ready, unready, missing, ignored } = pods;
  return [
    `${ready.count} ${ready.count === 1 ? 'pod' : 'pods'} counted`,
    ...groupNotes(unready, 'not ready', compared),
    ...groupNotes(missing, 'without metrics', compared),
    ...groupNotes(ignored, 'ignored', compared),
    ...(notScraped === undefined ? [] : [`of the pods asked ${notScrapedText(notScraped)}`]),
  ];
}

function groupNotes({ count, countedAs }: PodGroup, what: string, compared: Comparison): readonly string[] {
  if (count === 0) return [];
  return [`${count} ${what}${countedAs === undefined ? '' : ` counted ${assumedText[countedAs](compared)}`}`];
}

const assumedText = {
  Idle: () => 'as 0',
  Busy: (compared: Comparison) =>
    compared.of === 'utilization' ? `at ${busyPercent(compared.targetPercent)} %` : 'at the target',
} as const;

function ageNotes({ sampleAgeMs = 0, stale }: MetricInputs): readonly string[] {
  if (stale !== undefined)
    return [
      `${stale.count} ${stale.count === 1 ? 'sample' : 'samples'} left out as older than ${formatSpan(stale.maxAgeMs)}`,
    ];
  return sampleAgeMs > oldSampleMs ? [`oldest sample ${formatSpan(sampleAgeMs)} old`] : [];
}
