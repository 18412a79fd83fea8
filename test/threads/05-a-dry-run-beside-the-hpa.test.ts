import { expect } from 'chai';
import { shadowAfter } from '../../src/decide/shadow.ts';
import type { Shadow } from '../../src/decide/shadow.ts';
import type { Rival } from '../../src/decide/snapshot.ts';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/**
 * kubernetes#106765, enhancements#3148/#3149: there is no way to try an autoscaler beside the one that is at work; the proposal rotted.
 */
describe('thread 5: a dry run', () => {
  const hpa = (replicas: number): Rival => ({
    ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'web' },
    wanted: { replicas, reason: 'TooManyReplicas: more than the maximum', spec: 'a1' },
  });
  const busy = (theirs: number) => given.snapshot(2, [given.usages(1500, 1500)], { rivals: [hpa(theirs)] });

  it('decides beside an HPA, tells what it would do, and takes nothing from it', () => {
    const subject = new Autoscaler({ mode: 'DryRun' });
    const decision = subject.tick(busy(4));
    expect(decision).to.include({ verdict: 'Computed', desiredReplicas: 4, dryRun: true });
    expect(subject.outcome).to.deep.equal({ type: 'DryRun' });
    expect(subject.condition('AbleToScale')?.message).to.equal(
      'the target would be scaled from 2 to 4, but the mode is DryRun',
    );
  });

  it('shows where it differs from the HPA, with both reasons', () => {
    const subject = new Autoscaler({ mode: 'DryRun', maxReplicas: 20 });
    let shadow: Shadow | undefined;
    for (const theirs of [4, 4, 3, 4]) {
      const snapshot = busy(theirs);
      const decision = subject.tick(snapshot);
      shadow = shadowAfter(shadow, { decision, generation: 1, rivals: snapshot.rivals ?? [] })?.shadow;
    }
    expect(shadow).to.include({ ticks: 4, agreed: 3 });
    expect(shadow?.firstDifference).to.include({ ours: 4, theirs: 3 });
    expect(shadow?.firstDifference?.reason).to.match(
      /ours: 2 -> 4 .*TooManyReplicas: more than the maximum$/,
    );
  });
});
