import { expect } from 'chai';
import { defaultOperatorOptions } from '../../src/operator/options.ts';
import { TestCluster } from '../support/cluster.ts';
import { startLocalApi } from '../support/local-api.ts';
import type { LocalApi } from '../support/local-api.ts';
import { startProxy } from '../support/proxy.ts';
import type { Proxy } from '../support/proxy.ts';
import { RunningOperator } from '../support/running-operator.ts';
import { eventually } from '../support/wait.ts';

const cpu = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
};

describe('an outage of the metrics', () => {
  let cluster: TestCluster;
  let proxy: Proxy;
  let isOut = false;
  beforeEach(async () => {
    cluster = await TestCluster.start();
    isOut = false;
    proxy = await startProxy(cluster.server.url, (_, path) =>
      isOut && path.startsWith('/apis/metrics.k8s.io') ? Promise.reject(new Error('out')) : undefined,
    );
  });
  afterEach(async () => {
    await proxy.close();
    await cluster.close();
  });

  const failingSince = (): string | undefined =>
    cluster.status('web')?.history?.metrics?.find(({ metric }) => metric === 'Resource/cpu')?.failingSince;

  it('engages the fallback in its time though the operator is restarted in the middle of it', async () => {
    cluster.deploy('web', 2);
    cluster.load('web', 50);
    const afterSeconds = 6;
    cluster.autoscale('web', {
      metrics: [{ ...cpu, onError: { type: 'Fallback', afterSeconds, replicas: 5 } }],
    });
    const first = await RunningOperator.start(proxy.url);
    await eventually('a decision by CPU', () => cluster.condition('web', 'ScalingActive')?.status === 'True');
    expect(cluster.condition('web', 'MetricFailing')).to.equal(undefined);
    isOut = true;
    await eventually('the failure is remembered', () => failingSince() !== undefined);
    const since = failingSince() ?? '';
    await first.stop();
    expect(cluster.replicas('web')).to.equal(2);

    const second = await RunningOperator.start(proxy.url);
    await eventually('the fallback', () => cluster.replicas('web') === 4 || cluster.replicas('web') === 5);
    const afterMs = Date.now() - Date.parse(since);
    expect(afterMs).to.be.at.least(afterSeconds * 1000);
    await eventually('all of it', () => cluster.replicas('web') === 5);
    expect(failingSince()).to.equal(since);
    await eventually('the status tells it', () => cluster.status('web')?.fallback !== undefined);
    expect(cluster.status('web')?.fallback).to.include({ metric: 'Resource/cpu', replicas: 5 });
    expect(Date.parse(cluster.status('web')?.fallback?.since ?? '')).to.be.closeTo(Date.parse(since), 1000);
    expect(cluster.condition('web', 'ScalingActive')).to.include({
      status: 'True',
      reason: 'FallbackActive',
    });
    expect(cluster.condition('web', 'MetricFailing')?.message).to.match(
      /^cpu has failed since .*: its fallback asks for 5$/,
    );
    await eventually(
      'the events',
      () =>
        cluster.events('web').some(({ message }) => message === 'New size: 5; reason: Fallback of cpu') ||
        cluster.events('web').some(({ message }) => message === 'New size: 4; reason: Fallback of cpu'),
    );
    expect(await second.metrics()).to.match(/plimsoll_metrics_failing_total\{meanwhile="Fallback"\} \d/);

    isOut = false;
    cluster.runPods('web', 5);
    cluster.load('web', 50);
    await eventually(
      'CPU decides again',
      () => cluster.condition('web', 'MetricFailing')?.status === 'False',
    );
    await eventually('no fallback', () => cluster.status('web')?.fallback === undefined);
    expect(failingSince()).to.equal(undefined);
    await second.stop();
  });

  it('is logged once while the metric is held, and once when it is over', async () => {
    cluster.deploy('web', 2);
    cluster.load('web', 50);
    cluster.autoscale('web', { metrics: [{ ...cpu, onError: { type: 'Hold' } }] });
    isOut = true;
    const operator = await RunningOperator.start(proxy.url);
    const decided = async (): Promise<number> =>
      Number(/plimsoll_decisions_total\{verdict="MetricsFailed"\} (\d+)/.exec(await operator.metrics())?.[1]);
    await eventually('four failed decisions', async () => (await decided()) >= 4);
    const said = (text: string): number => operator.logs.filter(({ msg }) => msg === text).length;
    expect(said('cannot decide')).to.equal(1);
    isOut = false;
    await eventually('it can decide again', () => said('can decide again') === 1);
    await operator.stop();
  });
});

describe('an external metric that is not to be trusted', () => {
  let cluster: TestCluster;
  let source: LocalApi;
  let proxy: Proxy;
  let queue = { value: '30', timestamp: () => new Date().toISOString() };
  const start = (): Promise<RunningOperator> => RunningOperator.start(proxy.url, { controller });
  const controller = {
    ...defaultOperatorOptions.controller,
    downscaleStabilizationMs: 2000,
    featureGates: { ...defaultOperatorOptions.controller.featureGates, HPAScaleToZero: true },
  };
  const metric = {
    type: 'External',
    external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '10' } },
  };
  const failing = (): string => cluster.condition('web', 'MetricFailing')?.message ?? '';

  beforeEach(async () => {
    cluster = await TestCluster.start();
    queue = { value: '30', timestamp: () => new Date().toISOString() };
    source = await startLocalApi(() => ({
      items: [{ metricName: 'queue', value: queue.value, timestamp: queue.timestamp() }],
    }));
    proxy = await startProxy(
      (path) => (path.startsWith('/apis/external.metrics.k8s.io') ? source.url : cluster.server.url),
      () => undefined,
    );
    cluster.deploy('web', 3);
  });
  afterEach(async () => {
    await proxy.close();
    await source.close();
    await cluster.close();
  });

  it('holds the replicas at a sudden zero, also after a restart, believes it in time, and wakes above its activation', async () => {
    cluster.autoscale('web', {
      minReplicas: 0,
      metrics: [{ ...metric, suspectZeroSeconds: 6, activation: '5' }],
    });
    const first = await start();
    await eventually('the good value is remembered', () =>
      (cluster.status('web')?.history?.metrics ?? []).some(({ lastGood }) => lastGood?.nonZero === true),
    );
    await first.stop();
    queue.value = '0';
    const second = await start();
    await eventually('the zero is suspected', () => failing().includes('a sudden zero, not believed before'));
    expect(cluster.replicas('web')).to.equal(3);
    const { zeroSince = '' } = cluster.status('web')?.history?.metrics?.[0] ?? {};
    await eventually('it is believed', () => cluster.replicas('web') === 0);
    expect(Date.now() - Date.parse(zeroSince)).to.be.at.least(6000);
    cluster.runPods('web', 0);
    await eventually('nothing fails', () => cluster.condition('web', 'MetricFailing')?.status === 'False');
    queue.value = '5';
    const asked = source.requests.length;
    await eventually('three more looks', () => source.requests.length >= asked + 3);
    expect(cluster.replicas('web')).to.equal(0);
    queue.value = '6';
    await eventually('it wakes', () => cluster.replicas('web') === 1);
    await second.stop();
  });

  it('holds the replicas by a value that is too old, until a fresh one comes', async () => {
    cluster.autoscale('web', { metrics: [{ ...metric, maxAgeSeconds: 60 }] });
    queue = { value: '10', timestamp: () => '2020-01-01T00:00:00Z' };
    const operator = await start();
    await eventually('it is too old', () => failing().includes('its value is older than 1 m'));
    expect(cluster.condition('web', 'ScalingActive')).to.include({ reason: 'FailedGetExternalMetric' });
    const asked = source.requests.length;
    await eventually('four more looks', () => source.requests.length >= asked + 4);
    expect(cluster.replicas('web')).to.equal(3);
    queue = { value: '10', timestamp: () => new Date().toISOString() };
    await eventually('it counts', () => cluster.replicas('web') === 1);
    await operator.stop();
  });
});
