import { expect } from 'chai';
import type { History } from '../../src/decide/history.ts';
import { propose } from '../../src/decide/propose.ts';
import type { Proposals } from '../../src/decide/propose.ts';
import type { MetricReading } from '../../src/decide/snapshot.ts';
import * as given from './builders.ts';

const orders = { ...given.queueOf10, metric: { name: 'orders' } };
const twoQueues = given.policy({ minReplicas: 0, metrics: [given.queueOf10, orders] });
const lost: MetricReading = { type: 'External', milli: { ok: false, message: 'gone' } };

const history: History = { recommendations: [], scaleUps: [], scaleDowns: [] };
const common = { history, options: given.options, nowMs: given.now };

const proposeOn = (metrics: readonly MetricReading[], replicas = 3, selector = 'app=web'): Proposals => {
  const scale = given.scale(replicas, { selector });
  return propose({ ...common, policy: twoQueues, snapshot: given.snapshot(replicas, metrics), scale });
};
const failedTwice =
  'failed to get queue external metric value: failed to get queue external metric: unable to get external metric default/queue/nil: unable to fetch metrics from external metrics API: gone';

describe('what all metrics together ask for', () => {
  it('is the largest count, and names the metric that asks for it', () => {
    const found = proposeOn([given.queue(15), given.queue(75)]);
    expect(found).to.include({ replicas: 8, winner: 1 });
    expect(found.finding).to.deep.equal({
      type: 'ScalingActive',
      status: 'True',
      reason: 'ValidMetricFound',
      message: 'the HPA was able to successfully calculate a replica count from external metric orders(nil)',
    });
  });

  it('names the first of those that ask for the same', () => {
    expect(proposeOn([given.queue(75), given.queue(75)]).winner).to.equal(0);
  });

  it('names the last of those that ask for none, as none of them was the largest yet', () => {
    expect(proposeOn([given.queue(0), given.queue(0)])).to.include({ replicas: 0, winner: 1 });
  });

  it('is nothing to go by when the selector is refused: no metric is even asked', () => {
    const found = proposeOn([given.queue(75), given.queue(75)], 3, '');
    expect(found).to.deep.include({ replicas: undefined, proposals: [], statuses: null });
    expect(found.events).to.deep.equal([
      { type: 'Warning', reason: 'SelectorRequired', message: 'selector is required' },
      { type: 'Warning', reason: 'FailedComputeMetricsReplicas', message: 'selector is required' },
    ]);
  });

  it('is nothing to go by when every metric failed', () => {
    const found = proposeOn([lost, lost], 0);
    expect(found.replicas).to.equal(undefined);
    expect(found.statuses).to.deep.equal([{ type: 'Empty' }, { type: 'Empty' }]);
    expect(found.events.map(({ reason }) => reason)).to.deep.equal([
      'FailedGetExternalMetric',
      'FailedGetExternalMetric',
      'FailedComputeMetricsReplicas',
    ]);
    expect(found.events.at(-1)?.message).to.equal(
      `invalid metrics (2 invalid out of 2), first error is: ${failedTwice}`,
    );
  });

  it('is nothing to go by when one failed and the others would let replicas go', () => {
    expect(proposeOn([lost, given.queue(15)]).replicas).to.equal(undefined);
  });

  it('is what is left when one failed and the others ask for no fewer than there are', () => {
    const found = proposeOn([lost, given.queue(30)]);
    expect(found).to.include({ replicas: 3, winner: 1 });
    expect(found.finding.reason).to.equal('ValidMetricFound');
    expect(found.events).to.have.length(1);
    expect(found.events[0]).to.deep.include({ type: 'Warning', reason: 'FailedGetExternalMetric' });
  });

  it('is never below zero', () => {
    const negative: MetricReading = { type: 'External', milli: { ok: true, value: [10_000n, -90_000n] } };
    const target = { type: 'Value', valueMilli: 1n };
    const byValue = given.policy({ metrics: [{ type: 'External', metric: { name: 'queue' }, target }] });
    const scale = given.scale(3);
    const found = propose({ ...common, policy: byValue, snapshot: given.snapshot(3, [negative]), scale });
    expect(found.replicas).to.equal(0);
  });
});
