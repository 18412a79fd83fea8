import { expect } from 'chai';
import type { MetricOptions } from '../../src/decide/policy.ts';
import * as given from '../decide/builders.ts';
import { cpuAt, lostQueue, Story } from '../decide/trust/story.ts';

/**
 * kubernetes#109214, #104387; enhancements#5679: one external metric that cannot be had freezes scaling down for ever; or an outage
 * of its source was told as 0, and the HPA scaled to the minimum.
 */
describe('thread 8: an external metric that fails', () => {
  const cpuAndQueue = (options: MetricOptions) =>
    given.policy({ metrics: [given.cpuAt50Percent, { ...given.queueOf10, ...options }] });
  const hour = 3600;
  /** CPU asks for 2, whatever there is. */
  const idle = (story: Story) => (nowMs: number) => [cpuAt(100, story.replicas, nowMs), lostQueue];
  /** 10 replicas of which CPU asks for 2, once the queue was at 100. */
  const busy = (options: MetricOptions): Story => {
    const story = new Story(cpuAndQueue(options), 10);
    story.tick([cpuAt(100, 10, story.nowMs), given.queue(100)]);
    return story;
  };

  it('freezes scaling down for ever with the HPA: the complaint', () => {
    const story = busy({});
    expect(story.ticks(idle(story), 24 * hour).replicas).to.equal(10);
  });

  it('lets the target scale down with `onError: Ignore`, once it has failed for so long', () => {
    const story = busy({ onError: { type: 'Ignore', afterMs: 10 * given.minutes } });
    expect(story.ticks(idle(story), 600).replicas).to.equal(10);
    expect(story.ticks(idle(story), hour).replicas).to.be.lessThan(3);
    expect(story.condition('MetricFailing')?.message).to.equal(
      'external queue has failed since 2000-01-01T12:00:30Z (connection refused): it is ignored',
    );
  });

  it('lets it scale down to a fallback, and no further, and says so', () => {
    const onError = {
      type: 'Fallback',
      afterMs: 3 * given.minutes,
      replicas: 4,
      behavior: 'Static',
    } as const;
    const story = busy({ onError });
    const told = story.ticks(idle(story), hour);
    expect(told.replicas).to.equal(4);
    expect(told.status.fallback).to.deep.equal({
      metric: 'External/queue',
      replicas: 4,
      sinceMs: given.now + 30 * given.seconds,
    });
    expect(told.words).to.contain('its fallback asks for 4 and wins');
  });

  it('never scales up by what it does not say, and always by what the others do', () => {
    for (const onError of [{ type: 'Hold' }, { type: 'Ignore', afterMs: 0 }] as const) {
      const story = new Story(cpuAndQueue({ onError }), 2);
      expect(story.tick([cpuAt(1000, 2, story.nowMs), lostQueue]).replicas).to.equal(4);
    }
  });

  it('told as 0 scales to the minimum with the HPA: the other complaint', () => {
    const story = new Story(given.policy({ metrics: [given.queueOf10] }), 10);
    story.tick([given.queue(100)]);
    expect(story.ticks(() => [given.queue(0)], 330).replicas).to.equal(1);
  });

  it('told as 0 holds the replicas with `suspectZeroSeconds`, for longer than the outage lasts', () => {
    const metrics = [{ ...given.queueOf10, suspectZeroMs: 30 * given.minutes }];
    const story = new Story(given.policy({ metrics }), 10);
    story.tick([given.queue(100)]);
    expect(story.ticks(() => [given.queue(0)], 20 * 60).replicas).to.equal(10);
    const back = story.tick([given.queue(95)]);
    expect(back.decision.verdict).to.equal('Computed');
    expect(back.replicas).to.equal(10);
  });
});
