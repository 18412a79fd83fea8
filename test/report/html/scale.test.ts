import { expect } from 'chai';
import {
  countScale,
  linearScale,
  logScale,
  percentileScale,
  type Scale,
  timeScale,
} from '../../../src/report/html/scale.ts';
import { everyNth, thin } from '../../../src/report/html/thin.ts';

const labels = ({ ticks }: Scale): string[] => ticks.map(({ label }) => label);

describe('axes of a chart', () => {
  const cases: Record<string, [scale: Scale, labels: string[]]> = {
    'rates end at a round number above the largest': [linearScale(45, String, 3), ['0', '20', '40', '60']],
    'a largest value that is round is the end itself': [
      linearScale(100, String, 5),
      ['0', '20', '40', '60', '80', '100'],
    ],
    'nothing but zero still has an axis': [linearScale(0, () => 'x', 1), ['x', 'x']],
    'replicas are whole': [countScale(3), ['0', '1', '2', '3']],
    'many replicas go in round steps': [countScale(45), ['0', '10', '20', '30', '40', '50']],
    'times within a decade show 1, 2 and 5': [logScale([12, 70]), ['10 ms', '20 ms', '50 ms', '100 ms']],
    'times over many decades show powers of ten': [logScale([0.3, 4000]), ['1 ms', '10 ms', '100 ms', '1 s']],
    'no time at all still has an axis': [logScale([]), ['1 ms', '2 ms', '5 ms', '10 ms']],
    'one time has room around it': [logScale([5]), ['5 ms', '10 ms']],
    'a short run has parts of a second': [
      timeScale(500),
      ['0.0 s', '0.1 s', '0.2 s', '0.3 s', '0.4 s', '0.5 s'],
    ],
    'a run of two minutes has steps of 20 seconds': [
      timeScale(120_000),
      ['0:00', '0:20', '0:40', '1:00', '1:20', '1:40', '2:00'],
    ],
    'a day has steps of hours': [timeScale(86_400_000), ['0 h', '5 h', '10 h', '15 h', '20 h']],
    'some seconds have halves': [
      timeScale(3000),
      ['0.0 s', '0.5 s', '1.0 s', '1.5 s', '2.0 s', '2.5 s', '3.0 s'],
    ],
    'some minutes have halves, as a clock has': [
      timeScale(150_000),
      ['0:00', '0:30', '1:00', '1:30', '2:00', '2:30'],
    ],
    'percentiles stand a nine apart': [percentileScale(99.9), ['0 %', '50 %', '90 %', '99 %', '99.9 %']],
  };
  for (const [sentence, [scale, expected]] of Object.entries(cases)) {
    it(sentence, () => {
      expect(labels(scale)).to.deep.equal(expected);
      for (const { at } of scale.ticks) expect(at).to.be.within(0, 1);
    });
  }

  it('puts values between their ends, and those beyond at the end', () => {
    const scale = linearScale(100, String, 5);
    expect([-5, 0, 25, 100, 1e9].map((value) => scale.at(value))).to.deep.equal([0, 0, 0.25, 1, 1]);
    expect([0, 10, 1e9].map((value) => logScale([10, 100]).at(value))).to.deep.equal([0, 0, 1]);
    expect(percentileScale(99).at(90)).to.be.closeTo(0.5, 1e-9);
    expect(percentileScale(99).at(100)).to.equal(1);
  });
});

describe('lines of many points', () => {
  const points = Array.from({ length: 5000 }, (_, x) => ({
    x,
    y: x === 1234 ? 999 : x === 4321 ? -999 : x % 10,
  }));

  it('keep their peaks and troughs, in order', () => {
    const kept = thin(points, 100);
    expect(kept.length).to.be.at.most(100);
    expect(kept).to.deep.include({ x: 1234, y: 999 }).and.deep.include({ x: 4321, y: -999 });
    expect(kept.map(({ x }) => x)).to.deep.equal(kept.map(({ x }) => x).toSorted((a, b) => a - b));
  });

  it('stay as they are when they are few, and are broken where nothing was measured', () => {
    expect(thin(points.slice(0, 100), 100)).to.deep.equal(points.slice(0, 100));
    const gap = points.map(({ x, y }) => ({ x, y: x < 2500 ? null : y }));
    expect(thin(gap, 100)[0]).to.deep.equal({ x: 0, y: null });
  });

  it('have tables of every nth row, with the last', () => {
    expect(everyNth([1, 2, 3, 4, 5, 6], 3)).to.deep.equal([1, 3, 5, 6]);
    expect(everyNth([], 3)).to.deep.equal([]);
  });
});
