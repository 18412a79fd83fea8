import { expect } from 'chai';
import { advise, withAdvice } from '../../src/decide/advice.ts';
import { decide } from '../../src/decide/decide.ts';
import { settle } from '../../src/decide/settle.ts';
import type { PodFacts, Snapshot } from '../../src/decide/snapshot.ts';
import type { AutoscalerStatus, Condition } from '../../src/decide/status.ts';
import * as given from './builders.ts';

const { now, minutes } = given;
const own = ['PodsPending', 'MaxReplicasReached'];

/** One tick of a target whose queue asks for so many replicas, with what is advised. */
function tick(asked: number, changes: Partial<Snapshot> = {}, nowMs = now): AutoscalerStatus {
  const policy = given.policy({ metrics: [given.queueOf10], maxReplicas: 10 });
  const snapshot = given.snapshot(10, [given.queue(asked * 10)], changes);
  const decision = decide({ policy, snapshot, history: undefined, options: given.options, nowMs });
  const { status } = settle(decision, snapshot, { type: decision.rescale ? 'Scaled' : 'NotNeeded' });
  return advise(status, { policy, snapshot, decision, options: given.options });
}

const advised = ({ conditions }: AutoscalerStatus): Condition[] =>
  conditions.filter(({ type }) => own.includes(type));

const stuck = (name: string, forMs: number, changes: Partial<PodFacts> = {}): PodFacts =>
  given.pod(name, { phase: 'Pending', createdAtMs: now - forMs, ...changes });

describe('advise', () => {
  it('says nothing while nothing is wrong, and never was', () => {
    expect(advised(tick(10))).to.deep.equal([]);
  });

  it("leaves upstream's conditions as they are", () => {
    const snapshot = given.snapshot(10, [given.queue(200)]);
    const policy = given.policy({ metrics: [given.queueOf10], maxReplicas: 10 });
    const decision = decide({ policy, snapshot, history: undefined, options: given.options, nowMs: now });
    const others = tick(20).conditions.filter(({ type }) => !own.includes(type));
    expect(others).to.deep.equal(decision.conditions);
  });

  describe('about pods that stay Pending', () => {
    it('names them', () => {
      const pods = [stuck('web-b', 6 * minutes), stuck('web-a', 5 * minutes + 1), given.pod('web-c')];
      expect(advised(tick(10, { pods }))).to.deep.equal([
        {
          type: 'PodsPending',
          status: 'True',
          reason: 'PendingTooLong',
          message: '2 pods have been Pending for more than 5 minutes: web-a, web-b',
          lastTransitionAtMs: now,
        },
      ]);
    });

    it('counts those that it does not name', () => {
      const pods = Array.from({ length: 8 }, (_, index) => stuck(`web-${index}`, 10 * minutes));
      expect(advised(tick(10, { pods }))[0]?.message).to.equal(
        '8 pods have been Pending for more than 5 minutes: web-0, web-1, web-2, web-3, web-4 and 3 more',
      );
    });

    it('names five with no word of more', () => {
      const pods = Array.from({ length: 5 }, (_, index) => stuck(`web-${index}`, 10 * minutes));
      expect(advised(tick(10, { pods }))[0]?.message).to.equal(
        '5 pods have been Pending for more than 5 minutes: web-0, web-1, web-2, web-3, web-4',
      );
    });

    it('says 1 pod has', () => {
      expect(advised(tick(10, { pods: [stuck('web-a', 6 * minutes)] }))[0]?.message).to.match(
        /^1 pod has been/,
      );
    });

    const fine: Record<string, PodFacts> = {
      'has been created five minutes ago': stuck('web', 5 * minutes),
      'is being deleted': stuck('web', 60 * minutes, { deleting: true }),
      runs: given.pod('web', { createdAtMs: now - 60 * minutes }),
      'comes from a recording': given.pod('web', { phase: 'Pending' }),
    };
    for (const [title, pod] of Object.entries(fine)) {
      it(`leaves out a pod that ${title}`, () => {
        expect(advised(tick(10, { pods: [pod] }))).to.deep.equal([]);
      });
    }

    it('says when they have started', () => {
      const status = tick(10, { pods: [stuck('web-a', 6 * minutes)] });
      const [after] = advised(tick(10, { status }, now + minutes));
      expect(after).to.deep.equal({
        type: 'PodsPending',
        status: 'False',
        reason: 'NoPodPending',
        message: 'no pod has been Pending for more than 5 minutes',
        lastTransitionAtMs: now + minutes,
      });
    });

    it('leaves it as it is while the target cannot be read', () => {
      const status = tick(10, { pods: [stuck('web-a', 6 * minutes)] });
      const blind = tick(10, { status, pods: [], target: { ok: false, message: 'gone' } }, now + minutes);
      expect(advised(blind)).to.deep.equal(advised(status));
    });
  });

  describe('about a maximum that is reached', () => {
    const noMore: Condition = {
      type: 'MaxReplicasReached',
      status: 'False',
      reason: 'DesiredWithinRange',
      message: 'the metrics ask for no more than the 10 replicas of maxReplicas',
      lastTransitionAtMs: now + minutes,
    };

    it('says since when the metrics ask for more', () => {
      const first = tick(20);
      const [condition] = advised(tick(30, { status: first }, now + 3 * minutes));
      expect(condition).to.deep.equal({
        type: 'MaxReplicasReached',
        status: 'True',
        reason: 'TooManyReplicas',
        message: 'the metrics ask for more than the 10 replicas of maxReplicas',
        lastTransitionAtMs: now,
      });
    });

    it('says when they ask for no more', () => {
      const [condition] = advised(tick(10, { status: tick(20) }, now + minutes));
      expect(condition).to.deep.equal(noMore);
    });

    it('says so, too, once the target was switched off at zero replicas', () => {
      const off: Partial<Snapshot> = { target: { ok: true, value: given.scale(0) }, pods: [] };
      const [condition] = advised(tick(20, { status: tick(20), ...off }, now + minutes));
      expect(condition).to.deep.equal(noMore);
    });

    it('leaves it as it is while no metric answers', () => {
      const status = tick(20);
      const metrics = [{ type: 'External', milli: { ok: false, message: 'away' } }] as const;
      expect(advised(tick(20, { status, metrics }, now + minutes))).to.deep.equal(advised(status));
    });

    it('does not change from tick to tick while the metrics ask for ever more', () => {
      const status = tick(20);
      expect(
        tick(30, { status }, now + minutes).conditions.filter(({ type }) => own.includes(type)),
      ).to.deep.equal(advised(status));
    });
  });
});

describe('withAdvice', () => {
  const finding = (status: 'True' | 'False') => ({ type: 'Odd', status, reason: 'R', message: 'm' });

  it('leaves out what is not so and never was', () => {
    expect(withAdvice([], [finding('False')], now)).to.deep.equal([]);
  });

  it('tells what has ceased to be so', () => {
    const told = withAdvice([], [finding('True')], now);
    expect(withAdvice(told, [finding('False')], now + 1000)).to.deep.equal([
      { ...finding('False'), lastTransitionAtMs: now + 1000 },
    ]);
  });
});
