import { expect } from 'chai';
import { withObservedRescale } from '../../src/decide/observed-rescale.ts';
import type { Behavior } from '../../src/decide/policy.ts';
import * as given from './builders.ts';

describe('what a dry run remembers of the other autoscaler', () => {
  const policies = [{ type: 'Pods', value: 2, periodSeconds: 60 }] as const;
  const rules = { policies, selectPolicy: 'Max', stabilizationWindowMs: 0 };
  const behavior = { scaleUp: rules, scaleDown: rules } as unknown as Behavior;
  const history = { recommendations: [], scaleUps: [], scaleDowns: [] };
  const rivals = [{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'web' }];

  /** The target was at `from` at the last tick, and is at `to` now. */
  const seen = (from: number, to: number, mode: 'Active' | 'DryRun' = 'DryRun', beside = rivals) =>
    withObservedRescale({
      policy: given.policy({ mode, behavior }),
      snapshot: given.snapshot(to, [given.usages(500)], {
        rivals: beside,
        status: { ...given.noStatus, currentReplicas: from },
      }),
      history,
      options: given.options,
      nowMs: given.now,
    }).history;

  it('is each of its steps, as a scale event of its own', () => {
    const event = (change: number) => [{ atMs: given.now, change, outdated: false }];
    expect(seen(2, 5)).to.deep.equal({ ...history, scaleUps: event(3) });
    expect(seen(5, 1)).to.deep.equal({ ...history, scaleDowns: event(4) });
  });

  it('is nothing where nothing was scaled, nobody else is there, or it is active itself', () => {
    expect(seen(3, 3)).to.equal(history);
    expect(seen(2, 5, 'DryRun', [])).to.equal(history);
    expect(seen(2, 5, 'Active')).to.equal(history);
  });
});
