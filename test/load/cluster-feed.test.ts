import { expect } from 'chai';
import { ClusterLog } from '../../src/load/cluster-feed.ts';

/** A log that was told these sets of ready pods at these times. */
function logOf(...sets: [atMs: number, pods: string][]): ClusterLog {
  let nowMs = 0;
  const log = new ClusterLog(
    () => nowMs,
    () => undefined,
  );
  for (const [atMs, pods] of sets) {
    nowMs = atMs;
    const readyPods = pods.split('');
    log.changed({ desiredReplicas: readyPods.length, readyReplicas: 1, readyPods, sessionAffinity: false });
  }
  return log;
}

describe('what the metrics asked for', () => {
  it('is on the time axis of the run, by its age; no later than now, and nothing from before the run', () => {
    let nowMs = 0;
    const log = new ClusterLog(
      () => nowMs,
      () => undefined,
    );
    nowMs = 8000;
    for (const [agoMs, replicas] of [[-500, 5], [1500, 4], [9000, 2]] as const) log.recommended({ agoMs, replicas }); // prettier-ignore
    expect(log.result().recommendations).to.deep.equal([
      { atMs: 6500, replicas: 4 },
      { atMs: 8000, replicas: 5 },
    ]);
  });
});

describe('the time with the most ready pods', () => {
  const table: Record<string, [sets: [number, string][], expected: object]> = {
    'is the whole run when they stay the same': [[[3, 'ab']], { changedAtMs: 0, pods: 'ab' }],
    'is the last of a way up': [[[3, 'a'], [10_000, 'abc']], { changedAtMs: 10_000, pods: 'abc' }], // prettier-ignore
    'is that of the peak, not of the end': [
      [[3, 'a'], [10_000, 'abc'], [40_000, 'a']], // prettier-ignore
      { changedAtMs: 10_000, untilMs: 40_000, pods: 'abc' },
    ],
    'is the longest of several': [
      [[3, 'ab'], [6000, 'a'], [20_000, 'ac'], [40_000, 'a']], // prettier-ignore
      { changedAtMs: 20_000, untilMs: 40_000, pods: 'ac' },
    ],
    'is no moment of a rolling update': [
      [[3, 'ab'], [30_000, 'abc'], [31_000, 'bc']], // prettier-ignore
      { changedAtMs: 0, untilMs: 30_000, pods: 'ab' },
    ],
  };
  for (const [sentence, [sets, expected]] of Object.entries(table)) {
    it(sentence, () => {
      const { state, changedAtMs, untilMs } = logOf(...sets).fullest(60_000)!;
      const end = untilMs === undefined ? {} : { untilMs };
      expect({ changedAtMs, ...end, pods: state.readyPods.join('') }).to.deep.equal(expected);
    });
  }

  it('is not known before the cluster told anything', () =>
    expect(logOf().fullest(1000)).to.equal(undefined));

  it('is a moment where no time is long enough to tell', () => {
    expect(logOf([0, 'a'], [1000, 'ab'], [2000, 'b']).fullest(3000)).to.include({
      changedAtMs: 1000,
      untilMs: 2000,
    });
  });
});
