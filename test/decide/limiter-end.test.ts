import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import { scaleDownHeldUntilMs } from '../../src/decide/limiter-end.ts';
import type { Policy, ScalingRules, Suspension } from '../../src/decide/policy.ts';
import * as given from './builders.ts';

/** Eight pods that have work for two. */
function heldUntil(policy: Partial<Policy>, minutesSinceEight: number, cpu = 100): number | undefined {
  const recommendations = [{ atMs: given.now - minutesSinceEight * given.minutes, replicas: 8 }];
  const snapshot = given.snapshot(8, [given.usages(...Array<number>(8).fill(cpu))]);
  const history = given.history({ recommendations });
  const decision = decide(
    given.input({ policy: given.policy({ maxReplicas: 20, ...policy }), snapshot, history }),
  );
  return scaleDownHeldUntilMs(decision.trace);
}

const rules = (scaleDown: Partial<ScalingRules>): Partial<Policy> => ({
  behavior: given.behavior({}, { stabilizationWindowSeconds: 0, ...scaleDown }),
});
const paused = (suspend: Partial<Suspension>): Partial<Policy> => ({
  mode: 'Paused',
  suspend: { scaleUp: true, scaleDown: true, ...suspend },
});
const onePod = { type: 'Pods', value: 1, periodSeconds: 60 } as const;

describe('when a scale-down is let through', () => {
  const table: Record<string, readonly [number | undefined, number | undefined]> = {
    'as the recommendation that holds it expires': [heldUntil({}, 1), given.now + 4 * given.minutes],
    'at once, where nothing holds it': [heldUntil({}, 10), undefined],
    'at no time, where none is asked for': [heldUntil({}, 1, 500), undefined],
    'as the first of the budget comes back': [
      heldUntil(rules({ policies: [onePod] }), 10),
      given.now + given.minutes,
    ],
    'never, where the direction is disabled': [heldUntil(rules({ selectPolicy: 'Disabled' }), 10), Infinity],
    'never by itself, in a pause without an end': [heldUntil(paused({}), 10), Infinity],
    'as the pause ends': [heldUntil(paused({ untilMs: given.now + 7000 }), 10), given.now + 7000],
    'as the last of several ends': [
      heldUntil({ ...rules({ policies: [onePod] }), ...paused({ untilMs: given.now + 7000 }) }, 10),
      given.now + given.minutes,
    ],
    'at once, in a pause of the other direction': [heldUntil(paused({ scaleDown: false }), 10), undefined],
  };
  for (const [title, [is, expected]] of Object.entries(table)) it(title, () => expect(is).to.equal(expected));
});
