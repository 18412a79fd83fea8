import { expect } from 'chai';
import { explain } from '../../src/decide/explain.ts';
import type { Policy } from '../../src/decide/policy.ts';
import { tellDecision } from '../../src/operator/tell-decision.ts';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/**
 * kubernetes#116984, #62013, #78761: nothing happens though the metric is off its target, and nobody says that a tolerance is between them,
 * or that a rounded-up count never comes down.
 */
describe('thread 15: a tolerance that nobody sees', () => {
  const evenly = (replicas: number, cpu: number) =>
    given.snapshot(replicas, [given.usages(...Array.from({ length: replicas }, () => cpu))]);
  const tick = (policy: Partial<Policy>, replicas: number, cpu: number) =>
    new Autoscaler({ maxReplicas: 100, ...policy }).tick(evenly(replicas, cpu));

  const rows: Record<string, { policy?: Partial<Policy>; replicas: number; cpu: number; words: RegExp }> = {
    'says by how much it is below, and what would be needed': {
      replicas: 4,
      cpu: 465,
      words: /^stays at 4: cpu at 46 % of request against 50 % .*no change: ratio 0\.92 within 0\.9-1\.1,/,
    },
    'says what it would ask for without the tolerance': {
      replicas: 50,
      cpu: 545,
      words: /^stays at 50: .*\(50 instead of 54: ratio 1\.08 within 0\.9-1\.1,/,
    },
    'says that too of a tolerance of its own, each way': {
      policy: { behavior: given.behavior({ tolerance: 0.3 }, { tolerance: 0.01 }) },
      replicas: 10,
      cpu: 600,
      words: /\(10 instead of 12: ratio 1\.2 within 0\.99-1\.3,/,
    },
    'leaves the tolerance out where it is not what holds: the count is rounded up': {
      replicas: 3,
      cpu: 400,
      words: /^stays at 3: cpu at 40 % of request against 50 % asks for 3 \(3 pods counted\)$/,
    },
  };
  for (const [title, { policy = {}, replicas, cpu, words }] of Object.entries(rows)) {
    it(title, () => expect(explain(tick(policy, replicas, cpu))).to.match(words));
  }

  it('scales where the tolerance of that direction is exceeded', () => {
    const down = { tolerance: 0.01, stabilizationWindowSeconds: 0 };
    const policy = { behavior: given.behavior({ tolerance: 0.3 }, down) };
    expect(tick(policy, 10, 440).desiredReplicas).to.equal(9);
  });

  it('shows the same in the status', () => {
    const policy = given.policy();
    const { reason, metrics } = tellDecision(tick({}, 4, 465), policy);
    expect(reason).to.contain('no change: ratio 0.92 within 0.9-1.1');
    expect(metrics?.[0]).to.include({ current: '46%', target: '50%', proposedReplicas: 4 });
  });
});
