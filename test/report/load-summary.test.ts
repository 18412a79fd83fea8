import { expect } from 'chai';
import { loadLine, loadUpdate } from '../../src/report/load-view.ts';
import { renderLoadSummary } from '../../src/report/load-summary.ts';
import type { BalanceTest, LoadResult } from '../../src/report/load-result.ts';
import { steady } from '../../src/lib/load-profile.ts';
import { visibleWidth } from '../../src/report/style.ts';
import { loadProgress, loadResult, loadRunInfo, noPods } from './samples.ts';

const plain = { width: 80, color: false };
const summary = (changes: Partial<LoadResult> = {}): string[] =>
  renderLoadSummary(loadResult(changes), plain);

describe('summary of a load run', () => {
  it('begins with the verdict', () => {
    expect(summary()[0]).to.equal('✓ 1200 requests of 1200 answered well: 20.0/s offered, 20.0/s done');
  });

  it('shows latency, service time and send lag apart, each with its meaning, and a dash for what is not known', () => {
    expect(summary().slice(2, 6)).to.deep.equal([
      'time          p50      p90      p99   p99.9     max',
      'latency   1.20 ms  3.00 ms  14.6 ms  120 ms  1.23 s  from the intended start',
      'service   1.20 ms  3.00 ms  14.6 ms  120 ms  1.23 s  from the sending',
      'send lag  1.20 ms  3.00 ms  14.6 ms       -  1.23 s  lateness of the generator',
    ]);
  });

  it('shows each pod and how evenly they were loaded, and since when', () => {
    const text = summary();
    expect(text).to.include('walkthrough-7c9d8f6b5-2xk1z       260   17 %     59   0:04  ██████████');
    expect(text).to.include(
      'balance 0:40-1:20, 6 pods: busiest 1.21 x the mean, Jain index 0.972 (1 is even)',
    );
  });

  it('says so when no answer named its pod', () => {
    const balance = { ...noPods, toMs: 1000 };
    expect(summary({ perPod: {}, balance })).to.include('no answer named its pod');
  });

  const failing: Record<string, [changes: Partial<LoadResult>, line: string]> = {
    'requests that failed, by class': [
      { requests: { sent: 1200, ok: 1198, failed: 2, dropped: 0 }, failures: { timeout: 2 } },
      '✗ 2 requests failed: no answer in time',
    ],
    'arrivals that were dropped': [
      { requests: { sent: 1199, ok: 1199, failed: 0, dropped: 1 } },
      '✗ 1 request dropped: no connection became free in time',
    ],
    'requests that an interruption left without an answer': [
      { requests: { sent: 1200, ok: 1190, failed: 0, dropped: 0 } },
      '✗ 10 requests not answered yet when the run was interrupted',
    ],
    'a run without any request as no success': [
      { requests: { sent: 0, ok: 0, failed: 0, dropped: 0 } },
      '✗ 0 requests of 0 answered well: 20.0/s offered, 20.0/s done',
    ],
  };
  for (const [sentence, [changes, line]] of Object.entries(failing)) {
    it(`names ${sentence}`, () => {
      const text = summary(changes);
      expect(text[0]).to.match(/^✗/);
      expect(text).to.include(line);
    });
  }

  it('puts expectations first, then what makes them void, then warnings', () => {
    const verdicts = [
      { expect: 'p99<200ms', met: true, actual: 14.6, words: 'it was 14.6 ms' },
      { expect: 'errors=0', met: false, actual: 3, words: 'it was 3' },
      { expect: 'balance=fair', met: null, actual: 'fair', words: 'void' },
    ];
    const generator = { ...loadResult().generator, saturated: true, reasons: ['it was late'] };
    expect(
      summary({ verdicts, generator, warnings: ['pinned'], interrupted: true }).slice(0, 8),
    ).to.deep.equal([
      '✓ p99<200ms: it was 14.6 ms',
      '✗ errors=0: it was 3',
      '? balance=fair: void',
      '✗ the generator did not keep up: this tells of the generator, not of the target',
      '✗ it was late',
      '! pinned',
      '! interrupted: what was measured until then',
      '✓ 1200 requests of 1200 answered well: 20.0/s offered, 20.0/s done',
    ]);
  });

  it('breaks long warnings between words rather than cutting them', () => {
    const warning = 'a connection stays on the pod that it was given, so that new pods get no traffic';
    const lines = renderLoadSummary(loadResult({ warnings: [warning] }), { width: 40, color: false });
    expect(lines.slice(0, 3)).to.deep.equal([
      '! a connection stays on the pod that it',
      '  was given, so that new pods get no',
      '  traffic',
    ]);
  });

  it('breaks the verdict on the balance, rather than cutting its number', () => {
    const words = 'fair: requests were spread more evenly than by chance, as by taking turns (p 1.000)';
    const text = summary({ balance: { ...loadResult().balance, words } });
    const at = text.indexOf('fair: requests were spread more evenly than by chance, as by taking turns (p');
    expect(text[at + 1]).to.equal('  1.000)');
  });

  const statuses: Record<string, [failedStatuses: Record<string, number>, line: string]> = {
    'the status, where all have the same': [{ 404: 3 }, '✗ 3 requests failed: status 404'],
    'each of several with its count': [
      { 404: 2, 429: 1, 503: 4 },
      '✗ 3 requests failed: status 404 (2), 429 (1)',
    ],
  };
  for (const [sentence, [failedStatuses, line]] of Object.entries(statuses)) {
    it(`tells of failed answers ${sentence}`, () => {
      const requests = { sent: 1200, ok: 1197, failed: 3, dropped: 0 };
      expect(summary({ requests, failures: { status4xx: 3 }, failedStatuses })).to.include(line);
    });
  }

  it('shows the shares with their intervals where the pods were loaded unevenly', () => {
    const test: BalanceTest = {
      unit: 'connections',
      counts: { a: 30, b: 10 },
      shares: { a: { share: 0.75, low: 0.6, high: 0.86 }, b: { share: 0.25, low: 0.14, high: 0.4 } },
      maxOverMean: 1.5,
      jainIndex: 0.8,
      chiSquare: 10,
      pValue: 0.0016,
    };
    const balance = { ...loadResult().balance, verdict: 'uneven', words: 'uneven: why', test } as const;
    const lines = summary({ balance });
    const at = lines.indexOf('uneven: why');
    expect(lines.slice(at + 1, at + 3)).to.deep.equal([
      '  a 30 connections, 75 % (60 % to 86 %)',
      '  b 10 connections, 25 % (14 % to 40 %)',
    ]);
  });

  it('has no send lag in a closed loop, where nothing is sent at a stated time', () => {
    const text = summary({ run: { ...loadRunInfo, mode: 'closed', profile: null } }).join('\n');
    expect(text).to.contain('closed loop').and.not.to.contain('send lag');
  });

  it('tells the cost, beside the least that would have done, and the time that was bad', () => {
    const cost = { podSeconds: 345.4, neededPodSeconds: 290, flaps: 1, badMs: 4000 };
    expect(summary({ cost })).to.include.members([
      '345 pod-seconds, 19 % more than the least that would have done',
      'requests failed or were dropped, or latency was over what --expect allows, in',
      '  4.00 s',
    ]);
  });

  it('ends with the command that does it again, whole, as a shell would have to be given it', () => {
    const command = [
      'plimsoll',
      'load',
      'http://127.0.0.1:8080/',
      '--profile',
      `50/s for 30s, ${'x'.repeat(60)}`,
    ];
    expect(summary({ run: { ...loadRunInfo, command } }).at(-1)).to.equal(
      `again: plimsoll load http://127.0.0.1:8080/ --profile '50/s for 30s, ${'x'.repeat(60)}'`,
    );
  });

  it('says how long the generator was late, which expectations leave out', () => {
    const judged = { ...loadResult().judged, leftOutMs: 2000 };
    expect(summary({ judged })).to.include(
      '! the generator itself was late in 2.00 s: expectations leave that time out',
    );
  });

  it('tells about repeated requests', () => {
    expect(summary({ connections: { opened: 300, retried: 3 } }).at(-2)).to.equal(
      '300 connections opened; 3 requests repeated, as a kept one was just closed',
    );
  });

  for (const width of [40, 60, 80, 120]) {
    it(`keeps within ${width} columns, with and without colours`, () => {
      for (const color of [false, true]) {
        for (const line of renderLoadSummary(loadResult(), { width, color })) {
          expect(visibleWidth(line), line).to.be.at.most(width);
        }
      }
    });
  }
});

describe('live view of a load run', () => {
  it('has a line without colours for logs', () => {
    expect(loadLine(loadProgress())).to.equal(
      '0:36 offered=38.1/s done=38.0/s ok=700 failed=0 dropped=0 p99=14.6ms',
    );
  });

  it('prints that line every five seconds', () => {
    const changes = [0, 4999, 5000, 9999, 10_000].map(
      (atMs) => loadUpdate([loadProgress({ atMs })], plain).change,
    );
    expect(changes).to.deep.equal(['0', '0', '1', '1', '2']);
  });

  it('shows rates, answers, times and pods', () => {
    const frame = loadUpdate([loadProgress({ offeredPerSecond: 10 }), loadProgress()], plain).frame();
    expect(frame.slice(0, 6)).to.deep.equal([
      'load   0:36 of 2:00   ● all answered',
      ' offered   38.1/s     ▃█',
      ' done      38.0/s     ok 700   failed 0   dropped 0',
      ' latency   p50 1.20 ms   p90 3.00 ms   p99 14.6 ms   max 1.23 s',
      ' service   p50 1.20 ms   p90 3.00 ms   p99 9.50 ms   max 1.23 s',
      ' send lag  p99 14.6 ms   late: this machine is too slow',
    ]);
    expect(frame.join('\n')).to.contain('walkthrough-7c9d8f6b5-2xk0z');
  });

  it('shows the whole profile with a mark where the run is now, and warnings while it goes on', () => {
    const profile = { segments: [steady(10, 60_000), steady(40, 60_000)], arrivals: 'constant' } as const;
    const progress = loadProgress({ atMs: 60_000, durationMs: 120_000, warnings: ['pinned'] });
    const frame = loadUpdate([progress], { ...plain, width: 44, profile, maxLagMs: 20 }).frame();
    expect(frame[1]).to.equal(` profile   to 40.0/s  ${'▃'.repeat(10)}|${'█'.repeat(9)}`);
    expect(frame).to.include(' ! pinned').and.include(' send lag  p99 14.6 ms   ok');
  });

  it('names failures by class, as soon as there are any', () => {
    const requests = { sent: 10, ok: 7, failed: 3, dropped: 0 };
    const failing = loadProgress({ requests, failures: { connectionRefused: 3 } });
    const frame = loadUpdate([failing], plain).frame();
    expect(frame[0]).to.contain('✗ requests fail');
    expect(frame).to.include(' ✗ connection refused: 3');
  });

  it('shows nothing before there is anything to show', () => {
    expect(loadUpdate([], plain).frame()).to.deep.equal([]);
  });
});
