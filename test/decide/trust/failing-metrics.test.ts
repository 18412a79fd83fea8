import { expect } from 'chai';
import fc from 'fast-check';
import { settle } from '../../../src/decide/settle.ts';
import type { MetricReading } from '../../../src/decide/snapshot.ts';
import * as given from '../builders.ts';
import { behavior } from '../histories.ts';
import { cpuAt, lostCpu, lostQueue, Story } from './story.ts';

const fallback = { type: 'Fallback', afterMs: 0, replicas: 6, behavior: 'Static' } as const;
const metrics = [
  { ...given.cpuAt50Percent, onError: { type: 'Hold' } },
  { ...given.queueOf10, onError: fallback },
] as const;
const policy = given.policy({ metrics });

describe('MetricFailing', () => {
  it('is absent until a metric fails, then names each, and is False once all answer', () => {
    const story = new Story(policy, 4);
    story.tick([cpuAt(500, 4, story.nowMs), given.queue(10)]);
    expect(story.condition('MetricFailing')).to.equal(undefined);
    story.tick([lostCpu, lostQueue]);
    expect(story.condition('MetricFailing')).to.deep.equal({
      type: 'MetricFailing',
      status: 'True',
      reason: 'Held',
      message:
        'cpu has failed since 2000-01-01T12:00:30Z (connection refused): nothing is scaled down without it; external queue has failed since 2000-01-01T12:00:30Z (connection refused): its fallback asks for 6',
      lastTransitionAtMs: given.now + 30_000,
    });
    story.tick([cpuAt(500, 6, story.nowMs), given.queue(10)]);
    expect(story.condition('MetricFailing')).to.include({ status: 'False', reason: 'MetricsAnswer' });
  });

  it('names no more than five, and counts the others', () => {
    const names = Array.from({ length: 7 }, (_, index) => ({
      ...given.queueOf10,
      metric: { name: `q${index}` },
      onError: { type: 'Hold' } as const,
    }));
    const story = new Story(given.policy({ metrics: names }), 4);
    story.tick(names.map(() => lostQueue));
    const { message = '' } = story.condition('MetricFailing') ?? {};
    expect(message).to.match(/^external q0 .*external q4 .*; and 2 more$/);
    expect(message).not.to.contain('external q5');
    const five = new Story(given.policy({ metrics: names.slice(0, 5) }), 4);
    five.tick(names.slice(0, 5).map(() => lostQueue));
    expect(five.condition('MetricFailing')?.message).to.match(/without it$/);
  });

  it('tells until when a metric is held, and that one is ignored', () => {
    const onError = { type: 'Ignore', afterMs: 60_000 } as const;
    const story = new Story(
      given.policy({ metrics: [given.cpuAt50Percent, { ...given.queueOf10, onError }] }),
      4,
    );
    story.tick([lostCpu, lostQueue]);
    const since = 'external queue has failed since 2000-01-01T12:00:15Z (connection refused)';
    expect(story.condition('MetricFailing')?.message).to.equal(
      `${since}: nothing is scaled down without it until 2000-01-01T12:01:15Z`,
    );
    story.ticks(() => [lostCpu, lostQueue], 60);
    expect(story.condition('MetricFailing')).to.deep.include({
      reason: 'Ignored',
      message: `${since}: it is ignored`,
    });
  });

  it('is False while the target is switched off, as no metric is asked', () => {
    const story = new Story(policy, 4);
    story.tick([lostCpu, lostQueue]);
    story.replicas = 0;
    expect(story.tick([lostCpu, lostQueue]).decision.verdict).to.equal('Disabled');
    expect(story.condition('MetricFailing')).to.include({
      status: 'False',
      message: 'no metric fails of those that have onError, maxAgeSeconds or suspectZeroSeconds',
    });
  });

  it('stays as it is in a tick that asks no metric', () => {
    const story = new Story(policy, 4);
    story.tick([lostCpu, lostQueue]);
    const before = story.condition('MetricFailing');
    story.replicas = 20;
    expect(story.tick([lostCpu, lostQueue]).decision.verdict).to.equal('OutOfRange');
    expect(story.condition('MetricFailing')).to.deep.equal(before);
  });

  it('is no word about metrics of which the policy says nothing', () => {
    const story = new Story(given.policy({ metrics: [given.cpuAt50Percent, given.queueOf10] }), 4);
    story.tick([lostCpu, lostQueue]);
    expect(story.condition('MetricFailing')).to.equal(undefined);
  });
});

describe('the fallback in the status', () => {
  it('is there while one decides, and is a change of the status', () => {
    const story = new Story(policy, 4);
    const snapshot = given.snapshot(4, []);
    const { decision, status } = story.tick([cpuAt(500, 4, story.nowMs), lostQueue]);
    expect(status.fallback).to.deep.equal({
      metric: 'External/queue',
      replicas: 6,
      sinceMs: given.now + 15_000,
    });
    const before = { ...status, fallback: { metric: 'External/queue', replicas: 5, sinceMs: given.now } };
    const rescaled = settle(decision, { ...snapshot, status: before }, { type: 'Scaled' });
    expect(rescaled.statusChanged).to.equal(true);
  });

  it('stays while the target cannot be read, and goes with the first metric that decides', () => {
    const story = new Story(policy, 4);
    const { status } = story.tick([cpuAt(500, 4, story.nowMs), lostQueue]);
    const unreadable = given.snapshot(6, [], { target: { ok: false, message: 'gone' }, status });
    const { decision } = story.tick([cpuAt(900, 6, story.nowMs), lostQueue]);
    expect(decision.trace.winner).to.equal(0);
    expect(story.status).not.to.have.property('fallback');
    const kept = settle({ ...decision, verdict: 'TargetUnreadable' }, unreadable, { type: 'NotNeeded' });
    expect(kept.status.fallback).to.deep.equal(status.fallback);
  });
});

describe('a policy that says nothing of trust', () => {
  const reading = fc.constantFrom<MetricReading>(given.queue(0), given.queue(25), given.queue(90), lostQueue);
  const cpu = fc.constantFrom<MetricReading>(given.usages(0, 0), given.usages(500, 900), lostCpu);

  it('remembers nothing of metrics, whatever they do: its history is that of before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cpu, reading), { minLength: 1, maxLength: 40 }),
        fc.option(behavior, { nil: undefined }),
        (ticks, rules) => {
          const plain = [given.cpuAt50Percent, given.queueOf10];
          const story = new Story(given.policy({ metrics: plain, ...(rules && { behavior: rules }) }), 3);
          for (const tick of ticks) {
            const { status } = story.tick(tick);
            expect(Object.keys(story.history ?? {})).to.have.members([
              'recommendations',
              'scaleUps',
              'scaleDowns',
            ]);
            expect(status).not.to.have.property('fallback');
            expect(story.condition('MetricFailing')).to.equal(undefined);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("decides as one whose metrics are held: Hold is the HPA's way", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cpu, reading), { minLength: 1, maxLength: 40 }), (ticks) => {
        const plain = [given.cpuAt50Percent, given.queueOf10];
        const held = plain.map((spec) => ({ ...spec, onError: { type: 'Hold' } as const }));
        const [one, other] = [plain, held].map((list) => new Story(given.policy({ metrics: list }), 3));
        for (const tick of ticks) expect(one?.tick(tick).replicas).to.equal(other?.tick(tick).replicas);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a fallback', () => {
  it('never leaves the bounds, and an error never scales down what is held', () => {
    const replicas = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(replicas, replicas, fc.boolean(), (asked, current, isHeld) => {
        const onError = isHeld ? ({ type: 'Hold' } as const) : { ...fallback, replicas: asked };
        const bounded = given.policy({
          minReplicas: 2,
          maxReplicas: 20,
          metrics: [{ ...given.queueOf10, onError }],
        });
        const story = new Story(bounded, Math.min(Math.max(current, 2), 20));
        const before = story.replicas;
        const told = story.ticks(() => [lostQueue], 900);
        expect(told.replicas).to.be.within(2, 20);
        if (isHeld) expect(told.replicas).to.equal(before);
        else expect(told.replicas).to.equal(Math.min(Math.max(asked, 2), 20));
      }),
    );
  });
});
