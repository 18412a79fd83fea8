import { formatSpan } from '../lib/duration.ts';
import type { Comparison, Decision, MetricInputs, PodGroup, Verdict } from './decision.ts';
import { limiterText, proposalMarkText } from './explain-limiters.ts';
import { busyPercent } from './metrics/yardsticks.ts';
import { readableQuantity } from './readable-quantity.ts';
import type { MetricStatus } from './snapshot.ts';

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

function headline({ verdict, currentReplicas, desiredReplicas, rescale, dryRun }: Decision): string {
  if (verdict === 'TargetUnreadable') return 'no decision';
  if (!rescale) return `stays at ${currentReplicas}`;
  return `${currentReplicas} -> ${desiredReplicas}${dryRun === true ? ' (dry run)' : ''}`;
}

const sentences: Readonly<Record<Verdict, (decision: Decision) => readonly string[]>> = {
  TargetUnreadable: ({ events }) =>
    events.map(({ message }) => `the target's scale cannot be read (${message})`),
  Contested: ({ conditions }) =>
    conditions.filter(({ type }) => type === 'ScalingActive').map(({ message }) => message),
  Disabled: () => ['autoscaling is switched off while the target is at 0 replicas'],
  OutOfRange: limiterTexts,
  MetricsFailed: (decision) =>
    decision.trace.proposals.length === 0
      ? decision.events.slice(-1).map(({ message }) => message)
      : [...proposalTexts(decision), ...partNotes(decision)],
  Computed: (decision) => [...proposalTexts(decision), ...limiterTexts(decision)],
};

function partNotes({ trace }: Decision): readonly string[] {
  return trace.proposals.some(({ ok }) => ok) ? ['no scale-down while a metric has no answer'] : [];
}

function limiterTexts({ trace, atMs }: Decision): readonly string[] {
  return trace.limiters.flatMap((mark) => limiterText(mark, atMs) ?? []);
}

function proposalTexts(decision: Decision): readonly string[] {
  return decision.trace.proposals.map((_, index) => proposalText(decision, index));
}

function proposalText({ trace }: Decision, index: number): string {
  const proposal = trace.proposals[index];
  if (proposal?.ok !== true) return `no answer from a metric (${proposal?.message ?? ''})`;
  const { inputs, status, replicas } = proposal;
  const wins = trace.winner === index && trace.proposals.length > 1 ? ' and wins' : '';
  const asks = `${subject(status)} at ${comparisonText(inputs.compared)} asks for ${replicas}${wins}`;
  const notes = [...heldNotes(trace.limiters, index), ...podNotes(inputs), ...ageNotes(inputs)];
  return notes.length === 0 ? asks : `${asks} (${notes.join(', ')})`;
}

function subject(status: MetricStatus): string {
  switch (status.type) {
    case 'Resource':
      return status.resource;
    case 'ContainerResource':
      return `${status.resource} of container ${status.container}`;
    case 'Pods':
      return `${status.metric.name} of pods`;
    case 'Object':
      return `${status.metric.name} of ${status.describedObject.kind} ${status.describedObject.name}`;
    case 'External':
      return `external ${status.metric.name}`;
    case 'Empty':
      return 'a metric';
  }
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

function heldNotes(limiters: Decision['trace']['limiters'], index: number): readonly string[] {
  return limiters.flatMap((mark) =>
    'metric' in mark && mark.metric === index ? [proposalMarkText(mark)] : [],
  );
}

function podNotes({ pods, compared }: MetricInputs): readonly string[] {
  if (pods === undefined) return [];
  const { ready, unready, missing, ignored } = pods;
  return [
    `${ready.count} ${ready.count === 1 ? 'pod' : 'pods'} counted`,
    ...groupNotes(unready, 'not ready', compared),
    ...groupNotes(missing, 'without metrics', compared),
    ...groupNotes(ignored, 'ignored', compared),
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

function ageNotes({ sampleAgeMs = 0 }: MetricInputs): readonly string[] {
  return sampleAgeMs > oldSampleMs ? [`oldest sample ${formatSpan(sampleAgeMs)} old`] : [];
}
