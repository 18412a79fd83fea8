import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseAutoscaler } from '../../src/api/parse.ts';
import type { KubeObject } from '../../src/devcluster/cluster-api.ts';
import { defaultOperatorOptions } from '../../src/operator/options.ts';
import { TestCluster } from '../support/cluster.ts';

describe('docs/pods.md', () => {
  const page = readFileSync('docs/pods.md', 'utf8');
  const example = parse(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as KubeObject;
  const fields = [...page.matchAll(/^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$/gm)].filter(
    ([, name]) => name !== undefined && name in (example.spec as object),
  );

  it('has an example that the cluster takes as it is, with every field of the table', async () => {
    const cluster = await TestCluster.start();
    const metadata = { ...example.metadata, namespace: 'default' };
    const created = cluster.api.create('customautoscalers.plimsoll.dev', { ...example, metadata });
    await cluster.close();
    expect(created.spec).to.deep.include(example.spec as object);
    expect(fields).to.have.length(6);
    expect(parseAutoscaler(created).ok).to.equal(true);
  });

  it('tells the ranges that are enforced, and the flags’ defaults', async () => {
    const cluster = await TestCluster.start();
    for (const [, name = '', range = ''] of fields) {
      const bounds = /^(\d+) to (\d+)$/.exec(range);
      if (bounds === null) continue;
      for (const [index, value] of [Number(bounds[1]) - 1, Number(bounds[2]) + 1].entries()) {
        const metadata = { name: `bad-${index}`, namespace: 'default' };
        const bad = { ...example, metadata, spec: { ...(example.spec as object), [name]: value } };
        expect(() => cluster.api.create('customautoscalers.plimsoll.dev', bad), name).to.throw(name);
      }
    }
    await cluster.close();
    const { controller, syncPeriodMs } = defaultOperatorOptions;
    expect(page).to.include(`(${controller.cpuInitializationPeriodMs / 60_000} minutes)`);
    expect(page).to.include(`(${controller.initialReadinessDelayMs / 1000} seconds)`);
    expect(page).to.include(`(${syncPeriodMs / 1000} seconds)`);
  });
});
