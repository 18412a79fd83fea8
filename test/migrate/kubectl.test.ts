import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { TestCluster } from '../support/cluster.ts';
import { publishedPath } from '../support/converted.ts';
import { runInProcess } from '../support/in-process.ts';
import { Kubectl, kubectlVersion } from '../support/kubectl.ts';
import { kubeconfigText, temporaryFile } from '../support/local-api.ts';

const convert = async (text: string, ...args: string[]) =>
  runInProcess(['convert', ...args, '-'], { stdin: Readable.from([Buffer.from(text)]) });

describe('plimsoll convert between two kubectl', function () {
  this.timeout(120_000);
  let cluster: TestCluster | undefined;
  let kubectl: Kubectl;
  let kubeconfig: string;

  before(async function () {
    if (kubectlVersion === undefined) return this.skip();
    cluster = await TestCluster.start();
    kubeconfig = temporaryFile('kubeconfig', kubeconfigText(cluster.server.url));
    kubectl = new Kubectl(kubeconfig);
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
    for (const name of ['web', 'api'])
      cluster.api.create('horizontalpodautoscalers.autoscaling', {
        ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
        metadata: { name, namespace: 'default' },
        spec: { scaleTargetRef: target, maxReplicas: 5 },
      });
  });
  after(async () => {
    await cluster?.close();
    if (cluster !== undefined) kubectl.close();
  });

  for (const format of ['yaml', 'json'])
    it(`makes what kubectl gets into what kubectl applies: ${format}`, async () => {
      const { stdout, stderr } = await convert(await kubectl.run('get hpa -o yaml'), '-o', format);
      expect(stderr).to.equal('');
      const applied = await kubectl.run('apply --dry-run=server -f -', [], stdout);
      expect(applied.trim().split('\n')).to.deep.equal([
        'customautoscaler.plimsoll.dev/api created (server dry run)',
        'customautoscaler.plimsoll.dev/web created (server dry run)',
      ]);
    });

  it('leaves documents of comments alone where nothing could be kept', async () => {
    const published = readFileSync(publishedPath('scaledobjects.yaml'), 'utf8');
    const { stdout } = await convert(published.replaceAll(/^ {2}namespace: .*\n/gm, ''));
    const applied = await kubectl.run('apply --dry-run=server -f -', [], stdout);
    expect(applied.trim().split('\n')).to.have.lengthOf(stdout.match(/^kind: CustomAutoscaler$/gm)!.length);
  });

  it('reads the cluster itself as well', async () => {
    const { code, stdout } = await runInProcess(['convert', 'hpa', '--kubeconfig', kubeconfig, '-o', 'json']);
    expect(code).to.equal(0);
    const { items } = JSON.parse(stdout) as { items: { metadata: { name: string } }[] };
    expect(items.map(({ metadata }) => metadata.name)).to.deep.equal(['api', 'web']);
  });
});
