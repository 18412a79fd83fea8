import { expect } from 'chai';
import type { KubeClient } from '../../../src/kube/client.ts';
import { keptHpa, type Autoscaler } from '../../../src/migrate/takeover/scene.ts';
import type { TestCluster } from '../../support/cluster.ts';
import { clientOf } from '../../support/local-api.ts';
import { startProxy } from '../../support/proxy.ts';
import {
  autoscalerResource,
  hpaResource,
  playHandback,
  playTakeover,
  TakeoverStage,
} from '../../support/takeover-stage.ts';

describe('what changes while a takeover is under way', () => {
  let stage: TakeoverStage;
  let cluster: TestCluster;
  let client: KubeClient;
  const name = 'web';

  beforeEach(async () => {
    stage = await TakeoverStage.start();
    ({ cluster, client } = stage);
    stage.place(name, { replicas: 2, cpuMillis: 50, wants: 2, metadata: { labels: { team: 'shop' } } });
  });
  afterEach(() => stage.close());

  const edit = (resource: string, spec: object) =>
    cluster.api.patch(resource, 'default', name, 'merge', { spec });
  const autoscaler = () =>
    cluster.api.get(autoscalerResource, 'default', name) as unknown as Autoscaler | undefined;
  const refusal = (run: Promise<unknown>): Promise<string> =>
    run.then(
      () => 'not refused',
      (error: unknown) => (error as Error).message,
    );

  it('goes to the shadow when it is of the HPA, and to what is given back', async () => {
    await playTakeover({ client, name }, false);
    edit(hpaResource, { maxReplicas: 7, behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } });
    expect(await playTakeover({ client, name }, false)).to.deep.equal(['Follow']);
    const { spec } = autoscaler()!;
    expect(spec).to.deep.include({ maxReplicas: 7, mode: 'DryRun' });
    expect(spec.behavior?.scaleDown?.stabilizationWindowSeconds).to.equal(60);
    expect(keptHpa(autoscaler()!)?.spec).to.include({ maxReplicas: 7 });
    edit(hpaResource, { behavior: null });
    await playTakeover({ client, name }, false);
    expect(autoscaler()?.spec).to.not.have.property('behavior');
  });

  it('stays when it is of the CustomAutoscaler', async () => {
    await playTakeover({ client, name }, false);
    edit(autoscalerResource, { minReplicas: 2, syncPeriodSeconds: 1 });
    edit(hpaResource, { maxReplicas: 7 });
    expect(await playTakeover({ client, name })).to.include('RemoveHpa');
    expect(autoscaler()?.spec).to.deep.include({
      ...{ minReplicas: 2, maxReplicas: 7, syncPeriodSeconds: 1, mode: 'Active' },
    });
  });

  it('is refused when the two say different things, until they say the same', async () => {
    await playTakeover({ client, name }, false);
    edit(autoscalerResource, { maxReplicas: 20 });
    edit(hpaResource, { maxReplicas: 7 });
    expect(await refusal(playTakeover({ client, name }))).to.match(
      /^hpa\/web: spec\.maxReplicas was changed on it and, to something else, on CustomAutoscaler web/,
    );
    expect(autoscaler()?.spec.mode).to.equal('DryRun');
    edit(hpaResource, { maxReplicas: 20 });
    expect(await playTakeover({ client, name })).to.include('RemoveHpa');
  });

  it('is never lost: an HPA that is edited just before it is removed is followed first', async () => {
    let edits = 0;
    const proxy = await startProxy(cluster.server.url, (method, path) => {
      if (method !== 'DELETE' || !path.includes('horizontalpodautoscalers') || edits > 0) return undefined;
      edits += 1;
      edit(hpaResource, { maxReplicas: 6 });
      return undefined;
    });
    const through = clientOf(proxy.url);
    const steps = await playTakeover({ client: through, name });
    await through.close();
    await proxy.close();
    expect(edits).to.equal(1);
    expect(steps.slice(steps.indexOf('RemoveHpa'))).to.include.members(['Follow', 'RemoveHpa']);
    expect(autoscaler()?.spec).to.deep.include({ maxReplicas: 6, mode: 'Active' });
    await playHandback({ client, name });
    const back = cluster.api.get(hpaResource, 'default', name);
    expect(back?.spec).to.deep.include({ maxReplicas: 6 });
    expect(back?.metadata.labels).to.deep.equal({ team: 'shop' });
  });

  it('is a pause that is respected: before the switch it is refused, after it kept', async () => {
    await playTakeover({ client, name }, false);
    edit(autoscalerResource, { mode: 'Paused' });
    expect(await refusal(playTakeover({ client, name }))).to.match(
      /CustomAutoscaler web is Paused; set its mode/,
    );
    edit(autoscalerResource, { mode: 'DryRun' });
    await playTakeover({ client, name });
    edit(autoscalerResource, { mode: 'Paused' });
    await playTakeover({ client, name });
    expect(autoscaler()?.spec.mode).to.equal('Paused');
    await playHandback({ client, name });
    expect(autoscaler()).to.equal(undefined);
    expect(cluster.api.get(hpaResource, 'default', name)).to.not.equal(undefined);
  });

  it('waits for a finalizer of the HPA', async () => {
    const finalizers = ['example.com/audit'];
    cluster.api.patch(hpaResource, 'default', name, 'merge', { metadata: { finalizers } });
    let looks = 0;
    const proxy = await startProxy(cluster.server.url, (method, path) => {
      const hpa = cluster.api.get(hpaResource, 'default', name);
      if (
        method !== 'GET' ||
        !path.includes('autoscaling/v2') ||
        hpa?.metadata.deletionTimestamp === undefined
      )
        return undefined;
      looks += 1;
      const released = { metadata: { finalizers: null } };
      if (looks === 3) cluster.api.patch(hpaResource, 'default', name, 'merge', released);
      return undefined;
    });
    const through = clientOf(proxy.url);
    expect(await playTakeover({ client: through, name })).to.include('AwaitHpaGone');
    await through.close();
    await proxy.close();
    expect(looks).to.be.greaterThan(2);
    expect(autoscaler()?.spec.mode).to.equal('Active');
  });
});
