import { expect } from 'chai';
import { renderStripChart } from '../../src/report/strip-chart.ts';

describe('renderStripChart', () => {
  const axis = ['begin', 'mid', 'end'] as const;
  const strip = (name: string, ...values: number[]) => ({
    name,
    range: 'per second',
    points: values.map((value, index) => ({ atMs: index * 1000, value })),
  });

  it('draws rows of bars over one time, with their names and ranges', () => {
    expect(
      renderStripChart(
        { strips: [strip('load', 1, 4, 8, 8), strip('pods', 1, 1, 2, 2)], endMs: 4000, axis },
        16,
      ),
    ).to.deep.equal([
      'load  ▂▂▂▂▅▅▅▅████████  per second',
      'pods  ▅▅▅▅▅▅▅▅████████  per second',
      '      begin mid    end',
    ]);
  });

  it('leaves a gap for zero, which is not the same as little', () => {
    const [row] = renderStripChart({ strips: [strip('a', 0, 1, 0, 100)], endMs: 4000, axis }, 4);
    expect(row).to.equal('a   ▁ █  per second');
  });

  it('shows the most of the time of each column, so that no peak is lost', () => {
    const [row] = renderStripChart({ strips: [strip('a', 1, 9, 1, 1, 1, 1, 1, 1)], endMs: 8000, axis }, 2);
    expect(row).to.equal('a  █▂  per second');
  });

  it('scales rows to one maximum where one is given', () => {
    const [row] = renderStripChart({ strips: [{ ...strip('a', 4, 4), max: 8 }], endMs: 2000, axis }, 2);
    expect(row).to.equal('a  ▅▅  per second');
  });

  it('marks alarms in a row of their own, that is not there without any', () => {
    const strips = [strip('load', 1, 1, 1, 1)];
    const alarms = { name: 'short', atMs: [1000, 4000], range: '2 s' };
    expect(renderStripChart({ strips, alarms, endMs: 4000, axis }, 8)[1]).to.equal('short    !    !  2 s');
    expect(
      renderStripChart({ strips, alarms: { ...alarms, atMs: [] }, endMs: 4000, axis }, 8),
    ).to.have.length(2);
  });
});
