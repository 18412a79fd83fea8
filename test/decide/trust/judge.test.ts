import { expect } from 'chai';
import fc from 'fast-check';
import type { MetricSpec } from '../../../src/decide/policy.ts';
import type { Proposal } from '../../../src/decide/proposal.ts';
import type { MetricReading } from '../../../src/decide/snapshot.ts';
import * as given from '../builders.ts';
import { cpuAt, lostCpu, lostQueue, Story } from './story.ts';

const hold = { type: 'Hold' } as const;

describe('what is remembered of a metric', () => {
  it('is nothing while all is well and nothing asks for it', () => {
    const metrics = [{ ...given.cpuAt50Percent, onError: hold, maxAgeMs: 60_000 }];
    const story = new Story(given.policy({ metrics }), 2);
    story.tick([cpuAt(500, 2, story.nowMs)]);
    expect(story.history).not.to.have.property('metrics');
  });

  it('is the last good value with suspectZeroSeconds, kept through a failure', () => {
    const story = new Story(given.policy({ metrics: [{ ...given.queueOf10, suspectZeroMs: 60_000 }] }), 3);
    story.tick([given.queue(50)]);
    const lastGood = { atMs: given.now + 15_000, replicas: 5, aboveTarget: true, nonZero: true };
    expect(story.history?.metrics).to.deep.equal({ 'External/queue': { lastGood } });
    story.tick([lostQueue]);
    expect(story.history?.metrics).to.deep.equal({
      'External/queue': { lastGood, failingSinceMs: given.now + 30_000 },
    });
  });

  it('tells whether a metric was above its target, and not whether it was off it', () => {
    const story = new Story(given.policy({ metrics: [{ ...given.queueOf10, suspectZeroMs: 60_000 }] }), 3);
    const wasAbove = (length: number): boolean | undefined => {
      story.replicas = 3;
      story.tick([given.queue(length)]);
      return story.history?.metrics?.['External/queue']?.lastGood?.aboveTarget;
    };
    expect([10, 30, 33, 34].map(wasAbove)).to.deep.equal([false, false, false, true]);
  });

  it('is the last good value where a step up is asked for, be the metric trusted or not', () => {
    const story = new Story(given.policy({ onAllPodsUnready: 'StepUp' }), 2);
    story.tick([cpuAt(540, 2, story.nowMs)]);
    expect(story.history?.metrics?.['Resource/cpu']?.lastGood).to.include({ aboveTarget: false });
    story.tick([lostCpu]);
    expect(story.history?.metrics?.['Resource/cpu']).to.have.all.keys('lastGood');
  });

  it('goes with the metric, and with the field that asked for it', () => {
    const story = new Story(given.policy({ metrics: [{ ...given.queueOf10, suspectZeroMs: 60_000 }] }), 3);
    story.tick([given.queue(50)]);
    const other = new Story(given.policy({ metrics: [given.queueOf10] }), 3);
    other.history = story.history;
    other.tick([given.queue(50)]);
    expect(other.history).not.to.have.property('metrics');
  });

  it('forgets a sample that was acted on once nobody asks for fresh ones', () => {
    const story = new Story(given.policy({ metrics: [{ ...given.queueOf10, onError: hold }] }), 3);
    story.history = {
      recommendations: [],
      scaleUps: [],
      scaleDowns: [],
      metrics: { 'External/queue': { actedSampleAtMs: given.now } },
    };
    story.tick([lostQueue]);
    expect(story.history.metrics?.['External/queue']).to.have.all.keys('failingSinceMs');
  });

  it('stays as it is where no metric was asked', () => {
    const story = new Story(given.policy({ metrics: [{ ...given.queueOf10, onError: hold }] }), 3);
    story.tick([lostQueue]);
    const { metrics } = story.history ?? {};
    story.replicas = 50;
    story.tick([lostQueue]);
    expect(story.replicas).to.equal(10);
    expect(story.history?.metrics).to.deep.equal(metrics);
  });
});

describe('a restart', () => {
  const onError = fc.constantFrom<MetricSpec['onError'] & object>(
    hold,
    { type: 'Ignore', afterMs: 45_000 },
    { type: 'Fallback', afterMs: 60_000, replicas: 4, behavior: 'CurrentReplicas' },
    { type: 'Fallback', afterMs: 0, replicas: 7, behavior: 'Static' },
  );
  const seconds = fc.constantFrom(15_000, 45_000, 90_000);
  const metric = fc
    .tuple(onError, seconds)
    .map(([one, suspectZeroMs]): MetricSpec => ({ ...given.queueOf10, onError: one, suspectZeroMs }));
  const reading = fc.constantFrom<MetricReading>(given.queue(0), given.queue(25), lostQueue);
  const ticks = fc.array(fc.tuple(reading, fc.boolean()), { minLength: 1, maxLength: 40 });

  it('changes nothing in what is thought of a metric, at whatever time it comes', () => {
    fc.assert(
      fc.property(metric, ticks, (spec, story) => {
        const [once, often] = [0, 1].map(() => new Story(given.policy({ metrics: [spec] }), 3)) as [
          Story,
          Story,
        ];
        for (const [one, isRestarted] of story) {
          // The count may differ, as a stored history is drawn together; what is thought must not hang on it.
          often.replicas = once.replicas;
          const thought = [once, often].map((each) => each.tick([one]).decision.trace.proposals);
          expect(thoughts(thought[1])).to.deep.equal(thoughts(thought[0]));
          if (isRestarted) often.restart();
        }
      }),
    );
  });

  function thoughts(proposals: readonly Proposal[] = []): unknown {
    return proposals.map((proposal) => (proposal.ok ? proposal.replicas : proposal.failing));
  }
});

describe('a trace', () => {
  it('is not longer for what a source answered, nor for the samples that are too old', () => {
    const page = 'x'.repeat(100_000);
    const story = new Story(given.policy({ metrics: [{ ...given.queueOf10, onError: hold }] }), 3);
    const told = story.tick([{ type: 'External', milli: { ok: false, message: page } }]);
    expect(JSON.stringify(told.decision.trace).length).to.be.below(3000);
    expect(told.words.length).to.be.below(1000);
    expect(story.condition('MetricFailing')?.message.length).to.be.below(1000);
    const many = new Story(given.policy({ metrics: [{ ...given.cpuAt50Percent, maxAgeMs: 60_000 }] }), 5);
    const value = Array.from({ length: 1000 }, (_, index) =>
      given.usage(`web-${index}`, 500, { timestampMs: index === 0 ? given.now : 0 }),
    );
    const { proposals } = many.tick([{ type: 'Resource', usage: { ok: true, value } }]).decision.trace;
    expect(proposals[0]?.ok === true && proposals[0].inputs.stale).to.deep.include({ count: 999 });
    expect(
      JSON.stringify(proposals, (_, one: unknown) => (typeof one === 'bigint' ? `${one}` : one)).length,
    ).to.be.below(3000);
  });
});
