import { expect } from 'chai';
import { readHistory, wireHistory } from '../../src/api/history.ts';
import type { StoredHistory } from '../../src/decide/restore-history.ts';
import type { MetricReading } from '../../src/decide/snapshot.ts';
import * as given from '../decide/builders.ts';
import { lostQueue, Story } from '../decide/trust/story.ts';

/**
 * keda#8036 (also #4249, #6475, #7914), WPA#197: an outage of the source was read as 0 and scaled to zero; the fallback never
 * engaged, as what was to compute it (the adapter) was down itself.
 */
describe('thread 9: an outage that is read as zero', () => {
  const fallback = {
    type: 'Fallback',
    afterMs: 3 * given.minutes,
    replicas: 6,
    behavior: 'CurrentReplicasIfHigher',
  } as const;
  const policyWith = (onError?: typeof fallback) =>
    given.policy({ minReplicas: 0, metrics: [{ ...given.queueOf10, ...(onError && { onError }) }] });
  const hour = 3600;
  /** As JSON on the wire, as the API server keeps it. */
  const throughTheStatus = ({ asOfMs, history }: StoredHistory) =>
    readHistory(JSON.parse(JSON.stringify(wireHistory(history, asOfMs))));

  const outages: Record<string, MetricReading> = {
    'a source that cannot be reached': lostQueue,
    'an adapter that is down': { type: 'External', milli: { ok: false, message: 'no endpoints available' } },
    'an adapter that answers without any series': { type: 'External', milli: { ok: true, value: [] } },
  };
  for (const [name, outage] of Object.entries(outages)) {
    it(`is not so of ${name}: the target never goes to zero`, () => {
      const story = new Story(policyWith(), 3, given.scaleToZero);
      story.tick([given.queue(30)]);
      expect(story.ticks(() => [outage], 6 * hour).replicas).to.equal(3);
    });

    it(`engages the fallback with ${name}, as the operator that writes the replicas computes it`, () => {
      const story = new Story(policyWith(fallback), 3, given.scaleToZero);
      story.tick([given.queue(30)]);
      story.ticks(() => [outage], 180);
      expect(story.replicas).to.equal(3);
      expect(story.ticks(() => [outage], 60).replicas).to.equal(6);
      expect(story.condition('ScalingActive')).to.include({ status: 'True', reason: 'FallbackActive' });
    });
  }

  it('engages at its time though the operator is restarted in the middle, twice', () => {
    const story = new Story(policyWith(fallback), 3, given.scaleToZero);
    story.tick([given.queue(30)]);
    story.ticks(() => [lostQueue], 90);
    story.restart(throughTheStatus);
    story.ticks(() => [lostQueue], 60);
    story.restart(throughTheStatus);
    expect(story.ticks(() => [lostQueue], 30).replicas).to.equal(3);
    expect(story.tick([lostQueue]).replicas).to.equal(6);
    story.restart(throughTheStatus);
    const told = story.tick([lostQueue]);
    expect(told.replicas).to.equal(6);
    expect(told.words).to.equal(
      'stays at 6: external queue has failed for 3 m 15 s (connection refused); its fallback asks for 6',
    );
  });

  it('tells of the fallback in one event, whatever the length of the outage', () => {
    const story = new Story(policyWith(fallback), 3, given.scaleToZero);
    story.ticks(() => [lostQueue], 180);
    const reasons = Array.from({ length: 50 }, () => story.tick([lostQueue]).events)
      .flat()
      .map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'FallbackActive')).to.have.length(1);
    expect(reasons).not.to.include('FailedComputeMetricsReplicas');
  });

  it('lets go of the fallback as soon as the source answers', () => {
    const story = new Story(policyWith(fallback), 3, given.scaleToZero);
    story.ticks(() => [lostQueue], 300);
    expect(story.replicas).to.equal(6);
    expect(story.ticks(() => [given.queue(20)], 345).replicas).to.equal(2);
    expect(story.status).not.to.have.property('fallback');
    expect(story.condition('MetricFailing')?.status).to.equal('False');
  });

  it('goes to zero when the source says that there is nothing', () => {
    const story = new Story(policyWith(fallback), 3, given.scaleToZero);
    story.tick([given.queue(30)]);
    expect(story.ticks(() => [given.queue(0)], 330).replicas).to.equal(0);
  });

  it('holds where the outage itself says 0, for as long as a sudden zero is suspected', () => {
    const metrics = [{ ...given.queueOf10, suspectZeroMs: 30 * given.minutes }];
    const outage = (policy = given.policy({ minReplicas: 0, metrics: [given.queueOf10] })): number => {
      const story = new Story(policy, 3, given.scaleToZero);
      story.tick([given.queue(30)]);
      return story.ticks(() => [given.queue(0)], 20 * 60).replicas;
    };
    expect(outage(), 'the complaint').to.equal(0);
    expect(outage(given.policy({ minReplicas: 0, metrics }))).to.equal(3);
  });

  const noAnswers: Record<string, string> = {
    'no series': 'no series: nothing matches the query, or nothing was scraped of late',
    'no number': 'the value is NaN',
    'an error': 'connection refused',
  };
  for (const [name, message] of Object.entries(noAnswers)) {
    it(`is not so of a Prometheus server that answers with ${name}`, () => {
      const target = { type: 'AverageValue', averageMilli: 10_000n };
      const query = { type: 'Prometheus', server: 'main', query: 'sum(queue)', target } as const;
      const story = new Story(
        given.policy({ minReplicas: 0, metrics: [{ ...query, onError: fallback }] }),
        3,
        given.scaleToZero,
      );
      story.tick([{ type: 'Prometheus', milli: { ok: true, value: 30_000n } }]);
      const outage = { type: 'Prometheus', milli: { ok: false, message } } as const;
      expect(story.ticks(() => [outage], 150).replicas).to.equal(3);
      expect(story.ticks(() => [outage], 6 * hour).replicas).to.equal(6);
    });
  }
});
