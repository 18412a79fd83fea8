import { expect } from 'chai';
import fc from 'fast-check';
import { TestCluster } from '../support/cluster.ts';
import { invalidAutoscalers, validAutoscaler } from '../support/invalid-autoscalers.ts';
import { RunningOperator } from '../support/running-operator.ts';
import { eventually } from '../support/wait.ts';

type Json = Record<string, unknown>;

/** Specs that may hold anything anywhere: a valid one with some places replaced. */
function oddSpecs(count: number): Json[] {
  const anything = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>;
  const odd = fc.array(fc.tuple(fc.nat(), anything), { minLength: 1, maxLength: 3 }).map((changes) => {
    const { spec } = validAutoscaler();
    for (const [at, value] of changes) {
      const places = placesOf(spec);
      const [holder, key] = places[at % places.length] ?? [spec, 'odd'];
      holder[key] = value;
    }
    return spec;
  });
  return fc.sample(odd, { numRuns: count, seed: 4 });
}

/** Every place in a JSON value that something stands in. */
function placesOf(value: unknown): [holder: Json, key: string][] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Json;
  return Object.keys(holder).flatMap((key): [Json, string][] => [[holder, key], ...placesOf(holder[key])]);
}

describe('objects that no decision can be made of', function () {
  this.timeout(120_000);

  it('are told so once each, are never scaled, and none of the others notices', async () => {
    // The definition lets everything through, as after a mistake with it.
    const cluster = await TestCluster.start(0, { anySpec: true });
    const specs: Json[] = [
      ...invalidAutoscalers.map(({ object }) => object.spec),
      ...oddSpecs(150),
      // What the API server of a healthy definition lets through, and what cannot work all the same.
      {
        ...validAutoscaler().spec,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gone' },
      },
      { ...validAutoscaler().spec, scaleTargetRef: { apiVersion: 'x.y/v1', kind: 'Zed', name: 'z' } },
    ];
    cluster.deploy('web', 2); // what most of them name
    for (const [index, spec] of specs.entries())
      cluster.api.create('customautoscalers.plimsoll.dev', {
        apiVersion: 'plimsoll.dev/v1',
        kind: 'CustomAutoscaler',
        metadata: { name: `odd-${index}`, namespace: 'default' },
        spec: spec as never,
      });
    cluster.deploy('healthy', 2);
    cluster.load('healthy', 100);
    cluster.autoscale('healthy');
    const operator = await RunningOperator.start(cluster.server.url);
    await eventually('the healthy one scales', () => cluster.replicas('healthy') === 4);
    await eventually('every one is told', () =>
      specs.every((_, index) => (cluster.status(`odd-${index}`)?.conditions ?? []).length > 0),
    );
    const decided = async (): Promise<number> =>
      Number(
        /reconciliations_total\{action="none",error="none"\} (\d+)/.exec(await operator.metrics())?.[1] ?? 0,
      );
    const before = await decided();
    await eventually('the healthy one goes on', async () => (await decided()) >= before + 3);

    expect(cluster.replicas('web')).to.equal(2);
    const invalid = specs.flatMap((_, index) => {
      const name = `odd-${index}`;
      return cluster.condition(name, 'ScalingActive')?.reason === 'InvalidSpec' ? [name] : [];
    });
    expect(invalid).to.have.length.greaterThan(100);
    for (const name of invalid) {
      const events = cluster.events(name);
      expect(events, name).to.have.length(1);
      expect(events[0], name).to.include({ type: 'Warning', reason: 'InvalidSpec' });
      expect(events[0], name).not.to.have.property('series');
    }
    const broken = operator.logs.filter(({ level }) => level === 'error' || level === 50);
    expect(broken).to.deep.equal([]);
    await operator.stop();
    await cluster.close();
  });

  it('are not made of a status that somebody has edited', async () => {
    const cluster = await TestCluster.start();
    const time = '2030-01-01T00:00:00Z';
    const statuses: Json[] = [
      { desiredReplicas: 0, conditions: [{ type: 'Odd', status: 'Maybe', lastTransitionTime: null }] },
      { desiredReplicas: 7, currentReplicas: 7, currentMetrics: [{ type: '' }, { type: 'Resource' }] },
      { desiredReplicas: 7, currentMetrics: null, conditions: null },
      { desiredReplicas: 2 ** 31 - 1, lastScaleTime: null, targets: '', reference: 'x', mode: 'Paused' },
      { desiredReplicas: 3, history: { asOf: time, recommendations: [{ time, replicas: 9 }], scaleUps: [] } },
      { desiredReplicas: 3, history: { asOf: '0001-01-01T00:00:00Z', scaleDowns: [{ time, change: 1 }] } },
      { desiredReplicas: 3, history: null, observedGeneration: 99 },
    ];
    for (const [index, status] of statuses.entries()) {
      const name = `app-${index}`;
      cluster.deploy(name, 2);
      cluster.load(name, 100);
      cluster.autoscale(name);
      cluster.api.patch('customautoscalers.plimsoll.dev', 'default', name, 'merge', { status }, 'status');
    }
    const operator = await RunningOperator.start(cluster.server.url);
    for (const index of statuses.keys())
      await eventually(`app-${index} scales`, () => cluster.replicas(`app-${index}`) >= 4);
    const broken = operator.logs.filter(({ level }) => level === 'error' || level === 50);
    expect(broken).to.deep.equal([]);
    await operator.stop();
    await cluster.close();
  });
});
