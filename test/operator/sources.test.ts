import { expect } from 'chai';
import { systemClock } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { TestCluster } from '../support/cluster.ts';
import { startLocalApi } from '../support/local-api.ts';
import { startProxy } from '../support/proxy.ts';
import { RunningOperator } from '../support/running-operator.ts';
import { eventually } from '../support/wait.ts';

const podsMetric = {
  type: 'Pods',
  pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } },
};

/** A stop does not wait for what hangs. */
const impatient: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms === 5000 ? 50 : ms, signal),
};

describe('sources of metrics', () => {
  let cluster: TestCluster;
  beforeEach(async () => (cluster = await TestCluster.start()));
  afterEach(async () => cluster.close());

  it('delay only those that use them: others keep their period while a custom metrics API hangs', async () => {
    const users = Array.from({ length: 30 }, (_, index) => `custom${index}`);
    for (const name of users) {
      cluster.deploy(name, 1);
      cluster.autoscale(name, { metrics: [podsMetric] });
    }
    cluster.deploy('web', 2);
    cluster.load('web', 50);
    cluster.autoscale('web');
    const group = '/apis/custom.metrics.k8s.io';
    const versions = [{ version: 'v1beta1' }, { version: 'v1beta2' }];
    const hanging = await startLocalApi(({ path }) => (path === group ? { versions } : undefined));
    const asked = (): number =>
      hanging.requests.filter(({ path }) => path.startsWith(`${group}/v1beta2`)).length;
    const proxy = await startProxy(
      (path) => (path.startsWith(group) ? hanging.url : cluster.server.url),
      () => undefined,
    );
    const options = { concurrentSyncs: 2, metricTimeoutMs: 600_000 };
    const operator = await RunningOperator.start(proxy.url, options, impatient);
    await eventually('the hanging API is asked', () => asked() === 2);
    await eventually('five decisions by CPU', async () =>
      /plimsoll_metric_computation_total\{action="none",error="none",metric_type="Resource"\} ([5-9]|\d\d)/.test(
        await operator.metrics(),
      ),
    );
    expect(asked()).to.equal(2);
    expect(await operator.metrics()).not.to.contain('metric_type="Pods"');
    cluster.load('web', 100);
    await eventually('four replicas', () => cluster.replicas('web') === 4);
    await operator.stop();
    await proxy.close();
    await hanging.close();
  });

  it('are given up at their deadline, with a condition that says so', async () => {
    cluster.deploy('web', 2);
    cluster.autoscale('web');
    const proxy = await startProxy(cluster.server.url, (_, path) =>
      path.startsWith('/apis/metrics.k8s.io/v1beta1/namespaces') ? new Promise(() => undefined) : undefined,
    );
    const operator = await RunningOperator.start(proxy.url, { metricTimeoutMs: 100 });
    const condition = await eventually('the condition', () => cluster.condition('web', 'ScalingActive'));
    expect(condition.reason).to.equal('FailedGetResourceMetric');
    expect(condition.message).to.match(/within 100 ms/);
    await operator.stop();
    await proxy.close();
  });

  it('are asked for no scale that a watch knows', async () => {
    cluster.deploy('web', 2);
    cluster.load('web', 50);
    cluster.autoscale('web');
    const scales: string[] = [];
    const proxy = await startProxy(cluster.server.url, (method, path) => {
      if (path.includes('/scale')) scales.push(`${method} ${path.split('?')[0] ?? ''}`);
      return undefined;
    });
    const operator = await RunningOperator.start(proxy.url);
    const decisions = async (atLeast: number): Promise<boolean> => {
      const count = /plimsoll_decisions_total\{verdict="Computed"\} (\d+)/.exec(await operator.metrics());
      return Number(count?.[1] ?? 0) >= atLeast;
    };
    await eventually('three decisions', () => decisions(3));
    expect(scales).to.deep.equal([]);
    cluster.load('web', 100);
    await eventually('four replicas', () => cluster.replicas('web') === 4);
    expect(scales).to.deep.equal(['PATCH /apis/apps/v1/namespaces/default/deployments/web/scale']);
    await operator.stop();
    await proxy.close();
  });
});
