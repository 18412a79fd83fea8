import { expect } from 'chai';
import { systemClock } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { OperatorOptions } from '../../src/operator/options.ts';
import { TestCluster } from '../support/cluster.ts';
import { eventually } from '../support/wait.ts';
import { sendJson, startLocalApi } from '../support/local-api.ts';
import { startProxy } from '../support/proxy.ts';
import { RunningOperator, RunningOperators } from '../support/running-operator.ts';

describe('runOperator', () => {
  let cluster: TestCluster;
  const operators = new RunningOperators();

  beforeEach(async () => (cluster = await TestCluster.start()));
  afterEach(async () => {
    await operators.stop();
    await cluster.close();
  });

  const start = async (options: Partial<OperatorOptions> = {}, clock?: Clock): Promise<RunningOperator> =>
    operators.start(cluster.server.url, options, clock);

  it('scales up when the pods use more than the target, and says why in status, event and log', async () => {
    cluster.deploy('web', 2);
    cluster.load('web', 100);
    cluster.autoscale('web');
    const operator = await start();
    await eventually('four replicas', () => cluster.replicas('web') === 4);
    await eventually('the event', () => cluster.events('web').length > 0);
    const [event] = cluster.events('web');
    expect(event).to.deep.include({ type: 'Normal', reason: 'SuccessfulRescale' });
    expect(event!.message).to.equal(
      'New size: 4; reason: cpu resource utilization (percentage of request) above target',
    );
    expect(event!.involvedObject).to.deep.include({
      kind: 'CustomAutoscaler',
      namespace: 'default',
      name: 'web',
    });
    await eventually('the status', () => cluster.status('web')?.desiredReplicas === 4);
    expect(cluster.status('web')).to.deep.include({ reference: 'Deployment/web', observedGeneration: 1 });
    const line = await eventually('the log line', () => operator.logs.find(({ msg }) => msg === 'scaled'));
    expect(line).to.include({ autoscaler: 'default/web', from: 2, to: 4 });
    expect(line.why).to.match(/cpu at 100 % of request/);
  });

  it('changes the replicas of the target and nothing else', async () => {
    cluster.deploy('web', 1);
    cluster.load('web', 200);
    cluster.autoscale('web');
    await start();
    await eventually('four replicas', () => cluster.replicas('web') === 4);
    expect(cluster.api.get('deployments.apps', 'default', 'web')?.metadata.generation).to.equal(2);
  });

  it('decides again, and never applies the old decision, when somebody writes the scale meanwhile', async () => {
    cluster.deploy('web', 2);
    cluster.load('web', 100);
    cluster.autoscale('web');
    let intruded = false;
    const proxy = await startProxy(cluster.server.url, (method, path) => {
      if (intruded || method !== 'PATCH' || !path.includes('/deployments/web/scale')) return;
      intruded = true;
      cluster.api.patch('deployments.apps', 'default', 'web', 'merge', { spec: { replicas: 4 } });
    });
    const operator = await RunningOperator.start(proxy.url, { syncPeriodMs: 3_600_000 });
    await eventually('a status', () => cluster.status('web')?.currentReplicas === 4);
    await operator.stop();
    await proxy.close();
    expect(intruded).to.equal(true);
    expect(cluster.replicas('web')).to.equal(4);
    expect(cluster.events('web')).to.deep.equal([]);
  });

  it('gives nothing of a deleted one to the one that takes its name before the status is written', async () => {
    cluster.deploy('web', 2);
    cluster.load('web', 100);
    cluster.autoscale('web');
    let recreated = false;
    const proxy = await startProxy(cluster.server.url, (method, path) => {
      if (recreated || method !== 'PATCH' || !path.includes('/customautoscalers/web/status')) return;
      recreated = true;
      cluster.api.delete('customautoscalers.plimsoll.dev', 'default', 'web');
      cluster.runPods('web', 4);
      cluster.load('web', 50);
      cluster.autoscale('web');
    });
    const operator = await RunningOperator.start(proxy.url, { syncPeriodMs: 3_600_000 });
    await eventually('the status of the new one', () => cluster.status('web')?.currentReplicas === 4);
    await operator.stop();
    await proxy.close();
    expect(recreated).to.equal(true);
    expect(cluster.status('web')).not.to.have.property('lastScaleTime');
  });

  it('gives up for this tick when somebody writes the scale again and again', async () => {
    cluster.deploy('web', 2);
    cluster.load('web', 100);
    cluster.autoscale('web');
    let writes = 0;
    const proxy = await startProxy(cluster.server.url, (method, path) => {
      if (method !== 'PATCH' || !path.includes('/deployments/web/scale')) return;
      writes += 1;
      cluster.api.patch('deployments.apps', 'default', 'web', 'merge', {
        metadata: { labels: { write: String(writes) } },
      });
    });
    const operator = await RunningOperator.start(proxy.url, { syncPeriodMs: 3_600_000 });
    await eventually(
      'the condition',
      () => cluster.condition('web', 'AbleToScale')?.reason === 'FailedUpdateScale',
    );
    await operator.stop();
    await proxy.close();
    expect(writes).to.equal(5);
    expect(cluster.replicas('web')).to.equal(2);
    expect(cluster.events('web').map(({ reason }) => reason as string)).to.deep.equal(['FailedRescale']);
  });

  it('tells an invalid object once what is wrong with it, leaves it alone, and serves the others and its next form', async () => {
    await cluster.close();
    cluster = await TestCluster.start(0, { anySpec: true });
    for (const name of ['bad', 'good']) {
      cluster.deploy(name, 1);
      cluster.load(name, 100);
    }
    cluster.autoscale('bad', { maxReplicas: -1 });
    cluster.autoscale('good');
    const operator = await start();
    await eventually('the good one', () => cluster.replicas('good') === 2);
    const condition = await eventually('the condition', () => cluster.condition('bad', 'ScalingActive'));
    expect(condition).to.include({ status: 'False', reason: 'InvalidSpec' });
    expect(condition.message).to.contain('spec.maxReplicas');
    expect(cluster.status('bad')).to.include({
      ...{ reference: 'Deployment/bad', mode: 'Active' },
      targets: '<invalid spec>',
    });
    await eventually('more ticks', async () =>
      /action="none",error="none"} [2-9]/.test(await operator.metrics()),
    );
    expect(await operator.metrics()).to.contain(
      'plimsoll_reconciliations_total{action="none",error="spec"} 1',
    );
    expect(cluster.events('bad')).to.have.length(1);
    expect(cluster.events('bad')[0]).not.to.have.property('series');
    cluster.api.patch('customautoscalers.plimsoll.dev', 'default', 'bad', 'merge', {
      spec: { maxReplicas: 5 },
    });
    await eventually('the mended one', () => cluster.replicas('bad') === 2);
    await eventually('its condition', () => cluster.condition('bad', 'ScalingActive')?.status === 'True');
  });

  it('decides at once when a spec changes, long before the next tick', async () => {
    cluster.deploy('web', 3);
    cluster.load('web', 50);
    cluster.autoscale('web');
    await start({ syncPeriodMs: 3_600_000 });
    await eventually('the first decision', () => cluster.status('web')?.currentReplicas === 3);
    cluster.api.patch('customautoscalers.plimsoll.dev', 'default', 'web', 'merge', {
      spec: { minReplicas: 5 },
    });
    await eventually('the new minimum', () => cluster.replicas('web') === 5);
  });

  it('does not scale down within its window after a restart, when the load fell while it was away', async () => {
    cluster.deploy('web', 2);
    cluster.load('web', 100);
    cluster.autoscale('web');
    const first = await start();
    await eventually('four replicas', () => cluster.replicas('web') === 4);
    cluster.runPods('web', 4);
    await first.stop();
    cluster.load('web', 5); // asks for one replica
    const second = await start();
    await eventually('three decisions', async () => {
      const text = await second.metrics();
      const count = /plimsoll_reconciliations_total\{action="none",error="none"\} (\d+)/.exec(text);
      return Number(count?.[1] ?? 0) >= 3;
    });
    expect(cluster.condition('web', 'AbleToScale')?.reason).to.equal('ScaleDownStabilized');
    expect(cluster.replicas('web')).to.equal(4);
  });

  it('writes no status when nothing has changed', async () => {
    cluster.deploy('web', 2);
    cluster.load('web', 50);
    cluster.autoscale('web');
    const operator = await start();
    await eventually('a status', () => cluster.status('web')?.currentReplicas === 2);
    const version = () =>
      cluster.api.get('customautoscalers.plimsoll.dev', 'default', 'web')!.metadata.resourceVersion;
    const before = version();
    await eventually('two more decisions', async () =>
      /none"\} [3-9]/.test((await operator.get('/metrics')).text),
    );
    expect(version()).to.equal(before);
  });

  it('says in a condition and one growing event that metrics are missing, and goes on when they come', async () => {
    cluster.deploy('web', 2);
    cluster.autoscale('web');
    await start();
    const failed = await eventually('the condition', () => {
      const condition = cluster.condition('web', 'ScalingActive');
      return condition?.status === 'False' && condition;
    });
    expect(failed.reason).to.equal('FailedGetResourceMetric');
    await eventually('a repetition', () =>
      cluster.events('web').some(({ series }) => (series as { count: number } | undefined)?.count === 2),
    );
    expect(
      cluster
        .events('web')
        .map(({ reason }) => reason as string)
        .sort(),
    ).to.deep.equal(['FailedComputeMetricsReplicas', 'FailedGetResourceMetric']);
    cluster.load('web', 100);
    await eventually('it scales', () => cluster.replicas('web') === 4);
  });

  it('says that the target does not exist', async () => {
    cluster.autoscale('web');
    await start();
    const condition = await eventually('the condition', () => cluster.condition('web', 'AbleToScale'));
    expect(condition).to.include({ status: 'False', reason: 'FailedGetScale' });
    expect(condition.message).to.match(/deployments.apps "web" not found$/);
  });

  it('forgets an autoscaler that is deleted', async () => {
    cluster.deploy('web', 1);
    cluster.load('web', 10);
    cluster.autoscale('web');
    const operator = await start();
    await eventually('a status', () => cluster.status('web')?.currentReplicas === 1);
    cluster.api.delete('customautoscalers.plimsoll.dev', 'default', 'web');
    await eventually(
      'its series are gone',
      async () => !(await operator.get('/metrics')).text.includes('name="web"'),
    );
    cluster.load('web', 500);
    cluster.deploy('other', 1);
    cluster.load('other', 50);
    cluster.autoscale('other');
    const ticks = async (): Promise<number> =>
      Number(/_total\{action="none",error="none"\} (\d+)/.exec(await operator.metrics())?.[1] ?? 0);
    const before = await ticks();
    await eventually('three ticks of another', async () => (await ticks()) >= before + 3);
    expect(cluster.replicas('web')).to.equal(1);
  });

  it('serves only its namespace', async () => {
    cluster.api.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    for (const namespace of ['default', 'shop']) {
      cluster.deploy('web', 1, namespace);
      cluster.load('web', 100, namespace);
      cluster.autoscale('web', {}, namespace);
    }
    await start({ namespace: 'shop' });
    await eventually('the one that is served', () => cluster.replicas('web', 'shop') === 2);
    expect(cluster.status('web')).to.equal(undefined);
  });

  it('heals when the API server is killed and started again on the same port', async () => {
    cluster.deploy('web', 1);
    cluster.load('web', 50);
    cluster.autoscale('web');
    const operator = await start();
    await eventually('a decision', () => cluster.status('web')?.currentReplicas === 1);
    expect((await operator.get('/readyz')).status).to.equal(200);
    await cluster.close();
    await eventually('it is not ready', async () => (await operator.get('/readyz')).status === 503);
    expect((await operator.get('/healthz')).status).to.equal(200);
    const down = await operator.get('/metrics');
    expect(down.text).to.contain('plimsoll_watch_failing{resource="pods"} 1');

    cluster = await TestCluster.start(cluster.server.port);
    cluster.deploy('web', 2);
    cluster.load('web', 200);
    cluster.autoscale('web');
    await eventually('it scales again', () => cluster.replicas('web') === 8, 40_000);
    expect((await operator.get('/readyz')).status).to.equal(200);
  }).timeout(60_000);

  it('serves what it measures', async () => {
    cluster.deploy('web', 1);
    cluster.load('web', 100);
    cluster.autoscale('web');
    const operator = await start();
    await eventually('two replicas', () => cluster.replicas('web') === 2);
    const { text } = await eventually('the metrics', async () => {
      const answer = await operator.get('/metrics');
      return answer.text.includes('plimsoll_desired_replicas{namespace="default",name="web"} 2') && answer;
    });
    for (const metric of [
      'plimsoll_reconciliations_total{action="scale_up",error="none"} 1',
      'plimsoll_reconciliation_duration_seconds_count{action="scale_up",error="none"} 1',
      'plimsoll_metric_computation_duration_seconds_count{action="scale_up",error="none",metric_type="Resource"} 1',
      'plimsoll_api_requests_total{method="PATCH",code="200"}',
      'plimsoll_max_replicas{namespace="default",name="web"} 10',
      'plimsoll_watch_staleness_seconds{resource="pods"}',
      'plimsoll_sync_lag_seconds',
      'plimsoll_queue_depth 0',
    ]) {
      expect(text).to.contain(metric);
    }
  });

  it('lists the pod metrics once for all autoscalers of a namespace', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `app${index}`);
    for (const name of names) {
      cluster.deploy(name, 1);
      cluster.load(name, 50);
      cluster.autoscale(name);
    }
    let lists = 0;
    const proxy = await startProxy(cluster.server.url, (_, path) => {
      if (path.startsWith('/apis/metrics.k8s.io/v1beta1/namespaces')) lists += 1;
    });
    const operator = await RunningOperator.start(proxy.url, { syncPeriodMs: 3_600_000 });
    await eventually('all are decided', () =>
      names.every((name) => cluster.status(name)?.currentReplicas === 1),
    );
    await operator.stop();
    await proxy.close();
    expect(lists).to.equal(1);
  });

  it('leaves no timer behind that would keep the process', async () => {
    let sleeping = 0;
    const clock: Clock = {
      ...systemClock,
      sleep: async (ms, signal) => {
        sleeping += 1;
        await systemClock.sleep(ms, signal);
        sleeping -= 1;
      },
    };
    const operator = await RunningOperator.start(cluster.server.url, {}, clock);
    await operator.stop();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sleeping).to.equal(0);
  });

  it('logs what goes wrong each tick once, and when it is over', async () => {
    cluster.deploy('web', 2);
    cluster.autoscale('web');
    const operator = await start();
    await eventually('three decisions', async () => /error="internal"} [3-9]/.test(await operator.metrics()));
    const said = (message: string): number => operator.logs.filter(({ msg }) => msg === message).length;
    expect(said('cannot decide')).to.equal(1);
    cluster.load('web', 50);
    await eventually('the end of it', () => said('can decide again') === 1);
  });

  it('serves only what its selector matches', async () => {
    for (const name of ['mine', 'other']) {
      cluster.deploy(name, 1);
      cluster.load(name, 100);
      cluster.autoscale(name);
    }
    cluster.api.patch('customautoscalers.plimsoll.dev', 'default', 'mine', 'merge', {
      metadata: { labels: { team: 'shop' } },
    });
    await start({ selector: 'team=shop' });
    await eventually('the one that is served', () => cluster.replicas('mine') === 2);
    expect(cluster.status('other')).to.equal(undefined);
  });

  it('goes on deciding when the clock is set back', async () => {
    cluster.deploy('web', 1);
    cluster.load('web', 50);
    cluster.autoscale('web');
    let backMs = 0;
    const clock: Clock = { ...systemClock, now: () => Date.now() - backMs };
    await start({}, clock);
    await eventually('a decision', () => cluster.status('web')?.currentReplicas === 1);
    backMs = 3_600_000;
    cluster.load('web', 100);
    await eventually('two replicas', () => cluster.replicas('web') === 2);
  });

  it('stops within its bound while metrics never answer', async () => {
    cluster.deploy('web', 1);
    cluster.autoscale('web');
    let asked = false;
    const silent = new Promise<void>(() => undefined);
    const proxy = await startProxy(cluster.server.url, (_, path) => {
      if (!path.startsWith('/apis/metrics.k8s.io/v1beta1/namespaces')) return undefined;
      asked = true;
      return silent;
    });
    const clock: Clock = {
      ...systemClock,
      sleep: (ms, signal) => systemClock.sleep(ms === 5000 ? 50 : ms, signal),
    };
    const operator = await RunningOperator.start(proxy.url, {}, clock);
    await eventually('the metrics are asked for', () => asked);
    const before = performance.now();
    await operator.stop();
    expect(performance.now() - before).to.be.below(9000); // a request's own deadline is 10 s
    await proxy.close();
  });

  it('stops cleanly at any time, also while the server does not answer', async () => {
    const hanging = await startLocalApi(({ path, query }, response) => {
      if (query.has('limit') && query.get('limit') === '1')
        return { metadata: { resourceVersion: '1' }, items: [] };
      if (path.startsWith('/apis/metrics')) {
        sendJson(response, 200, {});
        return;
      }
      return undefined;
    });
    const operator = await RunningOperator.start(hanging.url);
    await operator.stop();
    await hanging.close();
  });
});
