import { expect } from 'chai';
import { balanceOf as measure, type BalanceOptions, type PodActivity } from '../../src/load/balance.ts';
import type { Balance } from '../../src/report/load-result.ts';

/** A pod that answered so many requests in each second from the first to the last, on a new connection each. */
const pod = (first: number, last: number, perSecond: number): PodActivity => {
  const counts = new Map(
    Array.from({ length: last - first + 1 }, (_, index): [number, number] => [first + index, perSecond]),
  );
  return { requests: counts, connections: counts };
};

function balanceOf(
  pods: Record<string, PodActivity>,
  elapsedMs: number,
  options: Partial<BalanceOptions> = {},
): Balance {
  return measure(pods, { elapsedMs, bucketMs: 1000, unit: 'connections', ...options });
}

describe('balance', () => {
  it('looks at the whole run when the same pods answered throughout', () => {
    const balance = balanceOf({ a: pod(0, 9, 6), b: pod(0, 9, 2) }, 10_000);
    expect(balance).to.include({ pods: 2, maxOverMean: 1.5, jainIndex: 0.8, fromMs: 0, toMs: 10_000 });
  });

  it('looks at the time in which the most pods answered, so that late pods are not called neglected', () => {
    const pods = { first: pod(0, 29, 9), second: pod(10, 29, 3), third: pod(12, 19, 3) };
    const balance = balanceOf(pods, 30_000);
    expect(balance).to.include({ pods: 3, fromMs: 13_000, toMs: 20_000 });
    expect(balance.maxOverMean).to.be.closeTo(9 / 5, 1e-9);
  });

  it('takes the longest of several such times', () => {
    const pods = { a: pod(0, 29, 1), b: pod(2, 4, 1), c: pod(10, 20, 1), d: pod(25, 29, 1) };
    expect(balanceOf(pods, 30_000)).to.include({ pods: 2, fromMs: 11_000, toMs: 21_000 });
  });

  it('passes over a moment in which a pod and its successor both answered', () => {
    const pods = { a: pod(0, 59, 6), b: pod(10, 41, 6), successor: pod(40, 59, 2) };
    expect(balanceOf(pods, 60_000)).to.include({ pods: 2, fromMs: 11_000, toMs: 40_000 });
  });

  it('takes such a moment where nothing longer is to be had', () => {
    const pods = { a: pod(0, 2, 6), b: pod(1, 2, 6) };
    expect(balanceOf(pods, 3000)).to.include({ pods: 2, fromMs: 2000, toMs: 3000 });
  });

  it('does not judge by the very second in which the pods came, however many connections there were in it', () => {
    const old = new Map([[0, 20], [1, 20], [2, 20], [3, 22]]); // prettier-ignore
    const late = pod(3, 3, 5);
    const pods = { old: { requests: old, connections: old }, b: late, c: late, d: late };
    const balance = balanceOf(pods, 4000);
    expect(balance).to.include({ pods: 4, fromMs: 3000, toMs: 4000, verdict: 'tooFew' });
    expect(balance.words).to.match(/^too short to tell: /);
    expect(balance).not.to.have.property('test');
  });

  it('counts a second without an answer between two with one', () => {
    const pods = { a: pod(0, 9, 1), b: { requests: new Map([[0, 4], [9, 6]]), connections: new Map() } }; // prettier-ignore
    expect(balanceOf(pods, 10_000)).to.include({ pods: 2, maxOverMean: 1, fromMs: 0, toMs: 10_000 });
  });

  it('takes a run of more than two days', () => {
    const pods = { a: pod(0, 199_999, 3), b: pod(1, 199_999, 1) };
    expect(balanceOf(pods, 200_000_000)).to.include({ pods: 2, fromMs: 2000, toMs: 200_000_000 });
  });

  it('is unknown when no answer named a pod', () => {
    expect(balanceOf({}, 1500)).to.deep.equal({
      ...{ pods: 0, maxOverMean: null, jainIndex: null, fromMs: 0, toMs: 1500 },
      ...{ verdict: 'unknown', words: 'no answer named its pod' },
    });
  });

  it('takes longer buckets for a long run', () => {
    const pods = { a: pod(0, 99, 6), b: pod(20, 99, 6) };
    expect(balanceOf(pods, 6_000_000, { bucketMs: 60_000 })).to.include({
      pods: 2,
      fromMs: 1_260_000,
      toMs: 6_000_000,
    });
  });

  it('tests connections where connections are spread, and requests where requests are', () => {
    const requests = pod(0, 9, 100).requests;
    const pods = {
      a: { requests, connections: new Map([[0, 30]]) },
      b: { requests, connections: new Map([[0, 5]]) },
    };
    expect(balanceOf(pods, 10_000)).to.include({ verdict: 'uneven', maxOverMean: 1 });
    expect(balanceOf(pods, 10_000, { unit: 'requests' })).to.include({ verdict: 'fair' });
  });

  it('counts no connection of the time before the last pod came', () => {
    const pods = { old: pod(0, 29, 6), fresh: pod(10, 29, 6) };
    expect(balanceOf(pods, 30_000).test?.counts).to.deep.equal({ old: 19 * 6, fresh: 19 * 6 });
  });

  describe('with a cluster', () => {
    const state = {
      desiredReplicas: 3,
      readyReplicas: 3,
      readyPods: ['a', 'b', 'c'],
      sessionAffinity: false,
    };
    const isPod = (name: string): boolean => state.readyPods.includes(name);

    it('looks at all ready pods since they last changed, from the first answer of the last of them on', () => {
      const pods = { a: pod(0, 19, 6), b: pod(0, 19, 6), c: pod(7, 19, 6), gone: pod(0, 3, 9) };
      const balance = balanceOf(pods, 20_000, { cluster: { state, isPod, changedAtMs: 4500 } });
      expect(balance).to.include({ pods: 3, fromMs: 8000, toMs: 20_000, verdict: 'fair' });
      expect(balance.test?.counts).to.deep.equal({ a: 72, b: 72, c: 72 });
    });

    it('waits no longer than 5 s for it, and counts pods that never answered', () => {
      const pods = { a: pod(0, 19, 6), b: pod(0, 19, 6) };
      const balance = balanceOf(pods, 20_000, { cluster: { state, isPod, changedAtMs: 4500 } });
      expect(balance).to.include({ pods: 3, fromMs: 10_000, toMs: 20_000, verdict: 'uneven' });
      expect(balance.test?.counts).to.deep.equal({ a: 60, b: 60, c: 0 });
    });

    it('is unknown when no answer named its pod, or only strange ones', () => {
      const cluster = { state, isPod, changedAtMs: 0 };
      expect(balanceOf({}, 9000, { cluster })).to.include({
        verdict: 'unknown',
        words: 'no answer named its pod',
      });
      expect(balanceOf({ 'node-7': pod(0, 8, 6) }, 9000, { cluster })).to.include({
        verdict: 'unknown',
        words: 'no answer named a pod of the cluster',
      });
    });

    it('does not test a service with session affinity, and says why', () => {
      const affine = { ...state, sessionAffinity: true };
      const balance = balanceOf({ a: pod(0, 19, 6) }, 20_000, {
        cluster: { state: affine, isPod, changedAtMs: 0 },
      });
      expect(balance).to.include({ verdict: 'affinity', maxOverMean: 3 }).and.not.to.have.property('test');
      expect(balance.words).to.match(/session affinity/);
    });

    it('looks at whole seconds until the pods changed again', () => {
      const pods = { a: pod(0, 29, 6), b: pod(0, 14, 6), c: pod(5, 14, 6) };
      const balance = balanceOf(pods, 30_000, {
        cluster: { state, isPod, changedAtMs: 4500, untilMs: 14_200 },
      });
      expect(balance).to.include({ pods: 3, fromMs: 6000, toMs: 14_000, verdict: 'fair' });
    });

    it('looks at the last moment when the pods changed at the end', () => {
      const balance = balanceOf({ a: pod(0, 9, 6) }, 10_000, {
        cluster: { state, isPod, changedAtMs: 10_200 },
      });
      expect(balance).to.include({ fromMs: 9000, toMs: 10_000, verdict: 'tooFew' });
    });
  });
});
