import { expect } from 'chai';
import { parseRateTable } from '../../src/lib/load-profile-csv.ts';
import { csvColumns, renderLoadCsv } from '../../src/report/load-csv.ts';
import type { LoadSample } from '../../src/report/load-result.ts';
import { loadResult } from './samples.ts';

const times = { p50: 1, p90: 2, p99: 3.5, p999: 4, max: 5 };
const none = { p50: null, p90: null, p99: null, p999: null, max: null };
const sample = (fromMs: number, changes: Partial<LoadSample> = {}): LoadSample => ({
  ...{
    fromMs,
    toMs: fromMs + 1000,
    offeredPerSecond: 20,
    donePerSecond: 19.5,
    failed: 1,
    dropped: 2,
    opened: 3,
  },
  ...{ latencyMs: times, sendLagMs: times, lagging: false, pods: { a: 15, b: 4 }, ...changes },
});
const pod = { requests: 1, connections: 1, share: 0.5, firstResponseAtMs: 0 };
const timeline = [
  sample(0),
  sample(1000, { offeredPerSecond: 40, latencyMs: none, lagging: true, pods: { b: 7 } }),
];

describe('timeline of a load run as CSV', () => {
  it('has a line for each second, with a column for each pod, and nothing where nothing was measured', () => {
    expect(renderLoadCsv(loadResult({ timeline, perPod: { a: pod, b: pod } }))).to.deep.equal([
      [...csvColumns, 'a', 'b'].join(','),
      '0,1000,20,19.5,1,2,3,1,2,3.5,5,3.5,false,15,4',
      '1000,2000,40,19.5,1,2,3,,,,,3.5,true,0,7',
    ]);
  });

  it('has the replicas of the end of each second and the decisions in it where a cluster was watched', () => {
    const replicas = [
      { atMs: 500, desiredReplicas: 1, readyReplicas: 1 },
      { atMs: 1500, desiredReplicas: 4, readyReplicas: null, usageRatio: 1.5 },
    ];
    const event = (atMs: number, reason: string) => ({
      atMs,
      type: 'Normal',
      reason,
      message: `${reason}, twice`,
    });
    const events = [event(1000, 'SuccessfulRescale'), event(1001, 'SuccessfulRescale'), event(1002, 'Other')];
    const lines = renderLoadCsv(
      loadResult({ timeline, perPod: {}, cluster: { replicas, events, recommendations: [] } }),
    );
    const tail = (line: string | undefined): string | undefined =>
      line?.slice(line.search(/true|false|lagging/));
    expect(lines.map(tail)).to.deep.equal([
      'lagging,desiredReplicas,readyReplicas,usageRatio,decisions',
      'false,1,1,,"SuccessfulRescale, twice"',
      'true,4,,1.5,"SuccessfulRescale, twice"',
    ]);
  });

  it('quotes names that would be two columns', () => {
    const [header] = renderLoadCsv(loadResult({ timeline: [], perPod: { 'a,"b': pod } }));
    expect(header).to.match(/,"a,""b"$/);
  });

  it('is a table of rates that can be replayed', () => {
    const lines = renderLoadCsv(loadResult({ timeline, perPod: { seconds: pod } }));
    expect(parseRateTable(lines.join('\n'), { name: 'out.csv', longestMs: 3_600_000 })).to.deep.equal([
      { durationMs: 1000, perSecond: 20 },
      { durationMs: 1000, perSecond: 40 },
    ]);
  });
});
