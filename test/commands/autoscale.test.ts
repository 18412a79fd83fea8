import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { parse } from 'yaml';
import { TestCluster } from '../support/cluster.ts';
import { type CommandResult, runInProcess } from '../support/in-process.ts';
import { kubeconfigText, temporaryFile } from '../support/local-api.ts';

describe('plimsoll autoscale', () => {
  let cluster: TestCluster;
  let kubeconfig: string;
  before(async () => {
    cluster = await TestCluster.start();
    kubeconfig = temporaryFile('kubeconfig', kubeconfigText(cluster.server.url));
    for (const name of ['web', 'api', 'busy', 'taken', 'file']) cluster.deploy(name, 1);
    cluster.autoscale('busy');
    cluster.api.create('horizontalpodautoscalers.autoscaling', {
      ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
      metadata: { name: 'old', namespace: 'default' },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'taken' }, maxReplicas: 3 },
    });
  });
  after(async () => cluster.close());

  const autoscale = async (...words: string[]): Promise<CommandResult> =>
    runInProcess(['autoscale', ...words, '--kubeconfig', kubeconfig]);
  const specOf = async (...words: string[]): Promise<unknown> => {
    const { stdout, stderr } = await autoscale(...words, '--dry-run', 'client', '-o', 'yaml');
    return (parse(stdout) as { spec?: unknown } | null)?.spec ?? stderr;
  };

  it('creates one, and says so as kubectl does', async () => {
    const { code, stdout } = await autoscale('deployment/web', '--min', '2', '--max', '10', '--cpu=70%');
    expect(stdout).to.equal('customautoscaler.plimsoll.dev/web autoscaled\n');
    expect(code).to.equal(0);
    expect(cluster.api.get('customautoscalers.plimsoll.dev', 'default', 'web')?.spec).to.deep.include({
      ...{ minReplicas: 2, maxReplicas: 10 },
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    });
  });

  const utilization = (name: string, averageUtilization: number): object => ({
    ...{ type: 'Resource', resource: { name, target: { type: 'Utilization', averageUtilization } } },
  });
  const amount = (name: string, averageValue: string): object => ({
    ...{ type: 'Resource', resource: { name, target: { type: 'AverageValue', averageValue } } },
  });
  const metrics: Readonly<Record<string, [string[], object[] | undefined]>> = {
    'a share of the requested CPU': [['--cpu=70%'], [utilization('cpu', 70)]],
    'an amount of CPU': [['--cpu', '1500m'], [amount('cpu', '1500m')]],
    'millicores without a unit': [['--cpu', '500'], [amount('cpu', '500m')]],
    'mebibytes without a unit': [['--memory', '200'], [amount('memory', '200Mi')]],
    both: [
      ['--cpu=70%', '--memory', '1Gi'],
      [utilization('cpu', 70), amount('memory', '1Gi')],
    ],
    'the deprecated flag': [['--cpu-percent', '60'], [utilization('cpu', 60)]],
    "the server's default": [[], undefined],
  };
  for (const [name, [flags, expected]] of Object.entries(metrics))
    it(`takes ${name}`, async () => {
      const spec = (await specOf('deploy', 'api', '--max', '3', ...flags)) as { metrics?: object[] };
      expect(spec.metrics).to.deep.equal(expected);
    });

  for (const type of ['deploy', 'deployments', 'Deployment', 'deployments.apps', 'deployment.v1.apps'])
    it(`knows the type ${type}`, async () => {
      expect(
        (await autoscale(`${type}/api`, '--max', '3', '--dry-run', 'server', '-o', 'name')).stdout,
      ).to.equal('customautoscaler.plimsoll.dev/api\n');
    });

  it('writes nothing in a dry run', async () => {
    const { stdout } = await autoscale('deploy', 'api', '--max', '3', '--dry-run', 'server');
    expect(stdout).to.equal('customautoscaler.plimsoll.dev/api autoscaled (server dry run)\n');
    expect(cluster.api.get('customautoscalers.plimsoll.dev', 'default', 'api')).to.equal(undefined);
  });

  it('takes what is scaled from a file, and a name', async () => {
    const stdin = new PassThrough();
    stdin.end('apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: file}\n');
    const argv = ['autoscale', '-f', '-', '--max', '3', '--name', 'own', '--kubeconfig', kubeconfig];
    expect((await runInProcess(argv, { stdin })).stdout).to.contain('/own autoscaled');
    const made = cluster.api.get('customautoscalers.plimsoll.dev', 'default', 'own');
    expect(made?.spec).to.have.nested.property('scaleTargetRef.name', 'file');
  });

  const mistakes: Readonly<Record<string, [string[], RegExp]>> = {
    'no maximum': [['deploy/api'], /^plimsoll: --max=MAXPODS is required and must be at least 1, max: -1\n$/],
    'a minimum above the maximum': [
      ['deploy/api', '--max', '2', '--min', '3'],
      /must be larger or equal to --min=MINPODS, max: 2, min: 3/,
    ],
    'both flags for CPU': [
      ['deploy/api', '--max', '2', '--cpu', '5', '--cpu-percent', '5'],
      /mutually exclusive/,
    ],
    'no share': [['deploy/api', '--max', '2', '--cpu', '0%'], /--cpu=0%: allowed is a percentage above 0/],
    'no quantity': [
      ['deploy/api', '--max', '2', '--memory', 'much'],
      /--memory=much: allowed .* such as 200Mi/,
    ],
    'no target': [['--max', '2'], /name what is scaled: TYPE\/NAME/],
    'a type alone': [['deploy', '--max', '2'], /deploy: the name is missing; say deploy\/NAME/],
    'a type that is not there': [['foo/x', '--max', '2'], /the server doesn't have a resource type "foo"/],
    'a type without a scale': [
      ['pod/web-0', '--max', '2'],
      /cannot autoscale a Pod: it has no scale subresource/,
    ],
    'a target that is not there': [['deploy/none', '--max', '2'], /deployments\.apps "none" not found/],
    'a target that an HPA scales': [
      ['deploy/taken', '--max', '2'],
      /Deployment\/taken is scaled by the HorizontalPodAutoscaler old already; .*takeover hpa\/old -n default/,
    ],
    'a target that has an autoscaler': [
      ['deploy/busy', '--max', '2', '--name', 'second'],
      /is scaled by the CustomAutoscaler busy already; .*kubectl edit cas busy/,
    ],
  };
  for (const [name, [words, message]] of Object.entries(mistakes))
    it(`refuses ${name}`, async () => {
      const { code, stdout, stderr } = await autoscale(...words);
      expect(stderr).to.match(message);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    });
});
