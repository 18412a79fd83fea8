import { expect } from 'chai';
import { ramp, type Segment, steady } from '../../src/lib/load-profile.ts';
import { flaps, highestReplicas, lowestReplicas, timeToScaleMs } from '../../src/load/replica-facts.ts';
import { loadReactions } from '../../src/report/load-reactions.ts';
import type { LoadCluster, ReplicaSample } from '../../src/report/load-cluster.ts';
import type { LoadResult, LoadSample } from '../../src/report/load-result.ts';
import { loadResult, loadRunInfo } from '../report/samples.ts';

/** A run in which the desired replicas took these values, each reached 5 s later. */
function run(
  desired: readonly number[],
  segments: Segment[] = [steady(1, 10_000), steady(50, 90_000)],
): LoadResult {
  const replicas = desired.flatMap((desiredReplicas, index): ReplicaSample[] => [
    { atMs: index * 20_000, desiredReplicas, readyReplicas: desired[index - 1] ?? desiredReplicas },
    { atMs: index * 20_000 + 5000, desiredReplicas, readyReplicas: desiredReplicas },
  ]);
  return watched(replicas, segments);
}

const none = { p50: null, p90: null, p99: null, p999: null, max: null };

/** A run of 200 s in which the cluster told this, with what the result makes of it. */
function watched(replicas: ReplicaSample[], segments: Segment[]): LoadResult {
  const timeline = Array.from({ length: 200 }, (_, second): LoadSample => ({
    ...{ fromMs: second * 1000, toMs: (second + 1) * 1000, offeredPerSecond: 1, donePerSecond: 1 },
    ...{ failed: 0, dropped: 0, opened: 0, latencyMs: none, sendLagMs: none, lagging: false, pods: {} },
  }));
  const profile = { segments, arrivals: 'constant' } as const;
  const cluster: LoadCluster = { replicas, events: [], recommendations: [] };
  const durationMs = segments.reduce((sum, segment) => sum + segment.durationMs, 0);
  const source = { run: { ...loadRunInfo, profile, durationMs }, timeline, cluster, perPod: {} };
  return loadResult({ ...source, reactions: loadReactions(source, new Map()) });
}

describe('facts about replicas', () => {
  const turns: Record<string, [desired: number[], flaps: number]> = {
    'none when nothing moves': [[3, 3], 0],
    'none on a way up in steps': [[1, 2, 4, 8], 0],
    'one for up and back': [[1, 4, 6, 3, 1], 1],
    'three for up, down, up, down': [[1, 4, 2, 4, 1], 3],
  };
  for (const [sentence, [desired, count]] of Object.entries(turns)) {
    it(`counts flaps: ${sentence}`, () => expect(flaps(run(desired))).to.equal(count));
  }

  it('knows the most and the fewest that were asked for', () => {
    expect(highestReplicas(run([2, 6, 1]))).to.equal(6);
    expect(lowestReplicas(run([2, 6, 1]))).to.equal(1);
  });

  it('counts the time to scale from the rise of the load until the most replicas were ready', () => {
    expect(timeToScaleMs(run([1, 4, 6]))).to.equal(45_000 - 10_000);
    expect(timeToScaleMs(run([1, 4], [ramp(2, 50, 60_000)]))).to.equal(25_000);
    expect(timeToScaleMs(run([1, 4], [steady(9, 60_000)]))).to.equal(25_000);
    const sine: Segment = {
      type: 'sine',
      durationMs: 60_000,
      lowPerSecond: 9,
      highPerSecond: 20,
      periodMs: 60_000,
    };
    expect(timeToScaleMs(run([1, 4], [steady(9, 15_000), sine]))).to.equal(10_000);
  });

  it('knows no time to scale where nothing scaled up, or it was never ready', () => {
    expect(timeToScaleMs(run([3, 2, 1]))).to.equal(null);
    const stuck = [{ atMs: 0, desiredReplicas: 1, readyReplicas: 1 }, { atMs: 9, desiredReplicas: 4, readyReplicas: 3 }]; // prettier-ignore
    expect(timeToScaleMs(watched(stuck, [steady(9, 60_000)]))).to.equal(null);
  });

  it('counts no pods that were ready before the load rose', () => {
    const at = (atMs: number, desiredReplicas: number, readyReplicas: number): ReplicaSample => ({
      ...{ atMs, desiredReplicas, readyReplicas },
    });
    const replicas = [at(0, 1, 4), at(2000, 1, 1), at(25_000, 4, 1), at(40_000, 4, 4)];
    expect(timeToScaleMs(watched(replicas, [steady(10, 20_000), steady(100, 60_000)]))).to.equal(20_000);
  });

  it('knows nothing without a cluster, or before it told anything', () => {
    for (const result of [
      loadResult(),
      loadResult({ cluster: { replicas: [], events: [], recommendations: [] } }),
    ]) {
      for (const read of [flaps, highestReplicas, lowestReplicas, timeToScaleMs])
        expect(read(result)).to.equal(null);
    }
  });
});
