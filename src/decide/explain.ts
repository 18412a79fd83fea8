import { formatQuantity, quantityFromMilli } from '../lib/quantity.ts';
import { rivalsText } from './contest.ts';
import type { Comparison, Decision, LimiterMark, Proposal, Verdict } from './decision.ts';
import type { MetricStatus } from './snapshot.ts';

/**
 * A decision in words, on one line:
 * `1 -> 4: cpu at 183 % of request against 50 % asks for 4 (1 pod counted)`.
 */
export function explain(decision: Decision): string {
  return `${headline(decision)}: ${sentences[decision.verdict](decision).join('; ')}`;
}

function headline({ verdict, currentReplicas, desiredReplicas, rescale, dryRun }: Decision): string {
  if (verdict === 'TargetUnreadable') return 'no decision';
  if (!rescale) return `stays at ${currentReplicas}`;
  return `${currentReplicas} -> ${desiredReplicas}${dryRun === true ? ' (dry run)' : ''}`;
}

const sentences: Readonly<Record<Verdict, (decision: Decision) => readonly string[]>> = {
  TargetUnreadable: ({ events }) =>
    events.map(({ message }) => `the target's scale cannot be read (${message})`),
  Contested: ({ trace }) => [`the target is also scaled by ${rivalsText(trace.rivals ?? [])}`],
  Disabled: () => ['autoscaling is switched off while the target is at 0 replicas'],
  OutOfRange: ({ trace }) => trace.limiters.map(limiterText),
  MetricsFailed: (decision) => [
    ...decision.trace.proposals.filter((one) => one.ok).map(proposalText),
    ...lastEvent(decision),
  ],
  Computed: ({ trace }) => [
    ...trace.proposals.map(proposalText),
    ...trace.limiters.filter(({ from, to }) => from !== to).map(limiterText),
  ],
};

function lastEvent({ events }: Decision): readonly string[] {
  return events.slice(-1).map(({ message }) => message);
}

function proposalText(proposal: Proposal): string {
  if (!proposal.ok) return `no answer from a metric (${proposal.message})`;
  const { inputs, status, replicas } = proposal;
  const asks = `${subject(status)} at ${comparisonText(inputs.compared)} asks for ${replicas}`;
  const notes = [...(inputs.withinTolerance ? ['within tolerance'] : []), ...podNotes(proposal)];
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
  const [is, target] = [compared.milli, compared.targetMilli].map((milli) =>
    formatQuantity(quantityFromMilli(milli, compared.format)),
  );
  return compared.of === 'average' ? `${is} on average against ${target}` : `${is} against ${target}`;
}

function podNotes({ inputs }: Extract<Proposal, { ok: true }>): readonly string[] {
  const { pods } = inputs;
  if (pods === undefined) return [];
  const left = [
    [pods.unready.length, 'not ready'],
    [pods.missing.length, 'without metrics'],
    [pods.ignored.length, 'ignored'],
  ] as const;
  const counted = `${pods.ready} ${pods.ready === 1 ? 'pod' : 'pods'} counted`;
  return [counted, ...left.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)];
}

const limiterReasons: Readonly<Record<string, string>> = {
  ScaleUpStabilized: 'held at the lowest recent recommendation',
  ScaleDownStabilized: 'held at the highest recent recommendation',
  ScaleUpLimit: 'limited by the scale-up rate',
  ScaleDownLimit: 'limited by the scale-down rate',
  TooManyReplicas: 'limited by maxReplicas',
  TooFewReplicas: 'raised to minReplicas',
};

function limiterText({ from, to, reason }: LimiterMark): string {
  return `${limiterReasons[reason] ?? reason}: ${from} -> ${to}`;
}
