import { expect } from 'chai';
import { expectationNames, judge, parseExpectation } from '../../src/load/expectations.ts';
import type { ReplicaSample } from '../../src/report/load-cluster.ts';
import type { LoadResult } from '../../src/report/load-result.ts';
import { loadResult } from '../report/samples.ts';

const met = (text: string, changes: Partial<LoadResult> = {}): boolean | null | undefined =>
  judge([parseExpectation(text)], loadResult(changes))[0]?.met;

const times = (ms: number) => ({ p50: ms, p90: ms, p99: ms, p999: ms, max: ms });
const requests = { sent: 1995, ok: 1993, failed: 2, dropped: 5 };

const replicas = (...samples: [atMs: number, desired: number, ready: number][]): ReplicaSample[] =>
  samples.map(([atMs, desiredReplicas, readyReplicas]) => ({ atMs, desiredReplicas, readyReplicas }));
const upAndBack = {
  cluster: {
    replicas: replicas(
      [0, 1, 1],
      [20_000, 4, 1],
      [26_000, 4, 4],
      [40_000, 6, 4],
      [47_000, 6, 6],
      [90_000, 2, 2],
    ),
    events: [],
    recommendations: [],
  },
  reactions: {
    ...{ loadRoseAtMs: 0, metricSeenAtMs: 20_000, firstStepUpAtMs: 20_000, podReadyAtMs: 26_000 },
    ...{ firstResponseAtMs: 26_000, peakReadyAtMs: 47_000, balancedAtMs: null },
    ...{ loadFellAtMs: null, firstStepDownAtMs: 90_000, backAtStartAtMs: null },
  },
};

describe('expectations of a load run', () => {
  const cases: Record<string, [changes: Partial<LoadResult>, met: string[], notMet: string[]]> = {
    latency: [
      { latencyMs: { ...times(150), p99: 200 } },
      ['p99<=200ms', 'p50<0.2s', 'max<1s', 'p99.9>100ms', 'p999<=150ms', ' p90 = 150ms '],
      ['p99<200ms', 'p50>150ms', 'p90>=151ms'],
    ],
    'service time': [
      { serviceMs: times(5), latencyMs: times(900) },
      ['service.p99<6ms'],
      ['p99<6ms', 'service.max<5ms'],
    ],
    errors: [
      { requests },
      ['errors<0.4%', 'errors<=7', 'errors>6', 'dropped=5', 'dropped<=0.25%'],
      ['errors<0.1%', 'errors<7', 'errors=0', 'dropped<0.25%', 'dropped<=0%'],
    ],
    rate: [{ rate: { offered: 100, done: 98 } }, ['rate>=98/s', 'rate<99/s'], ['rate>=99/s', 'rate>98/s']],
    balance: [{}, ['balance=fair', 'max/mean<=1.21', 'jain>0.97'], ['max/mean<1.2', 'jain>=0.98']],
    replicas: [
      upAndBack,
      [
        'replicas.max<=6',
        'replicas.max=6',
        'replicas.min>=1',
        'flaps<=1',
        'time-to-scale<48s',
        'time-to-scale=47s',
      ],
      ['replicas.max<=5', 'flaps<1', 'time-to-scale<45s'],
    ],
  };
  for (const [what, [changes, wellMet, notMet]] of Object.entries(cases)) {
    for (const text of wellMet)
      it(`finds ${text} met, of ${what}`, () => expect(met(text, changes)).to.equal(true));
    for (const text of notMet)
      it(`finds ${text} not met, of ${what}`, () => expect(met(text, changes)).to.equal(false));
  }

  it('looks at times, rate and drops without the seconds in which the generator was late, and says so', () => {
    const judged = {
      leftOutMs: 2000,
      latencyMs: times(5),
      serviceMs: times(4),
      donePerSecond: 90,
      dropped: 0,
      lost: 0,
    };
    const changes = { judged, requests: { ...requests, dropped: 100 }, latencyMs: times(900) };
    for (const text of ['p99<6ms', 'service.max<5ms', 'rate>=90/s', 'dropped=0', 'errors<=2'])
      expect(met(text, changes), text).to.equal(true);
    expect(met('errors<=1', changes), 'failures count always').to.equal(false);
    const [verdict] = judge([parseExpectation('p99<6ms')], loadResult(changes));
    expect(verdict?.words).to.equal('it was 5.00 ms, without 2.00 s in which the generator was late');
    const none = { ...judged, latencyMs: { p50: null, p90: null, p99: null, p999: null, max: null } };
    expect(met('p99<6ms', { judged: none }), 'void when nothing is left').to.equal(null);
    const generator = { ...loadResult().generator, saturated: true };
    const [saturated] = judge([parseExpectation('p99<6ms')], loadResult({ judged: none, generator }));
    expect(saturated).to.deep.include({ met: null, actual: 14.6 });
  });

  it('says what was measured', () => {
    const texts = [
      'p99<200ms',
      'errors<0.1%',
      'errors<1',
      'rate>1/s',
      'jain>0.5',
      'balance=fair',
      'time-to-scale<45s',
    ];
    const told = judge(texts.map(parseExpectation), loadResult({ requests, ...upAndBack }));
    expect(told.map(({ expect: text, actual, words }) => [text, actual, words])).to.deep.equal([
      ['p99<200ms', 14.6, 'it was 14.6 ms'],
      ['errors<0.1%', 0.0035, 'it was 0.35 %'],
      ['errors<1', 7, 'it was 7'],
      ['rate>1/s', 20, 'it was 20.0/s'],
      ['jain>0.5', 0.972, 'it was 0.972'],
      ['balance=fair', 'fair', 'fair: chance explains how connections were spread (p 0.672)'],
      ['time-to-scale<45s', 47_000, 'it was 47s'],
    ]);
  });

  it('finds no time met where requests without an answer are more than it allows, whatever the operator', () => {
    const judged = {
      ...loadResult().judged,
      lost: 20,
      latencyMs: { ...times(5), p99: null, p999: null, max: null },
    };
    for (const text of ['p99<200ms', 'max<1h', 'p99.9>1ms'])
      expect(judge([parseExpectation(text)], loadResult({ judged }))[0]).to.deep.include({
        ...{
          met: false,
          actual: null,
          words: '20 requests had no answer, so that it was longer than any time',
        },
      });
    expect(met('p90<200ms', { judged })).to.equal(true);
    const late = { ...judged, leftOutMs: 1000 };
    expect(met('p99<200ms', { judged: late })).to.equal(false);
  });

  it('does not find met what the run did not show', () => {
    const nothing = { ...times(0), p99: null };
    expect(met('p99<200ms', { latencyMs: nothing })).to.equal(false);
    expect(met('p99>0ms', { latencyMs: nothing })).to.equal(false);
    expect(met('errors<1%', { requests: { sent: 0, ok: 0, failed: 0, dropped: 0 } })).to.equal(false);
    for (const verdict of ['uneven', 'tooFew', 'onePod', 'unknown', 'affinity'] as const)
      expect(met('balance=fair', { balance: { ...loadResult().balance, verdict } })).to.equal(false);
  });

  it('is void, whatever the numbers are, when the generator was saturated', () => {
    const { generator } = loadResult();
    const saturated = { generator: { ...generator, saturated: true } };
    for (const text of ['p99<1h', 'p99<1ms']) {
      const [verdict] = judge([parseExpectation(text)], loadResult(saturated));
      expect(verdict?.met).to.equal(null);
      expect(verdict?.words).to.match(/^void, as the generator was too slow; it was 14\.6 ms$/);
    }
  });

  it('knows which need a cluster', () => {
    const values: Record<string, string> = {
      'time-to-scale': '45s',
      'replicas.max': '6',
      'replicas.min': '1',
      flaps: '2',
    };
    const needing = expectationNames.filter((name) => name in values);
    expect(needing).to.have.length(4);
    for (const name of needing)
      expect(parseExpectation(`${name}<${values[name]!}`).needsCluster).to.equal(true);
    for (const text of ['p99<1s', 'errors<1%', 'balance=fair'])
      expect(parseExpectation(text).needsCluster).to.equal(false);
  });

  const refused: Record<string, [text: string, message: RegExp]> = {
    'no operator': ['p99', /^--expect "p99": allowed is NAME OPERATOR VALUE, such as p99<200ms/],
    'no value': ['p99<', /allowed is NAME OPERATOR VALUE/],
    'an unknown name, with those that are known': [
      'p98<1s',
      /unknown name p98; allowed are p50, p90, .*errors, .*flaps, balance$/,
    ],
    'a name that every object has': ['constructor<1', /unknown name constructor/],
    'a time without its unit': ['p99<200', /found 200; allowed is a time such as 200ms or 1\.5s$/],
    'a share of what is no share': ['p99<1%', /found 1%; allowed is a time/],
    'a time for errors': ['errors<5ms', /found 5ms; allowed is a share such as 0\.1% or a whole number$/],
    'a negative limit': ['errors<-1', /found -1; allowed is a share/],
    'half a replica': ['replicas.max<=1.5', /found 1\.5; allowed is a whole number$/],
    'another balance': ['balance=even', /allowed is balance=fair$/],
    'more or less balance': ['balance>fair', /allowed is balance=fair$/],
  };
  for (const [sentence, [text, message]] of Object.entries(refused)) {
    it(`refuses ${sentence}`, () => {
      expect(() => parseExpectation(text))
        .to.throw(message)
        .with.property('exitCode', 2);
    });
  }
});
