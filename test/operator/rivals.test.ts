import { expect } from 'chai';
import { TestCluster } from '../support/cluster.ts';
import { sendJson, startLocalApi, statusBody } from '../support/local-api.ts';
import type { LocalApi } from '../support/local-api.ts';
import { startProxy } from '../support/proxy.ts';
import type { Proxy } from '../support/proxy.ts';
import { RunningOperator, RunningOperators } from '../support/running-operator.ts';
import { eventually } from '../support/wait.ts';

const horizontalPodAutoscalers = 'horizontalpodautoscalers.autoscaling';

/** Decisions come from watch events alone: the next tick is an hour away. */
const onlyWoken = { syncPeriodMs: 3_600_000 };

describe('two autoscalers of one target', () => {
  let cluster: TestCluster;
  const operators = new RunningOperators();

  beforeEach(async () => {
    cluster = await TestCluster.start();
    cluster.deploy('web', 2);
    cluster.load('web', 50);
  });
  afterEach(async () => {
    await operators.stop();
    await cluster.close();
  });

  const start = async (options = {}): Promise<RunningOperator> =>
    operators.start(cluster.server.url, { ...onlyWoken, ...options });

  function addHpa(name: string, { target = 'web', owner = '' } = {}): void {
    const ownerReferences = [{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: owner, uid: 'x' }];
    cluster.api.create(horizontalPodAutoscalers, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace: 'default', ...(owner === '' ? {} : { ownerReferences }) },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target },
        maxReplicas: 3,
      },
    });
  }

  const scalingActive = (name = 'web') => cluster.condition(name, 'ScalingActive');
  const becomes = (reason: string, name = 'web') =>
    eventually(`${name} is ${reason}`, () => scalingActive(name)?.reason === reason);

  it('refuse while a HorizontalPodAutoscaler is there, name it once, and go on when it goes', async () => {
    addHpa('web-hpa');
    cluster.load('web', 100);
    cluster.autoscale('web');
    const operator = await start();
    await becomes('AmbiguousTarget');
    expect(scalingActive()).to.deep.include({ status: 'False' });
    expect(scalingActive()?.message).to.contain('HorizontalPodAutoscaler web-hpa');
    expect(cluster.replicas('web')).to.equal(2);
    const [event, ...more] = await eventually('the event', () => {
      const events = cluster.events('web');
      return events.length > 0 && events;
    });
    expect(event).to.include({ type: 'Warning', reason: 'AmbiguousTarget' });
    expect(more).to.deep.equal([]);
    expect(await operator.metrics()).to.contain('plimsoll_autoscalers{verdict="Contested"} 1');

    cluster.api.delete(horizontalPodAutoscalers, 'default', 'web-hpa');
    await eventually('it scales', () => cluster.replicas('web') === 4);
  });

  it("name the ScaledObject of KEDA's HorizontalPodAutoscaler that comes later", async () => {
    cluster.autoscale('web');
    await start();
    await becomes('ValidMetricFound');
    addHpa('keda-hpa-orders', { owner: 'orders' });
    await becomes('AmbiguousTarget');
    expect(scalingActive()?.message).to.contain(
      'HorizontalPodAutoscaler keda-hpa-orders (of ScaledObject orders)',
    );
  });

  it('do not mind a HorizontalPodAutoscaler of another target, and notice when it turns to this one', async () => {
    cluster.deploy('db', 1);
    addHpa('hpa', { target: 'db' });
    cluster.autoscale('web');
    await start();
    await becomes('ValidMetricFound');
    cluster.api.patch(horizontalPodAutoscalers, 'default', 'hpa', 'merge', {
      spec: { scaleTargetRef: { name: 'web' } },
    });
    await becomes('AmbiguousTarget');
  });

  it('both refuse when both are CustomAutoscalers, whatever version they name, until one is a dry run', async () => {
    cluster.autoscale('web');
    cluster.autoscale('twin', {
      scaleTargetRef: { apiVersion: 'apps/v1beta2', kind: 'Deployment', name: 'web' },
    });
    await start();
    await becomes('AmbiguousTarget', 'web');
    await becomes('AmbiguousTarget', 'twin');
    expect(scalingActive('twin')?.message).to.contain('CustomAutoscaler web');
    cluster.api.patch('customautoscalers.plimsoll.dev', 'default', 'twin', 'merge', {
      spec: { mode: 'DryRun' },
    });
    // Their pods overlap all the same, which is told as AmbiguousSelector.
    await eventually('the other has no rival', () => scalingActive('web')?.reason !== 'AmbiguousTarget');
  });

  it('know of those of another shard', async () => {
    cluster.autoscale('web');
    cluster.autoscale('twin', {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    });
    cluster.api.patch('customautoscalers.plimsoll.dev', 'default', 'web', 'merge', {
      metadata: { labels: { team: 'shop' } },
    });
    await start({ selector: 'team=shop' });
    await becomes('AmbiguousTarget', 'web');
    expect(cluster.status('twin')).to.equal(undefined);
  });

  it('does not count one that no decision can be made of', async () => {
    await cluster.close();
    cluster = await TestCluster.start(0, { anySpec: true });
    cluster.deploy('web', 2);
    cluster.load('web', 100);
    cluster.autoscale('broken', {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      maxReplicas: -1,
    });
    cluster.autoscale('web');
    await start();
    await eventually('it scales', () => cluster.replicas('web') === 4);
  });
});

describe('autoscalers that cannot be seen', () => {
  let cluster: TestCluster;
  let operator: RunningOperator;
  let proxy: Proxy;
  let strict: LocalApi;
  let refused: string | undefined;
  let scaleWrites: number;

  beforeEach(async () => {
    refused = undefined;
    scaleWrites = 0;
    cluster = await TestCluster.start();
    for (const name of ['web', 'trial']) {
      cluster.deploy(name, 2);
      cluster.load(name, 50);
    }
    cluster.autoscale('web');
    cluster.autoscale('trial', { mode: 'DryRun' });
    strict = await startLocalApi((_, response) =>
      sendJson(response, 403, statusBody(403, 'Forbidden', 'it is forbidden')),
    );
    proxy = await startProxy(
      (path) =>
        refused !== undefined && path.split('?')[0]?.endsWith(refused) ? strict.url : cluster.server.url,
      (method, path) => {
        if (method === 'PATCH' && path.includes('/scale')) scaleWrites += 1;
        return undefined;
      },
    );
    operator = await RunningOperator.start(proxy.url);
  });
  afterEach(async () => {
    await operator.stop();
    await proxy.close();
    await strict.close();
    await cluster.close();
  });

  const ableToScale = () => cluster.condition('web', 'AbleToScale');
  const unreadable = async (): Promise<number> =>
    Number(
      /plimsoll_decisions_total\{verdict="TargetUnreadable"\} (\d+)/.exec(await operator.metrics())?.[1] ?? 0,
    );

  /** As when the ClusterRole was edited: what is watched breaks off and is refused from then on. */
  function forbid(resource: string): void {
    refused = resource;
    proxy.cut(`${resource}?`);
  }

  const kinds = {
    horizontalpodautoscalers: 'HorizontalPodAutoscalers',
    customautoscalers: 'CustomAutoscalers',
  };
  for (const [resource, kind] of Object.entries(kinds))
    it(`stop every write but not a dry run while ${kind} are forbidden, until they are seen again`, async () => {
      await eventually('a decision', () => cluster.status('web')?.desiredReplicas === 2);
      forbid(resource);
      await eventually('the condition', () => ableToScale()?.reason === 'FailedGetScale');
      cluster.load('web', 100);
      cluster.load('trial', 100);
      const before = await unreadable();
      await eventually('three more ticks', async () => (await unreadable()) >= before + 3);
      await eventually('the dry run goes on', () => cluster.status('trial')?.desiredReplicas === 4);
      expect(scaleWrites).to.equal(0);
      expect(cluster.replicas('web')).to.equal(2);
      expect(ableToScale()).to.deep.include({ status: 'False' });
      expect(ableToScale()?.message).to.match(
        new RegExp(`cannot see ${kind} \\(it is forbidden\\): another autoscaler may scale the target$`),
      );
      const events = cluster.events('web');
      expect(events.length).to.be.within(1, 2); // one for each cause: broken off, then forbidden
      for (const event of events) expect(event).to.include({ type: 'Warning', reason: 'FailedGetScale' });

      refused = undefined;
      await eventually('it scales', () => cluster.replicas('web') === 4);
      await eventually('the condition is over', () => ableToScale()?.status === 'True');
      expect(scaleWrites).to.equal(1);
    });
});

describe('mode DryRun', () => {
  it('decides and tells, beside a HorizontalPodAutoscaler too, and never writes the scale', async () => {
    const cluster = await TestCluster.start();
    cluster.deploy('web', 2);
    cluster.load('web', 100);
    cluster.autoscale('web', { mode: 'DryRun' });
    const operator = await RunningOperator.start(cluster.server.url);
    await eventually('the condition', () => cluster.condition('web', 'AbleToScale')?.reason === 'DryRun');
    expect(cluster.status('web')).to.deep.include({ mode: 'DryRun', currentReplicas: 2, desiredReplicas: 4 });
    await eventually('three decisions', async () =>
      /plimsoll_decisions_total\{verdict="Computed"\} [3-9]/.test(await operator.metrics()),
    );
    const generation = (): number | undefined =>
      cluster.api.get('deployments.apps', 'default', 'web')?.metadata.generation;
    expect(cluster.replicas('web')).to.equal(2);
    expect(generation()).to.equal(1);
    const events = cluster.events('web');
    expect(events).to.have.length(1);
    expect(events[0]?.message).to.match(/^Would scale from 2 to 4; reason: cpu/);
    const told = operator.logs.filter(({ msg, level }) => msg === 'would scale' && level === 'info');
    expect(told).to.have.length(1);
    expect(told[0]).to.include({ from: 2, to: 4 });

    cluster.api.patch('customautoscalers.plimsoll.dev', 'default', 'web', 'merge', {
      spec: { mode: 'Active' },
    });
    await eventually('it scales', () => cluster.replicas('web') === 4);
    await operator.stop();
    await cluster.close();
  });
});
