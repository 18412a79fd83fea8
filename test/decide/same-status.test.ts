import { expect } from 'chai';
import { sameStatus } from '../../src/decide/same-status.ts';
import type { AutoscalerStatus, MetricStatus } from '../../src/decide/status.ts';
import { noStatus, now } from './builders.ts';

const condition = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'ReadyForNewScale',
  message: 'recommended size matches current size',
  lastTransitionAtMs: now,
} as const;
const metric = (averageMilli: bigint): MetricStatus => ({ type: 'Resource', resource: 'cpu', averageMilli });
const status: AutoscalerStatus = {
  currentReplicas: 2,
  desiredReplicas: 2,
  lastScaleAtMs: now,
  currentMetrics: [metric(5n)],
  conditions: [condition],
};

describe('two statuses', () => {
  const same: Record<string, [AutoscalerStatus, AutoscalerStatus]> = {
    'that say the same are the same': [status, structuredClone(status)],
    'differ not by an empty list of metrics': [noStatus, { ...noStatus, currentMetrics: [] }],
    'differ not by a count of zero that is not there': [noStatus, { ...noStatus, currentReplicas: 0 }],
    'differ not by an empty map in a selector': [
      {
        ...noStatus,
        currentMetrics: [
          { type: 'Pods', metric: { name: 'a', selector: { matchLabels: {} } }, averageMilli: 1n },
        ],
      },
      {
        ...noStatus,
        currentMetrics: [{ type: 'Pods', metric: { name: 'a', selector: {} }, averageMilli: 1n }],
      },
    ],
  };
  const different: Record<string, [AutoscalerStatus, AutoscalerStatus]> = {
    'differ by a word of a condition': [
      status,
      { ...status, conditions: [{ ...condition, message: 'other' }] },
    ],
    'differ by the time of a condition': [
      status,
      { ...status, conditions: [{ ...condition, lastTransitionAtMs: 0 }] },
    ],
    'differ by a condition more': [status, { ...status, conditions: [condition, condition] }],
    'differ by a quantity': [status, { ...status, currentMetrics: [metric(6n)] }],
    'differ by a metric less': [status, { ...status, currentMetrics: null }],
    'differ by a count': [status, { ...status, desiredReplicas: 3 }],
    'differ by a current count': [status, { ...status, currentReplicas: 3 }],
    'differ by the time of a rescale': [noStatus, { ...noStatus, lastScaleAtMs: now }],
  };
  for (const [sentence, [a, b]] of Object.entries(same)) {
    it(sentence, () => expect([sameStatus(a, b), sameStatus(b, a)]).to.deep.equal([true, true]));
  }
  for (const [sentence, [a, b]] of Object.entries(different)) {
    it(sentence, () => expect([sameStatus(a, b), sameStatus(b, a)]).to.deep.equal([false, false]));
  }
});

describe('two statuses of one condition', () => {
  const other = { type: 'Other', status: 'False', reason: 'Other', message: 'other', lastTransitionAtMs: 1 };
  for (const [field, value] of Object.entries(other)) {
    it(`differ by its ${field}`, () => {
      const changed = { ...status, conditions: [{ ...condition, [field]: value }] };
      expect([sameStatus(status, changed), sameStatus(changed, status)]).to.deep.equal([false, false]);
    });
  }
});

describe('two statuses of one metric', () => {
  const full = {
    type: 'Object',
    resource: 'cpu',
    container: 'app',
    averageMilli: 1n,
    averageUtilization: 5,
    valueMilli: 2n,
    metric: { name: 'hits', selector: { matchLabels: { a: 'b' } } },
    describedObject: { apiVersion: 'v1', kind: 'Service', name: 'front' },
  };
  const withMetric = (changes: object): AutoscalerStatus => ({
    ...status,
    currentMetrics: [{ ...full, ...changes } as unknown as MetricStatus],
  });
  const changes: Record<string, object> = {
    'its type': { type: 'External' },
    'its resource': { resource: 'memory' },
    'its container': { container: 'side' },
    'its average': { averageMilli: 2n },
    'its utilization': { averageUtilization: 6 },
    'its value': { valueMilli: 3n },
    'its name': { metric: { name: 'other', selector: { matchLabels: { a: 'b' } } } },
    'a selector less': { metric: { name: 'hits' } },
    'a label more': { metric: { name: 'hits', selector: { matchLabels: { a: 'b', c: 'd' } } } },
    'an empty label more': { metric: { name: 'hits', selector: { matchLabels: { a: 'b', c: '' } } } },
    'text in place of a selector': { metric: { name: 'hits', selector: 'a=b' } },
    'its object': { describedObject: { apiVersion: 'v1', kind: 'Service', name: 'back' } },
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`differ by ${what}`, () => {
      const [a, b] = [withMetric({}), withMetric(change)];
      expect([sameStatus(a, b), sameStatus(b, a)]).to.deep.equal([false, false]);
    });
  }

  it('are the same when all of it is', () => {
    expect(sameStatus(withMetric({}), structuredClone(withMetric({})))).to.equal(true);
  });

  it('are the same when they share their parts', () => {
    expect(sameStatus(withMetric({}), withMetric({}))).to.equal(true);
  });

  it('differ by the name alone, where there is no object', () => {
    const named = (name: string): AutoscalerStatus => ({
      ...status,
      currentMetrics: [{ type: 'Pods', metric: { name }, averageMilli: 1n }],
    });
    expect(sameStatus(named('hits'), named('misses'))).to.equal(false);
  });
});
