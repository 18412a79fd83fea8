import { expect } from 'chai';
import { TestCluster } from '../support/cluster.ts';
import { startProxy } from '../support/proxy.ts';
import type { Proxy } from '../support/proxy.ts';
import { RunningOperator } from '../support/running-operator.ts';
import { eventually } from '../support/wait.ts';

const autoscalers = 'customautoscalers.plimsoll.dev';

describe('a decision that is void before its scale is written', () => {
  let cluster: TestCluster;
  let proxy: Proxy;
  let operator: RunningOperator;
  let scaleWrites: number;
  /** What happens while the operator waits for the metrics of its first decision. */
  let meanwhile: () => void;
  /** How many objects the watches have told of when they have told of that. */
  let told: string;

  beforeEach(async () => {
    cluster = await TestCluster.start();
    cluster.deploy('web', 2);
    cluster.load('web', 100);
    cluster.autoscale('web');
    scaleWrites = 0;
    let held = false;
    proxy = await startProxy(cluster.server.url, (method, path) => {
      if (method === 'PATCH' && path.includes('/scale')) scaleWrites += 1;
      if (held || !path.startsWith('/apis/metrics.k8s.io/v1beta1/namespaces')) return;
      held = true;
      meanwhile();
      return eventually('the watch has told', async () => {
        const text = await operator.metrics();
        return text.includes(`plimsoll_cached_objects{resource=${told}`);
      }).then(() => undefined);
    });
  });
  afterEach(async () => {
    await operator.stop();
    await proxy.close();
    await cluster.close();
  });

  /** Decides once by itself, and when it is woken. */
  async function start(change: () => void, tells: string): Promise<void> {
    [meanwhile, told] = [change, tells];
    operator = await RunningOperator.start(proxy.url, { syncPeriodMs: 3_600_000 });
  }

  const settled = (outcome: RegExp) =>
    eventually('the decision has ended', async () => outcome.test(await operator.metrics()));

  it('is dropped when the object is deleted', async () => {
    await start(() => cluster.api.delete(autoscalers, 'default', 'web'), '"customautoscalers"} 0');
    await settled(/plimsoll_reconciliations_total\{action="none",error="none"\} 1/);
    expect(scaleWrites).to.equal(0);
    expect(cluster.replicas('web')).to.equal(2);
  });

  it('is made again when the object is edited', async () => {
    const edit = (): void => {
      cluster.api.patch(autoscalers, 'default', 'web', 'merge', { spec: { maxReplicas: 3 } });
      cluster.autoscale('later', { mode: 'DryRun' }); // told after the edit
    };
    await start(edit, '"customautoscalers"} 2');
    await eventually('three replicas', () => cluster.replicas('web') === 3);
    await eventually('the status', () => cluster.status('web')?.observedGeneration === 2);
    expect(scaleWrites).to.equal(1);
  });

  it('is dropped when an HPA for the same target appears', async () => {
    const addHpa = (): void =>
      void cluster.api.create('horizontalpodautoscalers.autoscaling', {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'rival', namespace: 'default' },
        spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 9 },
      });
    await start(addHpa, '"horizontalpodautoscalers"} 1');
    await eventually(
      'the condition',
      () => cluster.condition('web', 'ScalingActive')?.reason === 'AmbiguousTarget',
    );
    expect(scaleWrites).to.equal(0);
  });
});
