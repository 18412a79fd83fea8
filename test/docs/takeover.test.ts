import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { KubeObject } from '../../src/devcluster/cluster-api.ts';
import { TestCluster } from '../support/cluster.ts';
import { runInProcess } from '../support/in-process.ts';
import { kubeconfigText, temporaryFile } from '../support/local-api.ts';
import { RunningOperator } from '../support/running-operator.ts';
import { hpaResource, hpaWants } from '../support/takeover-stage.ts';

describe('docs/takeover.md', () => {
  const page = readFileSync('docs/takeover.md', 'utf8');
  const blocks = (language: string): string[] =>
    [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
      ([, text = '']) => text,
    );

  it('shows what its example says, first and last', async () => {
    const [hpa = ''] = blocks('yaml');
    const [shadow, done] = blocks('text');
    const cluster = await TestCluster.start();
    const kubeconfig = temporaryFile('kubeconfig', kubeconfigText(cluster.server.url));
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    cluster.api.create('namespaces', namespace);
    cluster.deploy('web', 2, 'shop');
    cluster.load('web', 50, 'shop');
    cluster.api.create(hpaResource, parse(hpa) as KubeObject);
    hpaWants(cluster, 'web', 2, 'shop');
    const run = async (...args: string[]): Promise<string> =>
      (await runInProcess([...args, '-n', 'shop', '--kubeconfig', kubeconfig])).stdout;
    expect(await run('takeover', 'hpa/web')).to.equal(shadow);
    const operator = await RunningOperator.start(cluster.server.url, { statusMetricsIntervalMs: 1 });
    expect(await run('takeover', 'hpa/web', '--confirm', '--min-ticks', '2')).to.equal(done);
    await operator.stop();
    await cluster.close();
  });

  it('names flags that there are, with their defaults', async () => {
    const helps = await Promise.all(
      ['takeover', 'handback', 'operator'].map((command) => runInProcess([command, '--help'])),
    );
    const known = helps.map(({ stdout }) => stdout).join('');
    for (const [flag] of page.matchAll(/--[a-z][a-z-]+/g)) expect(known).to.include(flag);
    const words = helps[0]?.stdout.replaceAll(/\s+/g, ' ');
    for (const value of ['20', '95', '15m']) expect(words).to.match(new RegExp(`default: "?${value}`));
  });

  it('names every step that takes part', () => {
    const source = readFileSync('src/migrate/takeover/steps.ts', 'utf8');
    const steps = [...source.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, step = '']) => step);
    expect(steps).to.have.length.greaterThan(9);
    for (const step of steps) if (step !== 'Done') expect(page).to.include(step);
  });
});
