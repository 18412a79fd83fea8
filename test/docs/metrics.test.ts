import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseAutoscaler } from '../../src/api/parse.ts';
import { metricTable } from '../../src/operator/metric-table.ts';
import * as given from '../decide/builders.ts';
import { lostCpu, Story } from '../decide/trust/story.ts';
import type { KubeObject } from '../../src/devcluster/cluster-api.ts';
import { TestCluster } from '../support/cluster.ts';

describe('docs/metrics.md', () => {
  const page = readFileSync('docs/metrics.md', 'utf8');
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];

  it('has an example that the API server accepts and the operator understands', async () => {
    const cluster = await TestCluster.start();
    const created = cluster.api.create('customautoscalers.plimsoll.dev', {
      ...(parse(example) as KubeObject),
      metadata: { name: 'orders', namespace: 'default' },
    });
    const parsed = parseAutoscaler(created);
    await cluster.close();
    expect(parsed).to.include({ ok: true });
    expect(parsed.ok && parsed.policy.metrics).to.deep.equal([
      {
        type: 'Resource',
        resource: 'cpu',
        target: { type: 'Utilization', averageUtilization: 60 },
        maxAgeMs: 120_000,
        onError: { type: 'Fallback', afterMs: 180_000, replicas: 8, behavior: 'CurrentReplicasIfHigher' },
      },
      {
        type: 'External',
        metric: { name: 'queue_length' },
        target: { type: 'AverageValue', averageMilli: 30_000n },
        suspectZeroMs: 300_000,
        onError: { type: 'Ignore', afterMs: 600_000 },
        activationMilli: 5000n,
      },
    ]);
  });

  it('quotes what a decision says', () => {
    const onError = { type: 'Fallback', afterMs: 180_000, replicas: 6, behavior: 'Static' } as const;
    const failing = new Story(given.policy({ metrics: [{ ...given.cpuAt50Percent, onError }] }), 4);
    failing.ticks(() => [lostCpu], 180);
    expect(page).to.contain(failing.tick([lostCpu]).words);
    const zero = new Story(given.policy({ metrics: [{ ...given.queueOf10, suspectZeroMs: 300_000 }] }), 3);
    zero.tick([given.queue(30)]);
    expect(page).to.contain(zero.tick([given.queue(0)]).words);
  });

  it('names a metric of the operator that there is', () => {
    const [, name = ''] = /`plimsoll_(metrics_failing_total)`/.exec(page) ?? [];
    expect(metricTable).to.have.property(name);
  });
});
