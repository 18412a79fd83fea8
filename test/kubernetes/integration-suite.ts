import { expect } from 'chai';
import { eventually } from '../support/wait.ts';
import { modeCases } from './mode-cases.ts';
import { podCases } from './pod-cases.ts';
import { requestCases } from './request-cases.ts';
import { scheduleCases } from './schedule-cases.ts';
import { path, pods } from './support/api.ts';
import { Operators, systemNamespace } from './support/operator.ts';
import { cpuMetric, Place, used } from './support/place.ts';
import { neverReady, ready } from './support/pod-state.ts';
import type { Stage } from './support/stage.ts';
import { reference } from './support/workloads.ts';
import { trustCases } from './trust-cases.ts';

type Case = (place: Place, operators: Operators) => Promise<void>;

/** Autoscalers without such a label are the first operator's; the others' tests start some of their own. */
const ownOperator = { labels: { operator: 'own' } };
const shared = 'operator notin (own,pair)';

const cases: Readonly<Record<string, Case>> = {
  ...modeCases,
  ...scheduleCases,
  ...trustCases,
  ...podCases,
  ...requestCases,

  'scales a Deployment up and down by CPU, and says so': async (place) => {
    const web = await place.run({ name: 'web', replicas: 2 });
    place.load('web', 390);
    await place.autoscale(web);
    await place.scalesTo(web, 8);
    await place.hasPods(web, 8);
    place.load('web', 140);
    await place.scalesTo(web, 3);
    await place.event('web', /^SuccessfulRescale New size: 8; reason: cpu resource utilization/);
    await place.event('web', /^SuccessfulRescale New size: 3; reason: All metrics below target/);
    await place.has('web', 'AbleToScale=True ReadyForNewScale');
    await place.has('web', 'ScalingActive=True ValidMetricFound');
  },

  'tells in the status why it scaled, and why it stays': async (place) => {
    const web = await place.run({ name: 'web', replicas: 2 });
    place.load('web', 190);
    await place.autoscale(web, { maxReplicas: 3 });
    await place.decides(
      'web',
      /^2 -> 3: cpu at 95 % of request against 50 % asks for 4 \(2 pods counted\); 3 instead of 4: limited by maxReplicas$|^stays at 3/,
    );
    await place.scalesTo(web, 3);
    await place.hasPods(web, 3);
    place.load('web', 145);
    await place.decides(
      'web',
      /^stays at 3: cpu at 4\d % .*no change: ratio 0\.9\d* within 0\.9-1\.1, 3 pods counted\)$/,
    );
  },

  'holds while there are no metrics, and goes on when they are back': async (place) => {
    const web = await place.run({ name: 'web', replicas: 3 });
    await place.autoscale(web);
    await place.has('web', 'ScalingActive=False FailedGetResourceMetric');
    await place.event('web', /^FailedGetResourceMetric /);
    await place.reads(3);
    expect(await place.replicas(web)).to.equal(3);
    place.load('web', 240);
    await place.scalesTo(web, 5);
    await place.has('web', 'ScalingActive=True ValidMetricFound');
  },

  'stays between minReplicas and maxReplicas': async (place) => {
    const web = await place.run({ name: 'web', replicas: 1 });
    place.load('web', 40);
    await place.autoscale(web, { minReplicas: 3, maxReplicas: 6 });
    await place.scalesTo(web, 3);
    await place.has('web', 'ScalingLimited=True TooFewReplicas');
    place.load('web', 5000);
    await place.scalesTo(web, 6);
    await place.has('web', 'ScalingLimited=True TooManyReplicas');
    expect(await place.replicas(web)).to.equal(6);
  },

  'scales a StatefulSet': async (place) => {
    const store = await place.run({ kind: 'StatefulSet', name: 'store', replicas: 2 });
    place.load('store', 190);
    await place.autoscale(store);
    await place.scalesTo(store, 4);
    await place.hasPods(store, 4);
  },

  'scales a custom resource through its scale subresource': async (place) => {
    const worker = await place.run({ kind: 'Worker', name: 'worker', replicas: 2 });
    place.load('worker', 240);
    await place.autoscale(worker);
    await place.scalesTo(worker, 5);
    await place.hasPods(worker, 5);
    place.load('worker', 40);
    await place.scalesTo(worker, 1);
  },

  'scales by an external metric, to zero and back': async (place) => {
    const { metrics } = place.stage;
    const queue = (waiting: number): void =>
      metrics.externalMetric(place.namespace, 'waiting', () => [
        { labels: { queue: 'orders' }, milli: waiting * 1000 },
        { labels: { queue: 'returns' }, milli: 900_000 },
      ]);
    const web = await place.run({ name: 'web', replicas: 1 });
    queue(40);
    const metric = { name: 'waiting', selector: { matchLabels: { queue: 'orders' } } };
    const external = { metric, target: { type: 'AverageValue', averageValue: '10' } };
    await place.autoscale(web, { minReplicas: 0, metrics: [{ type: 'External', external }] });
    await place.scalesTo(web, 4);
    await place.hasPods(web, 4);
    queue(0);
    await place.scalesTo(web, 0);
    queue(20);
    await place.scalesTo(web, 2);
  },

  'scales by a metric of its pods and by one of another object, whichever asks for more': async (place) => {
    const { metrics, api } = place.stage;
    const web = await place.run({ name: 'web', replicas: 2 });
    await api.create(`/api/v1/namespaces/${place.namespace}/services`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'front' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    metrics.podMetric(place.namespace, 'web', 'rps', () => 15_000);
    metrics.objectMetric(place.namespace, 'services/front', 'hits', () => 70_000);
    const pods = { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '15' } };
    const describedObject = { apiVersion: 'v1', kind: 'Service', name: 'front' };
    const object = {
      describedObject,
      metric: { name: 'hits' },
      target: { type: 'AverageValue', averageValue: '10' },
    };
    await place.autoscale(web, {
      metrics: [
        { type: 'Pods', pods },
        { type: 'Object', object },
      ],
    });
    await place.scalesTo(web, 7);
  },

  'counts pods that were never ready as idle when it scales up': async (place) => {
    const { metrics } = place.stage;
    const web = await place.run({ name: 'web', replicas: 4 }, (index) => (index < 2 ? ready : neverReady));
    metrics.usage(place.namespace, 'web', ({ index }) => used('app', { cpuMillis: index < 2 ? 75 : 500 }));
    await place.autoscale(web);
    await place.has('web', 'ScalingActive=True ValidMetricFound');
    await place.reads(3);
    expect(await place.replicas(web)).to.equal(4);
    place.stage.fleet.rule(place.namespace, 'web', () => ready);
    await place.scalesTo(web, 10);
  },

  'counts only the pods that the target owns, and names the others': async (place) => {
    const { api } = place.stage;
    const web = await place.run({ name: 'web', replicas: 2 });
    const stranger = { name: 'stranger', namespace: place.namespace, labels: { app: 'web' } };
    const spec = { containers: [{ name: 'bare', image: 'fleet' }] };
    await api.create(pods(place.namespace), { apiVersion: 'v1', kind: 'Pod', metadata: stranger, spec });
    place.load('web', 190);
    await place.autoscale(web, { podSelection: 'Owned' });
    await place.scalesTo(web, 4);
    await place.has('web', 'ForeignPods=True SelectorMatchesOthers');
  },

  'says that a target is not there, once, and scales it when it comes': async (place) => {
    const names = { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' };
    const later = { ...names, namespace: place.namespace, name: 'later' };
    await place.autoscale(later);
    await place.has('later', 'AbleToScale=False FailedGetScale');
    await place.event('later', /^FailedGetScale /);
    await place.run({ name: 'later', replicas: 2 });
    place.load('later', 140);
    await place.scalesTo(later, 3);
    const failures = (await place.events('later')).filter(({ reason }) => reason === 'FailedGetScale');
    expect(failures.length, 'one event, however often it happened').to.equal(1);
  },

  'leaves a target alone that an HPA scales too, and says so once': async (place) => {
    const { api } = place.stage;
    const web = await place.run({ name: 'web', replicas: 2 });
    place.load('web', 290);
    const hpas = path('autoscaling/v2', 'horizontalpodautoscalers', place.namespace);
    // Its metric has no value: it would scale to its bounds only.
    const external = { metric: { name: 'none' }, target: { type: 'Value', value: '1' } };
    await api.create(hpas, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'rival' },
      spec: { scaleTargetRef: reference(web), maxReplicas: 9, metrics: [{ type: 'External', external }] },
    });
    await place.autoscale(web);
    await place.has('web', 'ScalingActive=False AmbiguousTarget');
    await place.event('web', /^AmbiguousTarget .*rival/);
    expect(await place.replicas(web)).to.equal(2);
    const told = (await place.events('web')).filter(({ reason }) => reason === 'AmbiguousTarget');
    expect(told).to.have.length(1);
    await api.delete(`${hpas}/rival`);
    await place.scalesTo(web, 6);
  },

  'says that a selector of a metric is none, and scales by the other metric': async (place) => {
    const web = await place.run({ name: 'web', replicas: 2 });
    place.load('web', 190);
    const selector = { matchExpressions: [{ key: 'queue', operator: 'Near' }] };
    const external = { metric: { name: 'waiting', selector }, target: { type: 'Value', value: '1' } };
    await place.autoscale(web, { metrics: [cpuMetric, { type: 'External', external }] });
    await place.event('web', /^FailedGetExternalMetric /);
    await place.scalesTo(web, 4);
  },

  'started anew in the middle of a stabilization window scales down no earlier': async (place, operators) => {
    const web = await place.run({ name: 'web', replicas: 2 });
    place.load('web', 290);
    const behavior = { scaleDown: { stabilizationWindowSeconds: 600 } };
    const own = { selector: 'operator=own', namespace: place.namespace };
    const first = await operators.start(own);
    await place.autoscale(web, { behavior }, ownOperator);
    await place.scalesTo(web, 6);
    await place.hasPods(web, 6);
    place.load('web', 40);
    await place.has('web', 'AbleToScale=True ScaleDownStabilized');
    await first.stop('SIGKILL');
    await operators.start(own);
    await place.reads(4);
    expect(await place.replicas(web)).to.equal(6);
    await place.has('web', 'AbleToScale=True ScaleDownStabilized');
  },

  'goes on in another process when the leader is killed': async (place, operators) => {
    const web = await place.run({ name: 'web', replicas: 2 });
    place.load('web', 90);
    const flags = {
      selector: 'operator=pair',
      namespace: place.namespace,
      'leader-elect': 'true',
      'leader-elect-resource-namespace': systemNamespace,
      'leader-elect-resource-name': 'plimsoll',
      'leader-elect-lease-duration': '4s',
      'leader-elect-renew-deadline': '3s',
      'leader-elect-retry-period': '500ms',
    };
    const pair = await Promise.all(['one', 'two'].map((name) => operators.start(flags, { POD_NAME: name })));
    await place.autoscale(web, {}, { labels: { operator: 'pair' } });
    await place.has('web', 'ScalingActive=True ValidMetricFound');
    const lease = path('coordination.k8s.io/v1', 'leases', systemNamespace, 'plimsoll');
    const holder = async (): Promise<string> => {
      const { spec } = await place.stage.api.get(lease);
      return (spec as { holderIdentity?: string }).holderIdentity ?? '';
    };
    const first = await holder();
    await pair[first.startsWith('one') ? 0 : 1]!.stop('SIGKILL');
    place.load('web', 290);
    await place.scalesTo(web, 6);
    expect(await holder()).not.to.equal(first);
  },
};

/**
 * The operator as a process of its own against the API of a cluster. The cases run at the same time, each in its own namespace:
 * most of each is waiting for the next second.
 * @param open gives the stage; called before the first test
 */
export function integrationSuite(open: () => Promise<Stage>): void {
  const outcomes = new Map<string, Promise<void>>();
  let stage: Stage;
  let operators: Operators;

  before(async () => {
    stage = await open();
    operators = new Operators(stage);
    await operators.start({ selector: shared });
    for (const [name, run] of Object.entries(cases)) {
      const outcome = stage.namespace('it').then((namespace) => run(new Place(stage, namespace), operators));
      outcome.catch(() => undefined); // its own test tells
      outcomes.set(name, outcome);
    }
  });
  after(async () => operators.stop());

  for (const name of Object.keys(cases)) it(name, async () => outcomes.get(name));

  it('may do all that it did', () => {
    const refusals = stage.cluster.refusals();
    if (refusals !== undefined) expect(refusals).to.deep.equal([]);
  });

  it('had a fleet that did all that it should', async () => {
    await eventually('every case has ended', async () => Promise.allSettled(outcomes.values()));
    expect(stage.complaints).to.deep.equal([]);
  });
}
