import { expect } from 'chai';
import { defaultOperatorOptions } from '../../src/operator/options.ts';
import type { OperatorOptions } from '../../src/operator/options.ts';
import { TestCluster } from '../support/cluster.ts';
import { startLocalApi } from '../support/local-api.ts';
import { startProxy } from '../support/proxy.ts';
import { RunningOperators } from '../support/running-operator.ts';
import { eventually } from '../support/wait.ts';

const { controller } = defaultOperatorOptions;

describe('the right pods', () => {
  let cluster: TestCluster;
  const operators = new RunningOperators();
  beforeEach(async () => (cluster = await TestCluster.start()));
  afterEach(async () => {
    await operators.stop();
    await cluster.close();
  });

  async function start(options: Partial<OperatorOptions> = {}, server = cluster.server.url) {
    return operators.start(server, options);
  }

  /** A ReplicaSet of a Deployment, which owns the pods that are there. */
  function own(name: string): void {
    const deployment = cluster.api.get('deployments.apps', 'default', name);
    const labels = { app: name };
    const replicaSet = cluster.api.create('replicasets.apps', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        ...{ name: `${name}-1`, namespace: 'default', labels },
        ownerReferences: [reference('Deployment', name, deployment?.metadata.uid)],
      },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app' }] } },
      },
    });
    const ownerReferences = [reference('ReplicaSet', `${name}-1`, replicaSet.metadata.uid)];
    for (const { metadata } of cluster.api.list('pods', { labelSelector: `app=${name}` }))
      cluster.api.patch('pods', 'default', metadata.name, 'merge', { metadata: { ownerReferences } });
  }

  function reference(kind: string, name: string, uid = '') {
    return { apiVersion: 'apps/v1', kind, name, uid, controller: true };
  }

  /** A finished test of the release, with the labels of the app and without any request. */
  function helmTest(name: string): void {
    cluster.api.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `${name}-test`, namespace: 'default', labels: { app: name } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'curl', image: 'curl' }] },
    });
    const status = { phase: 'Succeeded' };
    cluster.api.patch('pods', 'default', `${name}-test`, 'merge', { status }, 'status');
  }

  it('are those that the target owns, also for an operator that was started anew', async () => {
    cluster.deploy('web', 2);
    own('web');
    helmTest('web');
    cluster.load('web', 50);
    cluster.autoscale('web', { podSelection: 'Owned' });
    await start();
    const active = await eventually('a decision', () => cluster.condition('web', 'ScalingActive'));
    expect(active.reason).to.equal('ValidMetricFound');
    await operators.stop();
    cluster.load('web', 100);
    const operator = await start();
    await eventually('four replicas', () => cluster.replicas('web') === 4);
    const line = await eventually('the log line', () => operator.logs.find(({ msg }) => msg === 'scaled'));
    expect(line.why).to.include('2 owned pods chosen, left out 1 not owned (web-test)');
  });

  it('are told of where the selector matches others, and where one has no request', async () => {
    cluster.deploy('web', 2);
    own('web');
    helmTest('web');
    cluster.load('web', 100);
    cluster.autoscale('web');
    await start();
    const missing = await eventually('the condition', () => cluster.condition('web', 'RequestMissing'));
    expect(missing.message).to.include('missing request for cpu in container curl of Pod web-test');
    const foreign = await eventually('the pod is old enough', () => cluster.condition('web', 'ForeignPods'));
    expect(foreign.message).to.match(
      /1 pod that Deployment web does not own, counted all the same: web-test$/,
    );
    expect(cluster.replicas('web')).to.equal(2);
  });

  it('are looked at each second where one object asks for it', async () => {
    cluster.deploy('fast', 2);
    cluster.deploy('slow', 2);
    for (const name of ['fast', 'slow']) cluster.load(name, 50);
    cluster.autoscale('fast', { syncPeriodSeconds: 1, requireFreshSamples: true });
    cluster.autoscale('slow');
    await start({ syncPeriodMs: 3_600_000 });
    for (const name of ['fast', 'slow'])
      await eventually(name, () => cluster.condition(name, 'ScalingActive'));
    for (const name of ['fast', 'slow']) cluster.load(name, 100);
    await eventually('four replicas', () => cluster.replicas('fast') === 4);
    expect(cluster.replicas('slow')).to.equal(2);
    await eventually(
      'the sample is remembered',
      () => cluster.status('fast')?.history?.metrics?.[0]?.actedSampleTime,
    );
  });

  it('tell how long the way from zero took, across a restart of the operator', async () => {
    let queue = 0;
    const external = await startLocalApi(() => ({ items: [{ metricName: 'queue', value: String(queue) }] }));
    const proxy = await startProxy(
      (path) => (path.startsWith('/apis/external.metrics.k8s.io') ? external.url : cluster.server.url),
      () => undefined,
    );
    const gates = { ...controller.featureGates, HPAScaleToZero: true };
    const options = { controller: { ...controller, featureGates: gates } };
    const metric = {
      type: 'External',
      external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '10' } },
    };
    cluster.deploy('web', 1);
    const behavior = { scaleDown: { stabilizationWindowSeconds: 0 } };
    cluster.autoscale('web', { minReplicas: 0, metrics: [metric], behavior });
    await start(options, proxy.url);
    await eventually('zero', () => cluster.replicas('web') === 0);
    cluster.runPods('web', 0);
    queue = 30;
    await eventually('three replicas', () => cluster.replicas('web') === 3);
    await eventually('it is remembered', () => cluster.status('web')?.history?.wokeTime !== undefined);
    await operators.stop();
    const operator = await start(options, proxy.url);
    cluster.runPods('web', 1);
    const lastTransitionTime = new Date(Date.now() + 5000).toISOString().replace(/\.\d+/, '');
    const status = { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime }] };
    cluster.api.patch('pods', 'default', 'web-0', 'merge', { status }, 'status');
    const { seconds } = await eventually('the cold start', () => cluster.status('web')?.coldStart);
    expect(seconds).to.be.within(4, 120);
    expect(await operator.metrics()).to.contain('plimsoll_cold_start_seconds_count 1');
    await eventually('the status', () => cluster.status('web')?.history?.wokeTime === undefined);
    await operators.stop();
    await proxy.close();
    await external.close();
  });
});
