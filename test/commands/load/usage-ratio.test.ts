import { expect } from 'chai';
import type { MetricSpec, MetricStatus } from '../../../src/api/generated/custom-autoscaler.ts';
import { usageRatio } from '../../../src/commands/load/usage-ratio.ts';

const cpu = (averageUtilization: number): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});
const queue: MetricSpec = {
  type: 'External',
  external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '500m' } },
};
const cpuAt = (averageUtilization: number): MetricStatus => ({
  type: 'Resource',
  resource: { current: { averageUtilization } },
});

describe('usage over target', () => {
  const table: Record<
    string,
    [metrics: MetricSpec[] | undefined, readings: MetricStatus[] | null, ratio?: number]
  > = {
    'is that of a metric in percent': [[cpu(50)], [cpuAt(75)], 1.5],
    'is that of a quantity': [[queue], [{ external: { current: { averageValue: '2' } } }], 4],
    'is the largest of several': [
      [cpu(50), queue],
      [cpuAt(75), { external: { current: { averageValue: 1 } } }],
      2,
    ],
    'leaves out a metric that could not be read': [[queue, cpu(50)], [{ type: '' }, cpuAt(25)], 0.5],
    'is of 80 % CPU where no metric is given': [undefined, [cpuAt(40)], 0.5],
    'is not known before the first reading': [[cpu(50)], null],
    'is not known of a reading in another unit': [
      [cpu(50)],
      [{ resource: { current: { averageValue: '1' } } }],
    ],
  };
  for (const [sentence, [metrics, currentMetrics, ratio]] of Object.entries(table)) {
    it(sentence, () => {
      const scaleTargetRef = { kind: 'Deployment', name: 'web' };
      const spec = { scaleTargetRef, maxReplicas: 5, ...(metrics === undefined ? {} : { metrics }) };
      expect(usageRatio({ spec, status: { currentMetrics } })).to.equal(ratio);
    });
  }
});
