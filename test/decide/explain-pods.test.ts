import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import { explain } from '../../src/decide/explain.ts';
import type { Policy } from '../../src/decide/policy.ts';
import type { Snapshot } from '../../src/decide/snapshot.ts';
import * as given from './builders.ts';

const owners = ['replicaset', 'deployment'];
const own = given.pods(2, { ownerUid: 'replicaset' });

describe('the words about pods', () => {
  const told = (policy: Partial<Policy>, changes: Partial<Snapshot>, history = given.noHistory): string => {
    const snapshot = given.snapshot(2, [given.usages(500, 500)], changes);
    return explain(decide(given.input({ policy: given.policy(policy), snapshot, history })));
  };
  const owned: Partial<Policy> = { podSelection: 'Owned' };

  it('are none for an autoscaler as the HPA', () => {
    expect(told({}, { pods: own, owners })).to.equal(
      'stays at 2: cpu at 50 % of request against 50 % asks for 2 (no change: ratio 1 within 0.9-1.1, 2 pods counted)',
    );
  });

  it('tell how many were chosen', () => {
    expect(told(owned, { pods: own, owners })).to.match(/\(.*2 pods counted\); 2 owned pods chosen$/);
  });

  it('tell who was left out, by the reason, three by name', () => {
    const finished = given.pod('web-old', { ownerUid: 'replicaset', phase: 'Succeeded' });
    const deleting = given.pod('web-gone', { ownerUid: 'replicaset', deleting: true });
    const surge = given.pod('web-x', { ownerUid: 'replicaset' });
    const strangers = ['a', 'b', 'c', 'd'].map((name) => given.pod(name));
    expect(told(owned, { pods: [...own, finished, deleting, surge, ...strangers], owners })).to.include(
      '2 owned pods chosen, left out 4 not owned (a, b, c...), 1 being deleted (web-gone), 1 finished (web-old), 1 beyond spec.replicas (web-x)',
    );
  });

  it('tell where the selector chose all the same', () => {
    expect(told(owned, { pods: own })).to.include(
      'all pods of the selector counted, as it is not known which the target owns',
    );
  });

  it('tell that the samples have led to a rescale already', () => {
    const actedSampleAtMs = given.now - 10 * given.seconds;
    const history = given.history({ metrics: { 'Resource/cpu': { actedSampleAtMs } } });
    const metrics = [given.usages(1000, 1000)];
    expect(told({ requireFreshSamples: true }, { metrics }, history)).to.include(
      '2 instead of 4: the newest sample, 10 s old, has led to a rescale already',
    );
  });

  it('tell who brought the target to zero', () => {
    const zero = (status: 'True' | 'False', options = given.scaleToZero): string => {
      const condition = { type: 'ScaledToZero', status, reason: '', message: '', lastTransitionAtMs: 0 };
      const policy = given.policy({ minReplicas: 0 });
      const changes = { status: { ...given.noStatus, conditions: [condition] } };
      const snapshot = given.snapshot(0, [given.usages()], changes);
      return explain(decide(given.input({ policy, snapshot, options })));
    };
    expect(zero('False')).to.match(/at 0 replicas, which this autoscaler did not set$/);
    expect(zero('True')).to.match(/scaled there by this autoscaler, and no metric is left/);
    expect(zero('True', given.options)).to.match(/switched off while the target is at 0 replicas$/);
  });
});
