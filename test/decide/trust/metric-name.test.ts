import { expect } from 'chai';
import type { MetricSource } from '../../../src/decide/policy.ts';
import { metricName } from '../../../src/decide/trust/metric-name.ts';

const target = { type: 'AverageValue', averageMilli: 1n };
const metric = { name: 'hits' };
const describedObject = { apiVersion: 'v1', kind: 'Service', name: 'front' };
const query = (text: string): MetricSource => ({ type: 'Prometheus', server: 'main', query: text, target });

describe('a metric as people call it', () => {
  const names: Record<string, MetricSource> = {
    cpu: { type: 'Resource', resource: 'cpu', target },
    'cpu of container app': { type: 'ContainerResource', resource: 'cpu', container: 'app', target },
    'hits of pods': { type: 'Pods', metric, target },
    'hits of Service front': { type: 'Object', metric, describedObject, target },
    'external hits': { type: 'External', metric, target },
    'Prometheus query sum(up)': query('sum(up)'),
    'metric of type "Odd"': { type: 'Unknown', given: '"Odd"' },
  };
  for (const [name, source] of Object.entries(names)) {
    it(`is ${name}`, () => {
      expect(metricName(source)).to.equal(name);
    });
  }

  it('is the same for what the operator scrapes of pods', () => {
    expect(metricName({ type: 'PodScrape', port: 'web', path: '/metrics', metric, target })).to.equal(
      'hits of pods',
    );
  });

  it('is nothing in particular where a status holds the place of one', () => {
    expect(metricName({ type: 'Empty' })).to.equal('a metric');
  });

  it('shows sixty characters of a query', () => {
    expect(metricName(query('x'.repeat(60)))).to.equal(`Prometheus query ${'x'.repeat(60)}`);
    expect(metricName(query('x'.repeat(61)))).to.equal(`Prometheus query ${'x'.repeat(59)}…`);
  });
});
