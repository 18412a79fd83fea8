import { expect } from 'chai';
import { type Profile, rampProfile } from '../../src/lib/load-profile.ts';
import { seededRandom } from '../../src/lib/random.ts';
import type { ClusterFeed, ClusterState } from '../../src/load/cluster-feed.ts';
import type { LoadOptions } from '../../src/load/load-options.ts';
import { parseExpectation } from '../../src/load/expectations.ts';
import { parseRotation } from '../../src/load/rotation.ts';
import type { LoadResult } from '../../src/report/load-result.ts';
import { simulate, type VirtualTime } from './simulated.ts';

const scaledAtMs = 10_000;
const pods = ['a', 'b', 'c', 'd'];
const profile: Profile = rampProfile({ ratePerSecond: 200, durationMs: 40_000, rampMs: 0 });

/** One pod until 10 s, then four. */
const readyAt = (atMs: number): string[] => pods.slice(0, atMs < scaledAtMs ? 1 : 4);

function feed(changes: Partial<ClusterState> = {}): (time: VirtualTime) => ClusterFeed {
  return (time) => ({
    watch: (listener) => {
      const tell = (atMs: number): void => {
        const readyPods = readyAt(atMs);
        const count = readyPods.length;
        listener.changed({
          desiredReplicas: count,
          readyReplicas: count,
          readyPods,
          sessionAffinity: false,
          ...changes,
        });
      };
      tell(0);
      time.at(time.nowMs + scaledAtMs, () => {
        listener.happened({ type: 'Normal', reason: 'SuccessfulRescale', message: 'New size: 4' });
        tell(scaledAtMs);
      });
      return () => undefined;
    },
  });
}

/** Pods come while the load goes on; connections are spread at random over those that are there when they are opened. */
async function scale(
  rotate: string,
  options: Partial<LoadOptions> = {},
  changes?: Partial<ClusterState>,
  learnsLateMs = 0,
): Promise<LoadResult> {
  const random = seededRandom(11);
  const podOf = (openedAtMs: number): string => {
    const ready = readyAt(openedAtMs - learnsLateMs);
    return ready[Math.floor(random() * ready.length)]!;
  };
  const server = { answeredAtMs: (sentAtMs: number) => sentAtMs + 5, podOf };
  return simulate(
    server,
    { profile, connections: 40, rotation: parseRotation(rotate), ...options },
    feed(changes),
  );
}

/** Requests of each pod from a moment to the end. */
function since({ timeline }: LoadResult, fromMs: number): number[] {
  const samples = timeline.filter((sample) => sample.fromMs >= fromMs);
  return pods.map((pod) => samples.reduce((sum, sample) => sum + (sample.pods[pod] ?? 0), 0));
}

describe('load while pods are added behind a balancer of connections', () => {
  for (const rotate of ['age=2.5s', 'requests=20', 'each', 'on-scale']) {
    it(`reaches the new pods within 5 s with --rotate ${rotate}, and is fair`, async () => {
      const result = await scale(rotate);
      for (const pod of pods) expect(result.perPod[pod]?.firstResponseAtMs).to.be.below(scaledAtMs + 5000);
      const [a = 0, ...fresh] = since(result, scaledAtMs + 5000);
      for (const count of fresh) expect(count).to.be.above(a / 5);
      expect(result.warnings).to.deep.equal([]);
      expect(result.requests.failed + result.requests.dropped).to.equal(0);
    });
  }

  it('replaces connections again with --rotate on-scale when the balancer hears of the pods later than we do', async () => {
    const result = await scale('on-scale', {}, {}, 6000);
    const [a = 0, ...fresh] = since(result, scaledAtMs + 15_000);
    for (const count of fresh) expect(count).to.be.above(a / 10);
    expect(result.warnings).to.deep.equal([]);
    // Those of the start, three quarters of them at once, and again after 5 s and 10 s at most.
    expect(result.connections.opened).to.be.within(40 + 60, 40 + 90);
  });

  it('gives the new pods nothing, for ever, when connections are kept, and says so in plain words', async () => {
    const result = await scale('off');
    expect(Object.keys(result.perPod)).to.deep.equal(['a']);
    expect(result.warnings).to.deep.equal([
      '4 pods ready, 1 answering: 40 of 40 connections were opened before the last scale-up, and a connection stays on ' +
        'the pod that it was given, so that new pods get no traffic. Rotation is off: use --rotate age=5s or less',
    ]);
    expect(result.balance).to.include({ pods: 4, maxOverMean: 4 });
  });

  it('does not warn of a balancer of requests, for which it does not matter', async () => {
    expect((await scale('off', {}, { balances: 'requests' })).warnings).to.deep.equal([]);
    expect((await scale('off', { balances: 'requests' })).warnings).to.deep.equal([]);
  });

  it('tests the connections that were opened since the pods changed', async () => {
    const { balance } = await scale('age=2.5s');
    expect(balance).to.include({ verdict: 'fair' });
    expect(balance.fromMs).to.be.within(scaledAtMs + 1000, scaledAtMs + 5000);
    expect(balance.toMs).to.be.within(40_000, 40_100);
    expect(balance.test?.unit).to.equal('connections');
    const total = Object.values(balance.test?.counts ?? {}).reduce((sum, count) => sum + count, 0);
    expect(total).to.be.within(250, 800);
  });

  it('does not test a service that keeps clients on their pods', async () => {
    expect((await scale('age=2.5s', {}, { sessionAffinity: true })).balance.verdict).to.equal('affinity');
  });

  it('replaces as many connections as the new pods should have when rotation is on-scale, within 2 s', async () => {
    const { timeline, connections } = await scale('on-scale');
    expect(connections.opened).to.equal(40 + 30);
    const opened = timeline
      .filter((sample) => sample.opened > 0)
      .map(({ fromMs }) => Math.floor(fromMs / 1000));
    expect(opened).to.include.members([0, 10, 11]);
    expect(Math.max(...opened)).to.be.at.most(13);
  });

  it('has the replicas, the decisions and the time of being ready on the same axis', async () => {
    const expectations = ['time-to-scale<15s', 'replicas.max<=4', 'flaps=0', 'replicas.max<4'].map(
      parseExpectation,
    );
    const { cluster, perPod, verdicts } = await scale('age=2.5s', { expectations });
    expect(cluster).to.deep.equal({
      replicas: [
        { atMs: 0, desiredReplicas: 1, readyReplicas: 1 },
        { atMs: scaledAtMs, desiredReplicas: 4, readyReplicas: 4 },
      ],
      events: [{ atMs: scaledAtMs, type: 'Normal', reason: 'SuccessfulRescale', message: 'New size: 4' }],
      recommendations: [],
    });
    expect(perPod.a).to.include({ readyAtMs: 0 });
    expect(perPod.d).to.include({ readyAtMs: scaledAtMs });
    expect(verdicts.map(({ met }) => met)).to.deep.equal([true, true, true, false]);
  });
});

describe('a repeated load run', () => {
  it('is the same for the same seed, connection by connection', async () => {
    const poisson = { profile: { ...profile, arrivals: 'poisson' } } as const;
    const first = await scale('age=2.5s', { ...poisson, seed: 5 });
    const again = await scale('age=2.5s', { ...poisson, seed: 5 });
    const other = await scale('age=2.5s', { ...poisson, seed: 6 });
    expect(again.timeline).to.deep.equal(first.timeline);
    expect(again.perPod).to.deep.equal(first.perPod);
    expect(other.timeline).not.to.deep.equal(first.timeline);
  });
});

describe('load on a balancer of requests', () => {
  it('is told by several pods that answer on one connection', async () => {
    let request = 0;
    const answers = (): string => pods[(request += 1) % 4]!;
    const result = await simulate(
      { answeredAtMs: (ms) => ms + 5, podOf: () => 'a', podOfRequest: answers },
      { profile, connections: 10, rotation: { type: 'off' } },
    );
    expect(result.balance.test?.unit).to.equal('requests');
    expect(result.balance.verdict).to.equal('fair');
    expect(result.balance.words).to.match(/taking turns/);
  });
});
