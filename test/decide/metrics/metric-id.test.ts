import { expect } from 'chai';
import { metricId } from '../../../src/decide/metrics/metric-id.ts';
import type { MetricSpec } from '../../../src/decide/policy.ts';
import * as given from '../builders.ts';

describe('metricId', () => {
  const asked = (query: string): MetricSpec => ({
    type: 'Prometheus',
    server: 'main',
    query,
    target: { type: 'AverageValue', averageMilli: 1000n },
  });

  it('is what the metric is read from, whatever its target', () => {
    expect(metricId(given.cpuAt50Percent)).to.equal('Resource/cpu');
    expect(metricId(asked('sum(x)'))).to.equal('Prometheus/main sum(x)');
  });

  it('is no longer for a query of 4,096 characters, and tells two apart that differ at the end', () => {
    const long = 'sum(rate(x{path="/"}[1m])) + '.repeat(142).slice(0, 4095);
    const [a, b] = [metricId(asked(`${long}1`)), metricId(asked(`${long}2`))];
    expect(a).to.have.length(256);
    expect(a).to.match(/^Prometheus\/main sum\(rate/);
    expect(a).not.to.equal(b);
    expect(a).to.equal(metricId(asked(`${long}1`)));
  });

  it('comes back from the API server as it was sent, wherever it is cut', () => {
    for (const shift of ['', 'x'])
      expect(metricId(asked(shift + '\u{1f6a2}'.repeat(200))).isWellFormed()).to.equal(true);
  });
});
