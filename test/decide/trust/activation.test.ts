import { expect } from 'chai';
import type { MetricReading } from '../../../src/decide/snapshot.ts';
import * as given from '../builders.ts';
import { lostQueue, Story } from './story.ts';

const policy = given.policy({
  minReplicas: 0,
  metrics: [{ ...given.queueOf10, activationMilli: 5000n }],
});

/** At zero by its own doing. */
const asleep = (on = policy): Story => {
  const story = new Story(on, 1, given.scaleToZero);
  story.ticks(() => [given.queue(0)], 330);
  expect(story.replicas).to.equal(0);
  return story;
};

describe('an activation threshold', () => {
  it('leaves a target at zero up to its value, and says so', () => {
    const told = asleep().tick([given.queue(5)]);
    expect(told.replicas).to.equal(0);
    expect(told.words).to.equal(
      'stays at 0: external queue at 5 in all against 10 for each replica asks for 0 (0 instead of 1: only more than 5 wakes it from zero)',
    );
    expect(told.decision.trace.limiters[0]).to.deep.equal({
      limiter: 'activation',
      from: 1,
      to: 0,
      reason: 'BelowActivation',
      metric: 0,
      activationMilli: 5000n,
    });
  });

  it('lets it wake for anything above', () => {
    const series: MetricReading = { type: 'External', milli: { ok: true, value: [5000n, 1n] } };
    expect(asleep().tick([series]).replicas).to.equal(1);
  });

  it('says nothing once there are replicas', () => {
    const story = asleep();
    story.tick([given.queue(35)]);
    expect(story.replicas).to.equal(4);
    const told = story.ticks(() => [given.queue(5)], 360);
    expect(told.replicas).to.equal(1);
  });

  it('counts the whole value, not the share of replicas that are still going', () => {
    const object = {
      type: 'Object',
      metric: { name: 'jobs' },
      describedObject: { apiVersion: 'v1', kind: 'Service', name: 'web' },
      target: { type: 'Value', valueMilli: 1000n },
      activationMilli: 0n,
    } as const;
    const on = given.policy({ minReplicas: 0, metrics: [object] });
    const jobs = (milli: bigint): MetricReading => ({ type: 'Object', milli: { ok: true, value: milli } });
    const story = new Story(on, 1, given.scaleToZero);
    story.ticks(() => [jobs(0n)], 330);
    expect(story.tick([jobs(0n)]).replicas).to.equal(0);
    expect(story.tick([jobs(1n)]).replicas).to.equal(1);
  });

  it('is no reason to read an error as a value', () => {
    expect(asleep().tick([lostQueue]).decision.verdict).to.equal('MetricsFailed');
  });
});
