import { expect } from 'chai';
import {
  formatClock,
  formatCount,
  formatMs,
  formatRate,
  formatShare,
  shortenMessage,
} from '../../src/report/format.ts';
import { renderTable } from '../../src/report/table.ts';

describe('formats', () => {
  const cases: [shown: string, expected: string][] = [
    [formatClock(0), '0:00'],
    [formatClock(65_999), '1:05'],
    [formatClock(3_600_000), '60:00'],
    [formatClock(-5), '0:00'],
    [formatMs(null), '-'],
    [formatMs(0), '0.00 ms'],
    [formatMs(0.4234), '0.42 ms'],
    [formatMs(9.996), '10.0 ms'],
    [formatMs(99.96), '100 ms'],
    [formatMs(999.4), '999 ms'],
    [formatMs(999.6), '1.00 s'],
    [formatMs(12_345), '12.3 s'],
    [formatShare(0), '0 %'],
    [formatShare(0.004), '0.4 %'],
    [formatShare(0.256), '26 %'],
    [formatRate(44.96), '45.0/s'],
    [formatRate(12_345.6), '12346/s'],
    [formatCount(1, 'pod'), '1 pod'],
    [formatCount(0, 'pod'), '0 pods'],
    [
      shortenMessage('New size: 4; reason: cpu resource utilization (percentage of request) above target'),
      'New size: 4; reason: cpu utilization above target',
    ],
    [
      shortenMessage('New size: 4; reason: All metrics below target'),
      'New size: 4; reason: All metrics below target',
    ],
  ];
  for (const [shown, expected] of cases) it(`shows ${expected}`, () => expect(shown).to.equal(expected));

  it('lines columns up under their titles, numbers at the right', () => {
    const columns = [{ title: 'pod' }, { title: 'requests', align: 'right' as const }, { title: '' }];
    expect(
      renderTable(columns, [
        ['a', '7', 'x'],
        ['longer', '1234'],
      ]),
    ).to.deep.equal([
      // prettier-ignore
      'pod     requests',
      'a              7  x',
      'longer      1234',
    ]);
  });
});
