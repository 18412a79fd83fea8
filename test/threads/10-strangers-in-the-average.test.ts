import { expect } from 'chai';
import { explain } from '../../src/decide/explain.ts';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/** kubernetes#124307, #78761, #83878, #91900, #112011: the selector matches pods of another workload too. */
describe('thread 10: strangers in the average', () => {
  const own = given.pods(4, { ownerUid: 'replicaset' });
  const strangers = ['batch-0', 'batch-1', 'batch-2', 'batch-3'].map((name) =>
    given.pod(name, { ownerUid: 'job' }),
  );
  /** The target's pods are at twice their target, the strangers idle. */
  const seen = given.snapshot(
    4,
    [
      {
        type: 'Resource',
        usage: {
          ok: true,
          value: [
            ...own.map(({ name }) => given.usage(name, 1000)),
            ...strangers.map(({ name }) => given.usage(name, 0)),
          ],
        },
      },
    ],
    { pods: [...strangers, ...own], owners: ['replicaset', 'deployment'] },
  );

  it('averages them in as the HPA does, but says so', () => {
    const autoscaler = new Autoscaler({});
    expect(autoscaler.tick(seen).desiredReplicas).to.equal(4);
    expect(autoscaler.condition('ForeignPods')).to.deep.include({
      status: 'True',
      message:
        'the selector app=web also matches 4 pods that Deployment web does not own, counted all the same: batch-0, batch-1, batch-2, batch-3',
    });
  });

  it('leaves them out with podSelection: Owned', () => {
    const autoscaler = new Autoscaler({ podSelection: 'Owned' });
    const decision = autoscaler.tick(seen);
    expect(decision.desiredReplicas).to.equal(8);
    expect(explain(decision)).to.include(
      '4 owned pods chosen, left out 4 not owned (batch-0, batch-1, batch-2...)',
    );
    expect(autoscaler.condition('ForeignPods')?.message).to.include('does not own, left out: batch-0');
  });

  it('is not blocked by another autoscaler whose selector matches the same labels', () => {
    const otherAutoscalers = [{ namespace: 'default', name: 'other', selector: 'app=web' }];
    const blocked = new Autoscaler({});
    blocked.tick({ ...seen, otherAutoscalers });
    expect(blocked.condition('ScalingActive')).to.deep.include({ reason: 'AmbiguousSelector' });
    const free = new Autoscaler({ podSelection: 'Owned' });
    expect(free.tick({ ...seen, otherAutoscalers }).desiredReplicas).to.equal(8);
  });
});
