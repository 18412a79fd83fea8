import type { Decision } from '../decide/decision.ts';
import type { Comparison, CountedPods, Proposal } from '../decide/proposal.ts';
import { formatQuantity, quantityFromMilli } from '../lib/quantity.ts';
import type * as wire from './generated/custom-autoscaler.ts';
import { defined, timeText } from './json.ts';

/** A decision on the wire: in `status.decision`, and in what the operator answers at `/decisions`. */
export type WireDecision = wire.DecisionRecord;

/** What a decision does not say itself. */
export interface DecisionWords {
  /** The whole of it in a sentence. */
  readonly reason: string;
  /** The steps that changed the count, in their order. */
  readonly limits: readonly LimitWords[];
  /** Names of the metrics, in the order of the policy. */
  readonly metrics: readonly string[];
}

/** A step that changed the count. */
export interface LimitWords {
  readonly limiter: string;
  readonly reason: string;
  readonly from: number;
  readonly to: number;
  /** When it lets more through; undefined where it does not by itself. */
  readonly untilMs: number | undefined;
  /** Why it changed the count. */
  readonly message: string | undefined;
}

/** As the CRD's schema bounds them. */
const most = { metrics: 20, limits: 20, reason: 1024, message: 512, metric: 256 } as const;

/** Why a decision came out as it did, of a bounded size: 20 metrics and 20 limits, with texts of bounded length. */
export function wireDecision(decision: Decision, words: DecisionWords): WireDecision {
  const { atMs, currentReplicas, desiredReplicas, trace } = decision;
  const metrics = trace.proposals
    .slice(0, most.metrics)
    .map((proposal, index) => metricOf(proposal, words.metrics[index] ?? '', index === trace.winner));
  const limits = words.limits.slice(0, most.limits).map(limitOf);
  return defined({
    time: timeText(atMs),
    from: currentReplicas,
    to: desiredReplicas,
    reason: cut(words.reason, most.reason),
    metrics: metrics.length === 0 ? undefined : metrics,
    limits: limits.length === 0 ? undefined : limits,
  });
}

/**
 * What tells two decisions apart: counts, which metrics answered and which one wins, and what limited it, without numbers that
 * drift with each evaluation.
 */
export function outcomeOf({ from, to, metrics = [], limits = [] }: WireDecision): string {
  const answers = metrics.map(({ metric, wins, message }) => [metric, wins === true, message !== undefined]);
  return JSON.stringify([from, to, answers, limits.map(({ limiter, reason }) => [limiter, reason])]);
}

function metricOf(proposal: Proposal, name: string, wins: boolean): wire.DecisionMetric {
  const known = { metric: cut(name, most.metric), ...(wins && { wins }) };
  if (!proposal.ok) {
    const meanwhile = proposal.failing?.meanwhile;
    const proposedReplicas = meanwhile?.type === 'Fallback' ? meanwhile.replicas : undefined;
    return defined({ ...known, proposedReplicas, message: cut(proposal.message, most.message) });
  }
  const { inputs, replicas } = proposal;
  const pods = inputs.pods && podsOf(inputs.pods);
  return defined({ ...known, ...comparisonOf(inputs.compared), proposedReplicas: replicas, pods });
}

function comparisonOf(compared: Comparison): { current: string; target: string } {
  if (compared.of === 'utilization')
    return { current: `${compared.percent}%`, target: `${compared.targetPercent}%` };
  const { milli, targetMilli, format } = compared;
  const [current, target] = [milli, targetMilli].map((value) =>
    formatQuantity(quantityFromMilli(value, format)),
  );
  return { current: current ?? '', target: target ?? '' };
}

function podsOf({ ready, unready, missing, ignored }: CountedPods) {
  const groups = [unready, missing, ignored];
  const sum = (assumed: boolean): number =>
    groups
      .filter(({ countedAs }) => (countedAs !== undefined) === assumed)
      .reduce((total, { count }) => total + count, 0);
  return { counted: ready.count, assumed: sum(true), leftOut: sum(false) };
}

function limitOf({ limiter, reason, from, to, untilMs, message }: LimitWords): wire.DecisionLimit {
  return defined({
    ...{ limiter, reason, from, to },
    until: untilMs === undefined ? undefined : timeText(untilMs),
    message: message === undefined ? undefined : cut(message, most.message),
  });
}

/** To so many characters, none of them half of one. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
