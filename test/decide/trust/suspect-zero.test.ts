import { expect } from 'chai';
import type { MetricOptions, MetricSpec } from '../../../src/decide/policy.ts';
import type { MetricReading } from '../../../src/decide/snapshot.ts';
import * as given from '../builders.ts';
import { cpuAt, lostQueue, Story } from './story.ts';

const queuePolicy = (options: MetricOptions) =>
  given.policy({ minReplicas: 0, metrics: [{ ...given.queueOf10, ...options }] });
const suspicious = queuePolicy({ suspectZeroMs: 5 * given.minutes });
const start = (policy = suspicious): Story => {
  const story = new Story(policy, 3, given.scaleToZero);
  story.tick([given.queue(30)]);
  return story;
};
const empty = () => [given.queue(0)];

describe('a sudden zero', () => {
  it('is an error until it has lasted, and believed then', () => {
    const story = start();
    const told = story.tick(empty());
    expect(told.replicas).to.equal(3);
    expect(told.words).to.equal(
      'stays at 3: external queue fails (a sudden zero, not believed before 2000-01-01T12:05:30Z)',
    );
    expect(story.condition('MetricFailing')).to.include({ status: 'True', reason: 'Held' });
    expect(story.ticks(empty, 285).decision.verdict).to.equal('MetricsFailed');
    const believed = story.tick(empty());
    expect(believed.decision.verdict).to.equal('Computed');
    expect(believed.decision.trace.proposals[0]).to.include({ ok: true, replicas: 0 });
    expect(story.ticks(empty, 330).replicas).to.equal(0);
  });

  it('is forgotten as soon as a value comes back', () => {
    const story = start();
    story.ticks(empty, 240);
    expect(story.tick([given.queue(30)]).decision.verdict).to.equal('Computed');
    expect(story.ticks(empty, 285).replicas).to.equal(3);
    expect(story.condition('MetricFailing')?.status).to.equal('True');
  });

  it('has to last without an error in between: an error proves no zero', () => {
    const story = start();
    story.ticks(empty, 240);
    story.tick([lostQueue]);
    const told = story.tick(empty());
    expect(told.words).to.equal(
      'stays at 3: external queue has failed for 4 m 15 s (a sudden zero, not believed before 2000-01-01T12:09:45Z)',
    );
  });

  it('is believed at once where the metric was never above zero, or the last good value was none', () => {
    const story = new Story(suspicious, 3, given.scaleToZero);
    expect(story.tick(empty()).decision.verdict).to.equal('Computed');
    const again = start();
    again.ticks(empty, 330);
    expect(again.tick(empty()).decision.verdict).to.equal('Computed');
  });

  it('is believed at once where it is not asked to be suspected', () => {
    expect(start(queuePolicy({})).tick(empty()).decision.verdict).to.equal('Computed');
  });

  it('counts as a failure: what is done with one is done with it', () => {
    const onError = { type: 'Fallback', afterMs: 60_000, replicas: 4, behavior: 'Static' } as const;
    const story = start(queuePolicy({ suspectZeroMs: 5 * given.minutes, onError }));
    expect(story.ticks(empty, 60).replicas).to.equal(3);
    const told = story.tick(empty());
    expect(told.replicas).to.equal(4);
    expect(told.words).to.equal(
      '3 -> 4: external queue has failed for 1 m (a sudden zero, not believed before 2000-01-01T12:05:30Z); its fallback asks for 4',
    );
  });

  it('is one of CPU too, which is cut off to whole percent', () => {
    const metrics = [{ ...given.cpuAt50Percent, suspectZeroMs: 60_000 }];
    const story = new Story(given.policy({ metrics }), 2);
    story.tick([cpuAt(300, 2, story.nowMs)]);
    const nearly = story.tick([cpuAt(4, 2, story.nowMs)]);
    expect(nearly.decision.verdict).to.equal('Computed');
    expect(story.tick([cpuAt(0, 2, story.nowMs)]).decision.verdict).to.equal('MetricsFailed');
    expect(story.ticks((nowMs) => [cpuAt(0, 2, nowMs)], 60).decision.verdict).to.equal('Computed');
  });

  it('is one of custom metrics of pods too', () => {
    const hits: MetricSpec = {
      type: 'Pods',
      metric: { name: 'hits' },
      target: { type: 'AverageValue', averageMilli: 10_000n },
      suspectZeroMs: 60_000,
    };
    const story = new Story(given.policy({ metrics: [hits] }), 1);
    const sample = (milli: bigint): MetricReading => ({
      type: 'Pods',
      samples: { ok: true, value: [{ podName: 'web-0', timestampMs: given.now, windowMs: 0, milli }] },
    });
    story.tick([sample(10_000n)]);
    expect(story.tick([sample(0n)], 1).words).to.equal(
      'stays at 1: hits of pods fails (a sudden zero, not believed before 2000-01-01T12:01:16Z)',
    );
    expect(story.tick([sample(0n)], 1).words).to.contain('hits of pods has failed for 1 s (');
  });

  it('survives a restart, and so does the memory of a value above zero', () => {
    const story = start();
    story.restart();
    expect(story.tick(empty()).decision.verdict).to.equal('MetricsFailed');
    story.ticks(empty, 150);
    story.restart();
    expect(story.tick(empty()).words).to.contain('not believed before 2000-01-01T12:05:30Z');
    expect(story.ticks(empty, 120).decision.verdict).to.equal('MetricsFailed');
    expect(story.tick(empty()).decision.verdict).to.equal('Computed');
  });

  it('is nothing to suspect at zero replicas', () => {
    const story = start();
    story.ticks(empty, 630);
    expect(story.replicas).to.equal(0);
    expect(story.tick(empty()).decision.verdict).to.equal('Computed');
    expect(story.condition('MetricFailing')?.status).to.equal('False');
  });
});
