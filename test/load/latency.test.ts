import { expect } from 'chai';
import { LatencyHistogram } from '../../src/load/latency.ts';

function recorded(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('latency histogram', () => {
  it('knows percentiles to three digits and the maximum exactly', () => {
    const { p50, p90, p99, p999, max } = recorded(
      Array.from({ length: 10_000 }, (_, i) => (i + 1) / 10),
    ).percentiles();
    expect(p50).to.be.closeTo(500, 0.5);
    expect(p90).to.be.closeTo(900, 0.9);
    expect(p99).to.be.closeTo(990, 1);
    expect(p999).to.be.closeTo(999, 1);
    expect(max).to.equal(1000);
  });

  it('keeps both humps of two kinds of answers apart', () => {
    const bimodal = [...Array<number>(950).fill(2), ...Array<number>(50).fill(300)];
    const { p50, p90, p99 } = recorded(bimodal).percentiles();
    expect(p50).to.be.closeTo(2, 0.004);
    expect(p90).to.be.closeTo(2, 0.004);
    expect(p99).to.be.closeTo(300, 0.6);
  });

  it('says null, not zero, when nothing was measured or all was forgotten', () => {
    const nothing = { p50: null, p90: null, p99: null, p999: null, max: null };
    expect(recorded([]).percentiles()).to.deep.equal(nothing);
    const reset = recorded([5]);
    reset.reset();
    expect(reset.percentiles()).to.deep.equal(nothing);
  });

  it('takes times below a microsecond, below zero, and above an hour', () => {
    expect(recorded([0.0001, -3]).percentiles()).to.include({ p50: 0, max: 0 });
    expect(recorded([7_200_000]).percentiles().max).to.equal(7_200_000);
  });

  it('never puts a percentile above the maximum', () => {
    const { p50, p999, max } = recorded([1234.567]).percentiles();
    expect(max).to.equal(1234.567);
    expect(p50).to.be.at.most(1234.567);
    expect(p999).to.be.at.most(1234.567);
  });

  it('knows its whole shape', () => {
    const spectrum = recorded(Array.from({ length: 10_000 }, (_, i) => (i + 1) / 10)).spectrum();
    expect(spectrum[0]?.[0]).to.equal(0);
    expect(spectrum.at(-1)).to.deep.equal([100, 1000]);
    for (const [percentile, ms] of spectrum.slice(1)) expect(ms).to.be.closeTo(percentile * 10, 1);
    expect(recorded([]).spectrum()).to.deep.equal([]);
  });

  it('is within 1 % with two figures', () => {
    const histogram = new LatencyHistogram(2);
    for (let i = 1; i <= 10_000; i += 1) histogram.record(i / 10);
    expect(histogram.percentiles().p50).to.be.closeTo(500, 5);
    expect(histogram.percentiles().p99).to.be.closeTo(990, 10);
    expect(histogram.percentiles().max).to.equal(1000);
  });

  it('has no percentile that is one of those that took longer than any time', () => {
    const histogram = new LatencyHistogram();
    for (let ms = 1; ms <= 50; ms += 1) histogram.record(ms);
    const { p50, ...rest } = histogram.percentiles(50);
    expect(p50).to.be.closeTo(50, 0.1);
    expect(rest).to.deep.equal({ p90: null, p99: null, p999: null, max: null });
    expect(histogram.percentiles(5).p90).to.be.closeTo(50, 0.1);
    expect(new LatencyHistogram().percentiles(5).p50).to.equal(null);
  });
});
