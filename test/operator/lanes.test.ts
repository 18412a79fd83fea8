import { expect } from 'chai';
import { parseAutoscaler } from '../../src/api/parse.ts';
import type { Autoscaler } from '../../src/operator/autoscaler-table.ts';
import { laneOf } from '../../src/operator/lanes.ts';

const cpu = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
};
const requests = {
  type: 'Pods',
  pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } },
};
const scraped = {
  type: 'PodScrape',
  podScrape: { port: 'http', metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '10' } },
};

function autoscaler(metrics: readonly object[], apiVersion: string, kind: string): Autoscaler {
  const parsed = parseAutoscaler({
    apiVersion: 'plimsoll.dev/v1',
    kind: 'CustomAutoscaler',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { scaleTargetRef: { apiVersion, kind, name: 'web' }, maxReplicas: 3, metrics },
  });
  return { parsed } as Autoscaler;
}

describe('laneOf', () => {
  const cases: Record<string, [autoscaler: Autoscaler | undefined, lane: string]> = {
    'is the source of the metrics': [autoscaler([cpu, cpu], 'apps/v1', 'Deployment'), 'resource'],
    'is all of them, in an order': [autoscaler([cpu, requests], 'apps/v1', 'StatefulSet'), 'custom+resource'],
    'is that of the namespace where pods are asked themselves: hanging ones keep only their neighbours waiting':
      [autoscaler([scraped, cpu], 'apps/v1', 'Deployment'), 'resource+scrape shop'],
    'is another for a scale that no watch tells': [
      autoscaler([cpu], 'example.com/v1', 'Shop'),
      'resource+scale',
    ],
    'is another for a kind of the same name in another group': [
      autoscaler([cpu], 'example.com/v1', 'Deployment'),
      'resource+scale',
    ],
    'does not depend on the version in the reference': [
      autoscaler([cpu], 'apps/v1beta2', 'ReplicaSet'),
      'resource',
    ],
    'is empty for one that was deleted': [undefined, ''],
  };
  for (const [title, [of, lane]] of Object.entries(cases)) it(title, () => expect(laneOf(of)).to.equal(lane));
});
