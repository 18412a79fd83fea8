import { expect } from 'chai';
import { eventually } from '../support/wait.ts';
import { autoscalers, path } from './support/api.ts';
import { Operators } from './support/operator.ts';
import { cpuMetric, Place } from './support/place.ts';
import { sharedStage } from './support/shared-stage.ts';
import { reference, workloadPath } from './support/workloads.ts';

/** What only a real control plane has: a controller of HPAs, and managedFields. */
describe('modes on a real control plane', () => {
  let operators: Operators;
  let place: Place;

  before(async () => {
    const stage = await sharedStage();
    place = new Place(stage, await stage.namespace('modes'));
    operators = new Operators(stage);
    await operators.start({
      selector: 'operator=modes',
      namespace: place.namespace,
      'status-metrics-interval': '1s',
    });
  });
  after(async () => operators.stop());

  const own = { labels: { operator: 'modes' } };

  it('agrees in the shadow of an HPA of the same spec, and finds where another one differs', async () => {
    const web = await place.run({ name: 'web', replicas: 2 });
    place.load('web', 290);
    const hpas = path('autoscaling/v2', 'horizontalpodautoscalers', place.namespace);
    await place.stage.api.create(hpas, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web' },
      spec: { scaleTargetRef: reference(web), minReplicas: 1, maxReplicas: 10, metrics: [cpuMetric] },
    });
    await place.scalesTo(web, 6);
    await place.hasPods(web, 6);
    await place.autoscale(web, { mode: 'DryRun' }, own);
    const shadow = async () => {
      const { status } = await place.stage.api.get(autoscalers(place.namespace, 'web'));
      return (
        status as { shadow?: { ticks: number; agreedTicks: number; firstDifference?: object } } | undefined
      )?.shadow;
    };
    const agreed = await eventually('five ticks', async () => {
      const now = await shadow();
      return (now?.ticks ?? 0) >= 5 && now;
    });
    expect(agreed.agreedTicks).to.equal(agreed.ticks);
    await place.edit('web', { maxReplicas: 5 });
    const difference = await eventually('a difference', async () => (await shadow())?.firstDifference);
    expect(difference).to.include({ ours: 5, theirs: 6 });
    expect(await place.replicas(web)).to.equal(6);
  });

  it('names who sets the count of a target that it has scaled', async () => {
    const shop = await place.run({ name: 'shop', replicas: 2 });
    place.load('shop', 290);
    await place.autoscale(shop, {}, own);
    await place.scalesTo(shop, 6);
    await place.hasPods(shop, 6);
    expect((await place.conditions('shop')).map(({ type }) => type)).to.not.include('ForeignWriter');
    await place.stage.api.patch(workloadPath(shop), { spec: { replicas: 3 } });
    await place.has('shop', 'ForeignWriter=True ReplicasWritten');
    await place.event(
      'shop',
      /^ForeignWriter Spec.replicas of Deployment shop is also written by .* \(Update at /,
    );
    await place.scalesTo(shop, 6);
  });
});
