import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { KubeObject } from '../../src/devcluster/cluster-api.ts';
import { defaultRingLimits } from '../../src/operator/decision-ring.ts';
import { TestCluster } from '../support/cluster.ts';
import { runInProcess } from '../support/in-process.ts';
import { kubeconfigText, temporaryFile } from '../support/local-api.ts';
import { RunningOperator } from '../support/running-operator.ts';
import { eventually } from '../support/wait.ts';

/** A line without its times, which differ from run to run. */
function timeless(line: string): string {
  return line
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME')
    .replaceAll(/\d\d:\d\d:\d\d/g, 'CLOCK')
    .replaceAll(/\b(\d+ [hms]\b ?)+/g, 'SPAN ')
    .replaceAll(/last of \d+/g, 'last of N');
}

describe('docs/explain.md', () => {
  const page = readFileSync('docs/explain.md', 'utf8');

  it('shows what its example says', async () => {
    const example = parse(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as KubeObject;
    const cluster = await TestCluster.start();
    cluster.deploy('web', 5);
    cluster.load('web', 90);
    const metadata = { ...example.metadata, namespace: 'default' };
    cluster.api.create('customautoscalers.plimsoll.dev', { ...example, metadata });
    const operator = await RunningOperator.start(cluster.server.url);
    const kubeconfig = temporaryFile('kubeconfig', kubeconfigText(cluster.server.url));
    const argv = ['explain', 'web', '--last', '50', '--operator', operator.url, '--kubeconfig', kubeconfig];
    try {
      await eventually('eight replicas', () => cluster.replicas('web') === 8);
      cluster.load('web', 20);
      cluster.runPods('web', 8);
      cluster.load('web', 20);
      const shown = await eventually('the words', async () => {
        const { stdout } = await runInProcess(argv);
        return stdout.includes('asks for 4 (8 pods') && stdout.includes('alike') && stdout;
      });
      const told = shown.split('\n').map(timeless);
      const promised = page
        .slice(page.indexOf('$ plimsoll explain web'), page.indexOf('The words are of the moment'))
        .split('\n')
        .slice(1)
        .map((line) => timeless(line.replace(/^ {4}/, '').trimEnd()))
        .filter((line) => line !== '' && !/TIME UTC.*alike/.test(line)); // how many, and since when, may be told or not
      expect(promised).to.have.length.greaterThan(6);
      for (const line of promised) expect(told).to.include(line);
    } finally {
      await operator.stop();
      await cluster.close();
    }
  });

  it('tells of every flag', async () => {
    const { stdout } = await runInProcess(['explain', '--help']);
    const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag = '']) => flag);
    expect(flags).to.have.length.greaterThan(6);
    for (const flag of flags) {
      const short = { '--namespace': '-n', '--output': '-o', '--help': 'explain' }[flag] ?? flag;
      expect(page).to.include(short);
    }
  });

  it('tells the bounds as they are', () => {
    expect(page).to.include(`${defaultRingLimits.each} of each autoscaler`);
    expect(page).to.include(`${defaultRingLimits.bytes / 1024 / 1024} MiB of all`);
  });
});
