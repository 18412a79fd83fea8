import { expect } from 'chai';
import type { PodFacts } from '../../src/decide/snapshot.ts';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/** kubernetes#87935, #79365, #119991: a finished helm-test pod, or a sidecar without requests, blocks the autoscaler. */
describe('thread 13: a pod without a request', () => {
  const owned = given.pods(2, { ownerUid: 'replicaset' });
  const helmTest = given.pod('web-test', {
    phase: 'Succeeded',
    containers: [{ name: 'curl', requests: {} }],
  });
  const seen = (pods: readonly PodFacts[]) =>
    given.snapshot(2, [given.usages(1000, 1000)], { pods, owners: ['replicaset', 'deployment'] });

  it('blocks the HPA for as long as it is there: the complaint', () => {
    const autoscaler = new Autoscaler({});
    for (let tick = 0; tick < 100; tick++) {
      const decision = autoscaler.tick(seen([...owned, helmTest]), given.now + tick * 15 * given.seconds);
      expect(decision).to.include({ verdict: 'MetricsFailed', rescale: false });
    }
  });

  it('is named with its container, in one condition that stays the same', () => {
    const autoscaler = new Autoscaler({});
    autoscaler.tick(seen([...owned, helmTest]));
    const first = autoscaler.condition('RequestMissing');
    expect(first).to.deep.include({
      status: 'True',
      message: 'no utilization can be told: missing request for cpu in container curl of Pod web-test',
    });
    autoscaler.tick(seen([...owned, helmTest]), given.now + given.minutes);
    expect(autoscaler.condition('RequestMissing')).to.deep.equal(first);
  });

  it('does not block podSelection: Owned where it has finished, or is a stranger', () => {
    const finished = { ...helmTest, ownerUid: 'replicaset' };
    for (const pod of [helmTest, finished]) {
      const autoscaler = new Autoscaler({ podSelection: 'Owned' });
      expect(autoscaler.tick(seen([...owned, pod])).desiredReplicas).to.equal(4);
      expect(autoscaler.condition('RequestMissing')).to.equal(undefined);
    }
  });

  it('is told of no more once the request is there', () => {
    const sidecar = { name: 'proxy', requests: {} };
    const autoscaler = new Autoscaler({});
    autoscaler.tick(seen(owned.map((pod) => ({ ...pod, containers: [...pod.containers, sidecar] }))));
    expect(autoscaler.condition('RequestMissing')?.message).to.include('in container proxy of Pod web-0');
    autoscaler.tick(seen(owned));
    expect(autoscaler.condition('RequestMissing')).to.deep.include({ status: 'False' });
  });
});
