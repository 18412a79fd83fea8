import { readSelector } from '../lib/selector.ts';
import { scalingActive } from './conditions.ts';
import type { Finding } from './conditions.ts';
import type { EventRecord } from './decision.ts';
import type { Policy } from './policy.ts';
import type { OtherAutoscaler, PodFacts, Snapshot } from './snapshot.ts';

export interface SelectorProblem {
  readonly finding: Finding;
  readonly event: EventRecord;
}

/** Why the target's pods cannot be told: no selector, not a selector, or pods that another autoscaler also has. */
export function checkSelector(
  policy: Policy,
  snapshot: Snapshot,
  selector: string,
): SelectorProblem | undefined {
  if (selector === '') {
    const finding = scalingActive.refusedSelector(
      'InvalidSelector',
      "the HPA target's scale is missing a selector",
    );
    return { finding, event: warning('SelectorRequired', 'selector is required') };
  }
  const read = readSelector(selector);
  if ('error' in read) {
    const message = `couldn't convert selector into a corresponding internal selector object: ${read.error}`;
    return refused('InvalidSelector', message);
  }
  const rivals = rivalsFor(policy, snapshot);
  if (rivals.length === 0) return undefined;
  const all = [policy, ...rivals].map(({ namespace, name }) => `${namespace}/${name}`).join(' ');
  return refused(
    'AmbiguousSelector',
    `pods by selector ${selector} are controlled by multiple HPAs: [${all}]`,
  );
}

function refused(reason: string, message: string): SelectorProblem {
  return { finding: scalingActive.refusedSelector(reason, message), event: warning(reason, message) };
}

function warning(reason: string, message: string): EventRecord {
  return { type: 'Warning', reason, message };
}

/** The other autoscalers of the namespace that select any of these pods. Without pods there is no rivalry. */
function rivalsFor(policy: Policy, { otherAutoscalers, pods }: Snapshot): readonly OtherAutoscaler[] {
  return otherAutoscalers
    .filter((other) => other.namespace === policy.namespace && selectsAny(other, pods))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function selectsAny(other: OtherAutoscaler, pods: readonly PodFacts[]): boolean {
  const read = readSelector(other.selector);
  return 'selector' in read && pods.some((pod) => read.selector.matches(pod.labels));
}
