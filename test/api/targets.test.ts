import { expect } from 'chai';
import type { MetricSpec, MetricStatus, MetricTarget } from '../../src/api/generated/custom-autoscaler.ts';
import { targetsText } from '../../src/api/targets.ts';

function resource(name: string, target: Partial<MetricTarget>): MetricSpec {
  return { type: 'Resource', resource: { name, target: { type: 'Utilization', ...target } } };
}

function container(name: string, target: Partial<MetricTarget>): MetricSpec {
  const whole: MetricTarget = { type: 'Utilization', ...target };
  return { type: 'ContainerResource', containerResource: { name, container: 'app', target: whole } };
}

const metric = { name: 'q' };
const describedObject = { kind: 'Service', name: 's' };

function external(target: Partial<MetricTarget>): MetricSpec {
  return { type: 'External', external: { metric, target: { type: 'Value', ...target } } };
}

function objectMetric(target: Partial<MetricTarget>): MetricSpec {
  return { type: 'Object', object: { metric, describedObject, target: { type: 'Value', ...target } } };
}

function pods(averageValue: number | string): MetricSpec {
  return { type: 'Pods', pods: { metric, target: { type: 'AverageValue', averageValue } } };
}

function podScrape(averageValue: number | string): MetricSpec {
  return {
    type: 'PodScrape',
    podScrape: { port: 80, metric, target: { type: 'AverageValue', averageValue } },
  };
}

function prometheus(target: Partial<MetricTarget>): MetricSpec {
  return { type: 'Prometheus', prometheus: { query: 'up', target: { type: 'Value', ...target } } };
}

const cpu50 = resource('cpu', { averageUtilization: 50 });
const cpuAt = (averageUtilization: number): MetricStatus => ({
  type: 'Resource',
  resource: { name: 'cpu', current: { averageUtilization, averageValue: '100m' } },
});
const failed: MetricStatus = { type: '' };

const cases: Readonly<Record<string, readonly [MetricSpec[], MetricStatus[], string]>> = {
  'a utilization': [[cpu50], [cpuAt(73)], 'cpu: 73%/50%'],
  'a utilization of nothing': [[cpu50], [cpuAt(0)], 'cpu: 0%/50%'],
  'before the first reading': [[cpu50], [], 'cpu: <unknown>/50%'],
  'an average over no replicas': [
    [external({ type: 'AverageValue', averageValue: '10' })],
    [{ type: 'External', external: { metric, current: { averageValue: '-9223372036854775808m' } } }],
    '<unknown>/10 (avg)',
  ],
  'what is scraped from pods, as a metric of pods': [
    [podScrape('10')],
    [{ type: 'PodScrape', podScrape: { metric, current: { averageValue: '12500m' } } }],
    '12500m/10',
  ],
  'what is to be scraped': [[podScrape('10')], [failed], '<unknown>/10'],
  'a query by value': [
    [prometheus({ value: '100' })],
    [{ type: 'Prometheus', prometheus: { current: { value: '66' } } }],
    '66/100',
  ],
  'a query by average': [
    [prometheus({ averageValue: 0.5 })],
    [{ type: 'Prometheus', prometheus: { current: { averageValue: '250m' } } }],
    '250m/500m (avg)',
  ],
  'a metric that failed': [[cpu50], [failed], 'cpu: <unknown>/50%'],
  'a target without a number': [[resource('cpu', {})], [], 'cpu: <unknown>/<auto>'],
  'two before the first reading': [
    [resource('cpu', { averageUtilization: 80 }), resource('memory', { averageValue: '100Mi' })],
    [],
    'cpu: <unknown>/80%, memory: <unknown>/100Mi',
  ],
  'memory by value': [
    [resource('memory', { averageValue: '100Mi' })],
    [{ type: 'Resource', resource: { name: 'memory', current: { averageValue: '90Mi' } } }],
    'memory: 90Mi/100Mi',
  ],
  'a target in the canonical form': [
    [resource('memory', { averageValue: '0.5Gi' })],
    [],
    'memory: <unknown>/512Mi',
  ],
  'a target in decimal units stays in them': [
    [resource('memory', { averageValue: '500M' })],
    [],
    'memory: <unknown>/500M',
  ],
  'a container': [
    [container('cpu', { averageUtilization: 60 })],
    [{ type: 'ContainerResource', containerResource: { name: 'cpu', current: { averageUtilization: 12 } } }],
    'cpu: 12%/60%',
  ],
  'a container by value': [[container('cpu', { averageValue: '100m' })], [failed], 'cpu: <unknown>/100m'],
  'a metric of pods': [
    [pods(10)],
    [{ type: 'Pods', pods: { current: { averageValue: '2500m' } } }],
    '2500m/10',
  ],
  'a metric of pods without a reading': [[pods('1k')], [], '<unknown>/1k'],
  'an object by value': [
    [objectMetric({ value: '2k' })],
    [{ type: 'Object', object: { current: { value: '1500' } } }],
    '1500/2k',
  ],
  'an object by average': [
    [objectMetric({ averageValue: '100' })],
    [{ type: 'Object', object: { current: { averageValue: '33334m' } } }],
    '33334m/100 (avg)',
  ],
  'an external metric by value': [
    [external({ value: 30 })],
    [{ type: 'External', external: { current: { value: '7' } } }],
    '7/30',
  ],
  'an external metric by average, failed': [[external({ averageValue: 5 })], [failed], '<unknown>/5 (avg)'],
  'exactly two': [[cpu50, pods(1)], [cpuAt(1)], 'cpu: 1%/50%, <unknown>/1'],
  'more than two': [[cpu50, pods(1), pods(2), pods(3)], [cpuAt(1)], 'cpu: 1%/50%, <unknown>/1 + 2 more...'],
  'no metrics': [[], [], '<none>'],
  'a type that nobody knows': [[{ type: 'Foo' } as unknown as MetricSpec], [], '<unknown type>'],
};

describe('targetsText', () => {
  for (const [name, [metrics, readings, text]] of Object.entries(cases)) {
    it(`shows ${name} as ${text}`, () => expect(targetsText(metrics, readings)).to.equal(text));
  }
});
