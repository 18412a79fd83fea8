import { expect } from 'chai';
import type { KubeClient } from '../../src/kube/client.ts';
import type { TestCluster } from '../support/cluster.ts';
import { hpaResource, playHandback, playTakeover, TakeoverStage } from '../support/takeover-stage.ts';
import { eventually } from '../support/wait.ts';

/**
 * keda#6597 (also #6336, #4457, #4066): taking over an HPA that exists is awkward: it is deleted first, with nobody to scale meanwhile and
 * a jump of the replicas after; or the old one is left, and two scale; and there is no way back. Here it is imported, shadowed, taken
 * over and handed back, and the replica count never jumps.
 */
describe('thread 20: an HPA that is there already', () => {
  let stage: TakeoverStage;
  let cluster: TestCluster;
  let client: KubeClient;

  beforeEach(async () => {
    stage = await TakeoverStage.start();
    ({ cluster, client } = stage);
    // The HPA holds 6 within its stabilization window, though 3 would do by now.
    stage.place('web', { replicas: 6, cpuMillis: 25, wants: 6 });
  });
  afterEach(() => stage.close());

  const deployment = () => cluster.api.get('deployments.apps', 'default', 'web');
  const conditions = () =>
    cluster.status('web')?.conditions?.map(({ type, reason }) => `${type} ${reason ?? ''}`);

  it('is shadowed first, which takes nothing from it', async () => {
    await playTakeover({ client, name: 'web' }, false);
    const { shadow } = (await eventually('a comparison', () => {
      const status = cluster.status('web');
      return (status?.shadow?.ticks ?? 0) >= 3 && status;
    })) as { shadow: object };
    expect(shadow).to.include({ hpa: 'web', agreementPercent: 100 });
    expect(deployment()?.metadata.generation).to.equal(1);
  });

  it('is gone after the takeover, its hold on the replicas is not, and nothing is left that contests', async () => {
    await playTakeover({ client, name: 'web' });
    expect(cluster.api.get(hpaResource, 'default', 'web')).to.equal(undefined);
    await eventually('it holds', () => conditions()?.includes('AbleToScale ScaleDownStabilized'));
    expect(conditions()).to.include('ScalingActive ValidMetricFound');
    expect(deployment()?.metadata.generation).to.equal(1);

    cluster.load('web', 75);
    await eventually('it scales', () => cluster.replicas('web') === 9);
  });

  it('is back after the handback as it was, and nobody else scales', async () => {
    const before = cluster.api.get(hpaResource, 'default', 'web');
    await playTakeover({ client, name: 'web' });
    await playHandback({ client, name: 'web' });
    expect(cluster.api.get(hpaResource, 'default', 'web')?.spec).to.deep.equal(before?.spec);
    expect(cluster.api.list('customautoscalers.plimsoll.dev', {})).to.deep.equal([]);
    expect(deployment()?.metadata.generation).to.equal(1);
  });
});
