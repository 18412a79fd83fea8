import { expect } from 'chai';
import { steady } from '../../src/lib/load-profile.ts';
import { parseProfile } from '../../src/lib/load-profile-parse.ts';
import { loadReactions, loadRoseAtMs } from '../../src/report/load-reactions.ts';
import type { ReplicaSample } from '../../src/report/load-cluster.ts';
import type { LoadResult, LoadSample } from '../../src/report/load-result.ts';
import { renderLoadSummary } from '../../src/report/load-summary.ts';
import { loadLine, loadUpdate } from '../../src/report/load-view.ts';
import { loadProgress, loadResult, loadRunInfo } from './samples.ts';

const none = { p50: null, p90: null, p99: null, p999: null, max: null };
const sample = (second: number, pods: Record<string, number>): LoadSample => ({
  ...{ fromMs: second * 1000, toMs: (second + 1) * 1000, offeredPerSecond: 20, donePerSecond: 20 },
  ...{ failed: 0, dropped: 0, opened: 1, latencyMs: none, sendLagMs: none, lagging: false, pods },
});
const replicas = (
  atMs: number,
  desiredReplicas: number | null,
  readyReplicas: number | null,
  usageRatio?: number,
): ReplicaSample => ({
  atMs,
  desiredReplicas,
  readyReplicas,
  ...(usageRatio === undefined ? {} : { usageRatio }),
});

/** Load from 5 s to 25 s; 1 -> 2 at 7 s, back at 28 s. The second pod has a tenth until 12 s. */
const pods = (second: number): Record<string, number> => {
  if (second < 5 || second >= 25) return { a: 2 };
  if (second < 9) return { a: 20 };
  return second < 12 ? { a: 18, b: 2 } : { a: 11, b: 9 };
};
const rescaled = (atMs: number, size: number) => ({
  ...{ atMs, type: 'Normal', reason: 'SuccessfulRescale' },
  message: `New size: ${size}; reason: cpu resource utilization (percentage of request) above target`,
});
const cluster = {
  replicas: [
    replicas(3, 1, 1, 1.2),
    replicas(1000, 1, 1, 0.5),
    replicas(6100, 1, 1, 1.4),
    replicas(7000, 2, 1, 1.4),
    replicas(8500, 2, 2, 1.4),
    replicas(28_000, 1, 2, 0.1),
    replicas(28_400, 1, 1, 0.1),
  ],
  events: [rescaled(7100, 2), rescaled(28_100, 1)],
  recommendations: [],
};
const pod = { requests: 1, connections: 1, share: 0.5 };
const perPod = { a: { ...pod, firstResponseAtMs: 10 }, b: { ...pod, firstResponseAtMs: 9050 } };
const profile = {
  segments: [steady(2, 5000), steady(20, 20_000), steady(2, 10_000)],
  arrivals: 'constant',
} as const;
const run = { ...loadRunInfo, profile, durationMs: 35_000 };
const timeline = Array.from({ length: 35 }, (_, second) => sample(second, pods(second)));
const ready = new Map([['a', 3], ['b', 8480]]); // prettier-ignore
const source = { run, timeline, perPod, cluster };

describe('the chain from the load to pods that share it', () => {
  it('has each link when it was first seen, and the way back', () => {
    expect(loadReactions(source, ready)).to.deep.equal({
      loadRoseAtMs: 5000,
      metricSeenAtMs: 6100,
      firstStepUpAtMs: 7000,
      podReadyAtMs: 8480,
      firstResponseAtMs: 9050,
      peakReadyAtMs: 8500,
      balancedAtMs: 13_000,
      loadFellAtMs: 25_000,
      firstStepDownAtMs: 28_000,
      backAtStartAtMs: 28_400,
    });
  });

  const rises: Record<string, [profile: string, roseAtMs: number]> = {
    'the start of a ramp, also from nothing': ['to 100/s over 10s, 100/s for 1m', 0],
    'a step after a steady rate': ['10/s for 20s, 100/s for 1m', 20_000],
    'the first step up after a fall, though it is lower than the start': [
      '100/s for 30s, to 20/s over 10s, 20/s for 10s, 90/s for 1m',
      50_000,
    ],
    'the first step of a staircase': ['staircase from 100/s to 400/s in 4 steps of 30s', 30_000],
    'the first spike': ['spike from 50/s to 400/s of 10s every 1m for 5m', 50_000],
    'the start of a wave': ['50/s for 10s, sine from 50/s to 400/s every 1m for 2m', 10_000],
    'the half of a wave that falls first': ['sine from 400/s to 50/s every 1m for 2m', 30_000],
    'the start where it only falls': ['100/s for 30s, to 20/s over 7s, 20/s for 1m', 0],
    'the start of half a wave that falls': ['sine from 400/s to 50/s every 1m for 30s', 0],
  };
  for (const [sentence, [text, roseAtMs]] of Object.entries(rises)) {
    it(`begins with the first rise of the load: ${sentence}`, () => {
      expect(loadRoseAtMs({ run: { ...run, profile: parseProfile(text) } })).to.equal(roseAtMs);
    });
  }

  it('takes a decision as a sign that the metric was seen', () => {
    const late = cluster.replicas.map((one) => (one.atMs === 6100 ? { ...one, usageRatio: 0.5 } : one));
    const { metricSeenAtMs } = loadReactions({ ...source, cluster: { ...cluster, replicas: late } }, ready);
    expect(metricSeenAtMs).to.equal(7000);
  });

  it('takes the moment at which the metrics first asked for more, as the autoscaler itself dates it', () => {
    const seenAtMs = (...recommendations: { atMs: number; replicas: number }[]): number | null =>
      loadReactions({ ...source, cluster: { ...cluster, recommendations } }, ready).metricSeenAtMs;
    const [before, same] = [{ atMs: 2000, replicas: 3 }, { atMs: 5400, replicas: 1 }]; // prettier-ignore
    expect(seenAtMs(before, same, { atMs: 5700, replicas: 2 }, { atMs: 5900, replicas: 4 })).to.equal(5700);
    expect(seenAtMs(before, same), 'the load had not risen, or no more was asked for').to.equal(6100);
  });

  const nothing = { podReadyAtMs: null, firstResponseAtMs: null, peakReadyAtMs: null, balancedAtMs: null };
  const broken: Record<string, [changes: Partial<typeof source>, expected: object]> = {
    'nothing after the rise when nothing scaled': [
      { cluster: { replicas: [replicas(3, 1, 1)], events: [], recommendations: [] } },
      { loadRoseAtMs: 5000, metricSeenAtMs: null, firstStepUpAtMs: null, ...nothing, loadFellAtMs: 25_000 },
    ],
    'nothing of a cluster that told nothing': [
      { cluster: { replicas: [], events: [], recommendations: [] } },
      { firstStepUpAtMs: null, ...nothing },
    ],
    'no pod that is ready when none became so': [
      { cluster: { replicas: cluster.replicas.slice(0, 4), events: [], recommendations: [] } },
      { firstStepUpAtMs: 7000, peakReadyAtMs: null, balancedAtMs: null, firstStepDownAtMs: null },
    ],
    'no balance when a pod stays with too little': [
      { timeline: timeline.map((one) => ({ ...one, pods: { a: 18, b: 2 } })) },
      { peakReadyAtMs: 8500, balancedAtMs: null },
    ],
    'the start of a run whose load is the same all the time, which does not fall': [
      { run: { ...run, profile: { segments: [steady(20, 35_000)], arrivals: 'constant' } } as never },
      { loadRoseAtMs: 0, firstStepUpAtMs: 7000, loadFellAtMs: null },
    ],
    'the start of a closed loop': [{ run: { ...run, profile: null } as never }, { loadRoseAtMs: 0 }],
    'no rise when the run was ended before it': [{ timeline: timeline.slice(0, 3) }, { loadRoseAtMs: null }],
  };
  for (const [sentence, [changes, expected]] of Object.entries(broken)) {
    it(`has ${sentence}`, () => expect(loadReactions({ ...source, ...changes }, ready)).to.include(expected));
  }

  it('waits until there are answers enough to tell, at low rates', () => {
    const few = timeline.map((one) => ({ ...one, pods: { a: 1, b: 1 } }));
    expect(loadReactions({ ...source, timeline: few }, ready).balancedAtMs).to.equal(19_000);
  });
});

describe('a load run with a cluster', () => {
  const plain = { width: 80, color: false };
  const result = (changes: Partial<LoadResult> = {}): LoadResult =>
    loadResult({ ...source, reactions: loadReactions(source, ready), ...changes });

  it('has the steps and the chain with its delays in the summary', () => {
    const text = renderLoadSummary(result(), plain);
    const steps = text.indexOf('  at  replicas  ready       reason');
    expect(text.slice(steps + 1, steps + 15)).to.deep.equal([
      '0:07  ▲ 1 -> 2  after 2 s   cpu utilization above target',
      '0:28  ▼ 2 -> 1  within 1 s  cpu utilization above target',
      '',
      'reaction                         at  since load  since last',
      'load rose                      0:05',
      'metric seen                    0:06      1.10 s      1.10 s',
      'decision                       0:07      2.00 s      900 ms',
      'pod ready                      0:08      3.48 s      1.48 s',
      'first response from a new pod  0:09      4.05 s      570 ms',
      'most pods ready                0:08      3.50 s     0.00 ms',
      'balanced                       0:13      8.00 s      4.50 s',
      'load fell                      0:25',
      'decision                       0:28      3.00 s      3.00 s',
      'back at the start              0:28      3.40 s      400 ms',
    ]);
  });

  it('says so when nothing scaled, or nothing was told', () => {
    const still = { replicas: [replicas(3, 2, 2)], events: [], recommendations: [] };
    expect(renderLoadSummary(result({ cluster: still }), plain)).to.include('replicas: 2 all the time');
    const silent = { replicas: [], events: [], recommendations: [] };
    expect(renderLoadSummary(result({ cluster: silent }), plain)).to.include('replicas: not known');
  });

  it('says which link was not seen', () => {
    const reactions = { ...result().reactions!, balancedAtMs: null };
    expect(renderLoadSummary(result({ reactions }), plain)).to.include(
      'balanced                       not seen',
    );
  });

  it('has replicas, metrics and the last events in the live view, and replicas in its line', () => {
    const told = {
      ...cluster,
      replicas: [replicas(0, 1, 1), { ...replicas(7000, 2, null), targets: 'cpu: 70%/50%' }],
    };
    const progress = loadProgress({ cluster: told });
    expect(loadLine(progress)).to.match(/ ready=\?\/2$/);
    const frame = loadUpdate([progress], plain).frame();
    expect(frame).to.include(' metrics   cpu: 70%/50%');
    expect(frame.some((line) => line.startsWith(' replicas  ? ready of 2'))).to.equal(true);
    expect(frame.filter((line) => line.includes('SuccessfulRescale'))).to.have.length(2);
    expect(loadLine(loadProgress())).not.to.include('ready=');
  });
});
