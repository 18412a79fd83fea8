import { expect } from 'chai';
import { decisionLines } from '../../src/report/decision-view.ts';
import type { ShownDecision } from '../../src/report/decision-view.ts';
import { visibleWidth } from '../../src/report/style.ts';

const now = Date.UTC(2026, 0, 31, 14, 3, 39);

const scaled: ShownDecision = {
  time: '2026-01-31T14:03:27Z',
  from: 5,
  to: 8,
  reason:
    '5 -> 8: cpu at 83 % of request against 50 % asks for 9 (4 pods counted, 1 not ready counted as 0); 8 instead of 9: scale-up limited to +4 in 15 s from 4, more in 15 s',
  limits: [{ limiter: 'rate', until: '2026-01-31T14:03:42Z' }],
};

const lines = (decision: Partial<ShownDecision>, width = 200, color = false) =>
  decisionLines({ ...scaled, ...decision }, now, { width, color });

describe('a decision on the terminal', () => {
  it('has a headline, each part of why, and what it waits for', () => {
    expect(lines({})).to.deep.equal([
      '5 -> 8  2026-01-31 14:03:27 UTC, 12 s ago',
      '  cpu at 83 % of request against 50 % asks for 9 (4 pods counted, 1 not ready counted as 0)',
      '  8 instead of 9: scale-up limited to +4 in 15 s from 4, more in 15 s',
      '  more is let through at 14:03:42 UTC: 3 s left',
    ]);
  });

  it('tells of no wait that is over', () => {
    expect(
      lines({ limits: [{ limiter: 'rate', until: '2026-01-31T14:03:30Z' }, { limiter: 'bounds' }] }),
    ).to.have.length(3);
  });

  it('tells how many came out alike, and since when', () => {
    const [head] = lines({ since: '2026-01-31T13:58:00Z', evaluations: 20 });
    expect(head).to.equal('5 -> 8  2026-01-31 14:03:27 UTC, 12 s ago; the last of 20 alike since 13:58:00');
    const [older] = lines({ since: '2026-01-30T13:58:00Z', evaluations: 9000 });
    expect(older).to.match(/the last of 9000 alike since 2026-01-30 13:58:00 UTC$/);
  });

  it('tells that a scale was not written', () => {
    expect(lines({ error: 'forbidden' }).at(-1)).to.equal('  the scale was not written: forbidden');
  });

  it('shows the counts where there are no words, and words that it does not know', () => {
    expect(lines({ reason: 'paused by hand', limits: [] })).to.deep.equal([
      '5 -> 8  2026-01-31 14:03:27 UTC, 12 s ago',
      '  paused by hand',
    ]);
    expect(
      decisionLines({ time: scaled.time, from: 3, to: 3 }, now, { width: 80, color: false }),
    ).to.deep.equal(['stays at 3  2026-01-31 14:03:27 UTC, 12 s ago']);
  });

  it('keeps what is in parentheses together', () => {
    const reason =
      'stays at 3: no answer from a metric (cannot connect; tried twice); no scale-down while a metric has no answer';
    expect(lines({ reason, limits: [] }).slice(1)).to.deep.equal([
      '  no answer from a metric (cannot connect; tried twice)',
      '  no scale-down while a metric has no answer',
    ]);
  });

  for (const width of [60, 80, 200]) {
    it(`fits ${width} columns, also with colours, and loses no word`, () => {
      const since = '2026-01-30T13:58:00Z';
      for (const color of [false, true]) {
        const shown = lines({ since, evaluations: 9000 }, width, color);
        for (const line of shown) expect(visibleWidth(line)).to.be.at.most(width);
      }
      const words = lines({}, width).join(' ').split(/\s+/);
      expect(words).to.deep.equal(lines({}, 10_000).join(' ').split(/\s+/));
    });
  }

  it('lets no text from elsewhere move the cursor', () => {
    const reason = 'stays at 3: no answer from a metric (\u001b[2J\u001b[31mgone\u0007)';
    expect(lines({ reason, limits: [] }).join('\n')).to.not.match(/[\u001b\u0007]/);
  });
});
