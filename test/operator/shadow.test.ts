import { expect } from 'chai';
import { TestCluster } from '../support/cluster.ts';
import { RunningOperator } from '../support/running-operator.ts';
import { eventually } from '../support/wait.ts';

const hpas = 'horizontalpodautoscalers.autoscaling';
const autoscalers = 'customautoscalers.plimsoll.dev';

describe('a dry run beside a HorizontalPodAutoscaler', () => {
  let cluster: TestCluster;
  let operator: RunningOperator | undefined;

  beforeEach(async () => {
    cluster = await TestCluster.start();
    cluster.deploy('web', 2);
    cluster.load('web', 100);
  });
  afterEach(async () => {
    await operator?.stop();
    operator = undefined;
    await cluster.close();
  });

  async function start(): Promise<void> {
    // Each tick is written, so that a test sees it.
    operator = await RunningOperator.start(cluster.server.url, { statusMetricsIntervalMs: 1 });
  }

  function addHpa(maxReplicas = 10): void {
    cluster.api.create(hpas, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'default' },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas },
    });
  }

  /** Plays the controller of the HPA. */
  function wants(desiredReplicas: number, reason = 'DesiredWithinRange'): void {
    const lastTransitionTime = '2026-01-01T00:00:00Z';
    const limited = reason === 'DesiredWithinRange' ? 'False' : 'True';
    const condition = (type: string, status: string, why: string) => ({
      ...{ type, status, lastTransitionTime },
      ...{ reason: why, message: `${why} it is` },
    });
    const conditions = [
      condition('AbleToScale', 'True', 'ReadyForNewScale'),
      condition('ScalingActive', 'True', 'ValidMetricFound'),
      condition('ScalingLimited', limited, reason),
    ];
    const status = { currentReplicas: 2, desiredReplicas, currentMetrics: null, conditions };
    cluster.api.patch(hpas, 'default', 'web', 'merge', { status }, 'status');
  }

  const shadow = () => cluster.status('web')?.shadow;
  const compared = (ticks: number): Promise<unknown> =>
    eventually(`${ticks} ticks`, () => (shadow()?.ticks ?? 0) >= ticks);

  it('measures how often both want the same, and keeps the first difference with both reasons', async () => {
    addHpa();
    wants(4);
    cluster.autoscale('web', { mode: 'DryRun' });
    await start();
    await compared(2);
    expect(shadow()).to.deep.include({ hpa: 'web', agreementPercent: 100 });
    expect(shadow()?.agreedTicks).to.equal(shadow()?.ticks);

    wants(3, 'TooManyReplicas');
    const difference = await eventually('a difference', () => shadow()?.firstDifference);
    expect(difference).to.include({ ours: 4, theirs: 3 });
    expect(difference.reason).to.match(
      /^ours: 2 -> 4 \(dry run\): cpu at 100 % .*; the HorizontalPodAutoscaler's: TooManyReplicas: /,
    );
    expect(shadow()?.agreementPercent).to.be.below(100);
    const metrics = (await operator?.metrics()) ?? '';
    expect(metrics).to.match(/plimsoll_shadow_agreement_ratio\{namespace="default",name="web"\} 0\.\d+/);
    expect(metrics).to.match(/plimsoll_shadow_ticks_total\{agreed="true"\} [1-9]/);
    expect(metrics).to.match(/plimsoll_shadow_ticks_total\{agreed="false"\} [1-9]/);
    expect(cluster.replicas('web')).to.equal(2);
  });

  it('compares nothing until the HPA has evaluated its metrics', async () => {
    addHpa();
    cluster.autoscale('web', { mode: 'DryRun' });
    await start();
    await eventually('a shadow', () => shadow() !== undefined);
    expect(shadow()).to.include({ ticks: 0 });
    wants(4);
    await compared(1);
  });

  it('goes on after a restart, and begins anew when one of the specs changes', async () => {
    addHpa();
    wants(4);
    cluster.autoscale('web', { mode: 'DryRun' });
    await start();
    await compared(2);
    await operator?.stop();
    const { since, specs, ticks = 0 } = shadow() ?? {};
    await start();
    await compared(ticks + 2);
    expect(shadow()).to.include({ since, specs });

    cluster.api.patch(hpas, 'default', 'web', 'merge', { spec: { maxReplicas: 9 } });
    await eventually('it begins anew', () => shadow()?.specs !== specs);
    const second = shadow();
    cluster.api.patch(autoscalers, 'default', 'web', 'merge', { spec: { maxReplicas: 9 } });
    await eventually('and again', () => shadow() !== undefined && shadow()?.specs !== second?.specs);
    expect(Date.parse(shadow()?.since ?? '')).to.be.above(Date.parse(since ?? ''));
  });

  it('is over when the HPA goes, and when it is active', async () => {
    addHpa();
    wants(4);
    cluster.autoscale('web', { mode: 'DryRun' });
    await start();
    await compared(1);
    cluster.api.delete(hpas, 'default', 'web');
    await eventually('no shadow', () => shadow() === undefined);
    addHpa();
    wants(4);
    await compared(1);
    cluster.api.patch(autoscalers, 'default', 'web', 'merge', { spec: { mode: 'Active' } });
    await eventually('no shadow', () => shadow() === undefined);
    expect(await operator?.metrics()).to.not.match(/plimsoll_shadow_agreement_ratio\{/);
    expect(cluster.replicas('web')).to.equal(2);
  });
});
