import { parseSelector, SelectorError } from '../lib/selector.ts';
import type { Selector } from '../lib/selector.ts';
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
  const mistake = mistakeIn(selector);
  if (mistake !== undefined) {
    const message = `couldn't convert selector into a corresponding internal selector object: ${mistake}`;
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

const word = '[a-z0-9](?:[-a-z0-9.]{0,61}[a-z0-9])?';
const subdomain = '[a-z0-9](?:[-a-z0-9]{0,30}[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]{0,30}[a-z0-9])?){0,4}';
const equality = `(?:${subdomain}/)?${word}=${word}`;
/** `app=web,example.com/tier=front`, as most selectors are: nothing to refuse, and to parse it takes a tenth of a small decision. */
const plainEqualities = new RegExp(`^${equality}(?:,${equality})*$`);

function mistakeIn(selector: string): string | undefined {
  if (plainEqualities.test(selector)) return undefined;
  const parsed = tryParse(selector);
  return 'error' in parsed ? parsed.error : undefined;
}

function tryParse(text: string): { readonly selector: Selector } | { readonly error: string } {
  try {
    return { selector: parseSelector(text) };
  } catch (error) {
    if (error instanceof SelectorError) return { error: error.message };
    throw error;
  }
}

/** The other autoscalers of the namespace that select any of these pods. Without pods there is no rivalry. */
function rivalsFor(policy: Policy, { otherAutoscalers, pods }: Snapshot): readonly OtherAutoscaler[] {
  return otherAutoscalers
    .filter((other) => other.namespace === policy.namespace && selectsAny(other, pods))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function selectsAny(other: OtherAutoscaler, pods: readonly PodFacts[]): boolean {
  const parsed = tryParse(other.selector);
  return 'selector' in parsed && pods.some((pod) => parsed.selector.matches(pod.labels));
}
