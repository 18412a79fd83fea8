import { expect } from 'chai';
import type { DemoResult } from '../../src/report/demo-result.ts';
import { renderDemoSummary, scaledUpAndBack } from '../../src/report/demo-summary.ts';
import { renderDemoReport } from '../../src/report/html/page.ts';
import { reactions, scalingSteps } from '../../src/report/reactions.ts';
import { visibleWidth } from '../../src/report/style.ts';
import { demoResult, events, loadResult, noPods, timeline } from './samples.ts';

const plain = { width: 80, color: false };
const summary = (changes: Partial<DemoResult> = {}): string[] =>
  renderDemoSummary(demoResult(changes), plain);

describe('summary of the demo', () => {
  it('begins with the verdicts: scaling first, then the requests', () => {
    expect(summary().slice(0, 2)).to.deep.equal([
      '✓ scaled from 1 to 6 replicas and back to 1',
      '✓ 1200 requests of 1200 answered well: 20.0/s offered, 20.0/s done',
    ]);
  });

  const verdicts: Record<string, [replicas: DemoResult['replicas'], verdict: RegExp, good: boolean]> = {
    'up and back': [{ start: 1, peak: 4, end: 1 }, /^✓ scaled from 1 to 4 replicas and back to 1/, true],
    'never up': [{ start: 1, peak: 1, end: 1 }, /^✗ did not scale up: replicas stayed at 1/, false],
    'up and not back': [{ start: 1, peak: 4, end: 2 }, /^✗ .* ended at 2, not back at 1/, false],
  };
  for (const [sentence, [replicas, verdict, good]] of Object.entries(verdicts)) {
    it(`judges ${sentence}`, () => {
      expect(summary({ replicas })[0]).to.match(verdict);
      expect(scaledUpAndBack(demoResult({ replicas }))).to.equal(good);
    });
  }

  it('tells as the report does that the generator did not keep up', () => {
    const reason =
      '1 % of the requests were taken up 58.0 ms late or more; up to 10.0 ms is allowed (--max-lag)';
    const load = loadResult({ generator: { ...loadResult().generator, saturated: true, reasons: [reason] } });
    const shown = summary({ load }).join('\n');
    expect(shown)
      .to.match(/^✗ the generator did not keep up: /m)
      .and.to.match(/^✗ 1 % of .* 58\.0 ms late/m);
    expect(renderDemoReport(demoResult({ load }), 80)).to.contain('the generator did not keep up');
  });

  it('draws replicas over time, with load and CPU on the same axis', () => {
    const text = summary();
    const start = text.findIndex((line) => line.startsWith('replicas'));
    expect(text.slice(start, start + 12)).to.deep.equal([
      'replicas: █ ready, ░ not ready yet; load and CPU up to the figures shown',
      '          6┤                    ░░███████████████████████████',
      '          5┤                    ░░███████████████████████████',
      '          4┤              ░░█████████████████████████████████',
      '          3┤              ░░██████████████████████████████████████',
      '          2┤              ░░██████████████████████████████████████',
      '          1┤███████████████████████████████████████████████████████████████████',
      '           └───────────────────────────────────────────────────────────────────',
      '            0:00                           0:59                            1:59',
      '  load 45/s ▁▁▁▁▁▁▁▁▁▂▂▂▃▃▄▅▅▅▆▆▇▇███████████████████████▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁',
      '  cpu 226 %    ▂▂▂▂▂▂▂▃▄▅▆▇█▃▃▃▄▄▄▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▁▁▁▁▁▁▁▁▁▂▂▂▂▂▂▂▂▂▂▂▂▂',
      '',
    ]);
  });

  it('lists each step with its time, how long its pods took, and the reason', () => {
    const text = summary();
    expect(text).to.include('0:24  ▲ 1 -> 4  after 3 s  cpu utilization above target');
    expect(text).to.include('1:34  ▼ 3 -> 1  after 2 s  cpu utilization below target');
  });

  it('tells how fast it reacted', () => {
    const text = summary();
    expect(text).to.include('  load rose at 0:18: first step up after 7 s, 6 pods ready after 20 s');
    expect(text).to.include('  load fell at 1:20: first step down after 5 s, back at 1 after 17 s');
  });

  it('tells how evenly the pods were loaded', () => {
    expect(summary().at(-2)).to.match(/^balance .* busiest 1\.21 x the mean/);
    expect(summary().at(-1)).to.equal('fair: chance explains how connections were spread (p 0.672)');
    const balance = { ...noPods, toMs: 0 };
    expect(summary({ perPod: {}, load: loadResult({ perPod: {}, balance }) }).at(-1)).to.equal(
      'no answer named its pod',
    );
  });

  it('stands when nothing happened at all', () => {
    const still = timeline.map((sample) => ({
      ...sample,
      desiredReplicas: 1,
      readyReplicas: 1,
      offeredPerSecond: 2,
    }));
    const text = summary({ timeline: still, events: [], replicas: { start: 1, peak: 1, end: 1 } });
    expect(text).to.include('  load rose: not seen');
    expect(text.join('\n')).not.to.contain('->');
    expect(summary({ timeline: [], events: [] })).to.include('  load fell: not seen');
  });

  for (const width of [60, 80, 120]) {
    it(`keeps within ${width} columns, and colours change no width`, () => {
      const without = renderDemoSummary(demoResult(), { width, color: false });
      const colored = renderDemoSummary(demoResult(), { width, color: true });
      for (const line of without) expect(visibleWidth(line), line).to.be.at.most(width);
      expect(colored.map(visibleWidth)).to.deep.equal(without.map(visibleWidth));
    });
  }
});

describe('scaling steps', () => {
  it('takes the moment of each change of the desired replicas from its event, since samples are a second apart', () => {
    expect(
      scalingSteps(demoResult()).map(({ event, ...step }) => ({ ...step, event: event?.atMs })),
    ).to.deep.equal([
      { atMs: 24_800, from: 1, to: 4, readyAtMs: 28_000, event: 24_800 },
      { atMs: 34_900, from: 4, to: 6, readyAtMs: 38_000, event: 34_900 },
      { atMs: 84_700, from: 6, to: 3, readyAtMs: 87_000, event: 84_700 },
      { atMs: 94_600, from: 3, to: 1, readyAtMs: 97_000, event: 94_600 },
    ]);
  });

  it('says when pods were not ready before the next step, and when no event came', () => {
    const late = timeline.map((sample) => ({
      ...sample,
      readyReplicas: sample.atMs < 38_000 ? 1 : sample.readyReplicas,
    }));
    const [first] = scalingSteps({ timeline: late, events: events.slice(1) });
    expect(first).to.include({ readyAtMs: null, event: null });
    expect(summary({ timeline: late, events: events.slice(1) }).join('\n')).to.contain('not before the next');
  });

  it('does not take the event of 40 replicas for that of 4', () => {
    const forty = { ...events[0]!, message: 'New size: 40; reason: x' };
    expect(scalingSteps({ timeline, events: [forty] })[0]?.event).to.equal(null);
  });

  it('says null for what did not happen', () => {
    const half = timeline.filter(({ atMs }) => atMs < 60_000);
    expect(reactions(demoResult({ timeline: half }))).to.deep.equal({
      loadRoseAtMs: 18_000,
      firstStepUpAtMs: 24_800,
      peakReadyAtMs: 38_000,
      loadFellAtMs: null,
      firstStepDownAtMs: null,
      backAtStartAtMs: null,
    });
  });
});
