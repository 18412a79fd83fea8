import { formatSpan } from '../lib/duration.ts';
import type { Decision } from './decision.ts';
import { deviationsOf } from './trace.ts';
import type { Deviation, LeftOut, PodSelectionMark, Trace } from './trace.ts';

/** How pods were counted, and what was decided in place of what the metrics ask for: nothing where that is the HPA's way. */
export function podTexts({ trace, atMs, coldStart }: Decision): readonly string[] {
  const { podSelection, startup } = trace;
  return [
    ...(podSelection === undefined ? [] : [selectionText(podSelection)]),
    ...(startup === undefined ? [] : [startupText(startup)]),
    ...deviationsOf(trace).map(
      (each) => `${each.to} instead of ${each.from}: ${deviationReason(each, atMs)}`,
    ),
    ...(coldStart === undefined ? [] : [`a pod was ready ${coldStart.seconds} s after zero`]),
  ];
}

function selectionText({ byOwner, counted, leftOut }: PodSelectionMark): string {
  if (!byOwner) return 'all pods of the selector counted, as it is not known which the target owns';
  const own = `${counted} owned ${counted === 1 ? 'pod' : 'pods'} chosen`;
  return leftOut.length === 0 ? own : `${own}, left out ${leftOut.map(leftOutText).join(', ')}`;
}

/** So many are named; the trace has more. */
const maxNames = 3;

function leftOutText({ reason, count, names }: LeftOut): string {
  const shown = names.slice(0, maxNames).join(', ');
  return `${count} ${leftOutTexts[reason]} (${shown}${count > maxNames ? '...' : ''})`;
}

const leftOutTexts: Readonly<Record<LeftOut['reason'], string>> = {
  NotOwned: 'not owned',
  Deleting: 'being deleted',
  Finished: 'finished',
  Surge: 'beyond spec.replicas',
};

function startupText({ initializationPeriodMs, readinessDelayMs }: NonNullable<Trace['startup']>): string {
  return `initialization period ${formatSpan(initializationPeriodMs)}, readiness delay ${formatSpan(readinessDelayMs)}`;
}

/** @param nowMs when the decision was made, from which times are told */
export function deviationReason(deviation: Deviation, nowMs: number): string {
  switch (deviation.limiter) {
    case 'stepUp':
      return 'no pod is ready and a metric was above its target, so one step up until a pod is';
    case 'alreadyActedOn': {
      const age = formatSpan(Math.max(0, nowMs - deviation.sampleAtMs));
      return `the newest sample, ${age} old, has led to a rescale already`;
    }
  }
}

/** Why a target at zero stays there; a schedule that keeps it there is told elsewhere. */
export function zeroText({ zeroBy }: Trace): string {
  const whose = zeroBy === undefined ? '' : zeroTexts[zeroBy];
  return `autoscaling is switched off while the target is at 0 replicas${whose}`;
}

const zeroTexts: Readonly<Record<NonNullable<Trace['zeroBy']>, string>> = {
  SomebodyElse: ', which this autoscaler did not set',
  ThisAutoscaler:
    ': it was scaled there by this autoscaler, and no metric is left that is there without pods',
};
