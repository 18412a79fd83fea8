import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import type { KubeObject } from '../../../src/devcluster/cluster-api.ts';
import type {
  Condition,
  Deployment,
  EndpointSlice,
  Pod,
  ReplicaSet,
} from '../../../src/devcluster/controllers/objects.ts';
import { isTerminating } from '../../../src/devcluster/controllers/metadata.ts';
import { isReady } from '../../../src/devcluster/controllers/pod-readiness.ts';
import { eventually } from '../../support/wait.ts';
import type { BareCluster, RecordedObject, RecordedStep } from './replayed-cluster.ts';
import { deployment, finishTerminating, makeReady, send, startBareCluster } from './replayed-cluster.ts';

const namespace = 'ctl';
const url = new URL('../../fixtures/kubernetes/controllers.jsonl', import.meta.url);
const steps = readFileSync(url, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as RecordedStep);

/** `rollover: step 2, pending pods become ready and terminating ones go`: how a roll-out gets to its end depends on who is first. */
const sequenceOf = (step: RecordedStep): string | undefined => /^(.*): step \d/.exec(step.step)?.[1];
const isLastOfSequence = (step: RecordedStep): boolean =>
  sequenceOf(step) !== sequenceOf(steps[steps.indexOf(step) + 1] ?? step) || steps.at(-1) === step;

/** Deployments that the recorder put in place before a step, by what its note says. */
const fresh: Readonly<
  Record<string, { image: string; replicas: number; strategy?: Deployment['spec']['strategy'] }>
> = {
  'rolling update (maxSurge 1': {
    image: 'nginx:1.27',
    replicas: 3,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  },
  paused: { image: 'nginx:1.31', replicas: 3 },
  'second revision': {
    image: 'nginx:1.27',
    replicas: 2,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  },
  'progressDeadlineSeconds 4': {
    image: 'nginx:1.27',
    replicas: 2,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  },
  Recreate: {
    image: 'nginx:1.27',
    replicas: 3,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  },
};

/** Which of our objects plays which recorded one. */
class Cast {
  readonly #names = new Map<string, string>();

  set(recorded: string, ours: string): void {
    this.#names.set(recorded, ours);
  }

  /** A ReplicaSet's name ends with the hash, which stands alone in labels. */
  setReplicaSet(recorded: string, ours: string): void {
    this.set(recorded, ours);
    const [hash, ourHash] = [recorded, ours].map((name) => name.split('-').at(-1) ?? '');
    if (hash && ourHash && recorded.includes('-')) this.set(hash, ourHash);
  }

  ours(recorded: string): string {
    return this.#names.get(recorded) ?? recorded;
  }

  has(recorded: string): boolean {
    return this.#names.has(recorded);
  }

  plays(ours: string): boolean {
    return [...this.#names.values()].includes(ours);
  }

  swap(one: string, other: string): void {
    const [a, b] = [this.ours(one), this.ours(other)];
    this.set(one, b);
    this.set(other, a);
  }

  /** In any text, longest names first. */
  translate<T>(value: T): T {
    let text = JSON.stringify(value);
    const longestFirst = [...this.#names].sort(([a], [b]) => b.length - a.length);
    for (const [recorded, ours] of longestFirst) text = text.replaceAll(recorded, ours);
    return JSON.parse(text) as T;
  }
}

const names = (step: RecordedStep, kind: string): string[] =>
  Object.keys(step.objects)
    .filter((key) => key.startsWith(`${kind}/`))
    .map((key) => key.slice(kind.length + 1));

const byAge = (objects: KubeObject[], order: Map<string, number>): KubeObject[] =>
  objects.sort((a, b) => (order.get(a.metadata.uid ?? '') ?? 0) - (order.get(b.metadata.uid ?? '') ?? 0));

describe("the controllers do as Kubernetes' do, step by step", function () {
  this.timeout(60_000);
  let cluster: BareCluster;
  const cast = new Cast();
  /** uid -> how many objects came before. */
  const order = new Map<string, number>();
  const watches: { stop(): void }[] = [];
  let changes = 0;

  before(async () => {
    cluster = await startBareCluster();
    cluster.api.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    for (const resource of ['pods', 'replicasets.apps', 'deployments.apps']) {
      watches.push(
        cluster.api.watch(resource, ({ type, object }) => {
          changes += 1;
          if (type === 'ADDED') order.set(object.metadata.uid ?? '', order.size);
        }),
      );
    }
  });

  after(() => {
    for (const watch of watches) watch.stop();
    cluster.stop();
  });

  /** Casts new ReplicaSets and pods, each in the order in which they came. */
  function assign(step: RecordedStep): void {
    const { api } = cluster;
    const sets = byAge(api.list('replicasets.apps', { namespace }), order).filter(
      ({ metadata }) => !cast.plays(metadata.name),
    );
    for (const recorded of names(step, 'ReplicaSet')) {
      if (cast.has(recorded)) continue;
      const image = step.objects[`ReplicaSet/${recorded}`]?.image;
      const index = sets.findIndex(
        (set) => (set as ReplicaSet).spec.template.spec.containers[0]?.image === image,
      );
      const [ours] = index === -1 ? [] : sets.splice(index, 1);
      if (ours) cast.setReplicaSet(recorded, ours.metadata.name);
    }
    for (const recorded of names(step, 'Pod').sort((a, b) => randomNumber(a) - randomNumber(b))) {
      if (cast.has(recorded) || step.objects[`Pod/${recorded}`] === null) continue;
      const prefix = cast.ours(recorded.replace(/-<rand\d+>$/, ''));
      const ours = byAge(api.list('pods', { namespace }), order).find(
        ({ metadata }) => metadata.name.startsWith(`${prefix}-`) && !cast.plays(metadata.name),
      );
      if (ours) cast.set(recorded, ours.metadata.name);
    }
    swapTies(step);
  }

  const randomNumber = (name: string): number => Number(/<rand(\d+)>/.exec(name)?.[1] ?? 0);

  /** Where Kubernetes chose by UID among equal pods, ours may have chosen another: that one plays the part then. */
  function swapTies(step: RecordedStep): void {
    if (steps.indexOf(step) < 27) return;
    const pods = new Map(cluster.api.list('pods', { namespace }).map((pod) => [pod.metadata.name, pod]));
    const isLeaving = (name: string): boolean => {
      const pod = pods.get(cast.ours(name));
      return pod === undefined || isTerminating(pod);
    };
    const recordedLeaving = (name: string): boolean => step.objects[`Pod/${name}`]?.terminating !== false;
    for (const name of names(step, 'Pod')) {
      if (!recordedLeaving(name) || isLeaving(name)) continue;
      const prefix = name.replace(/<rand\d+>$/, '');
      const other = knownPods(prefix).find(
        (one) => isLeaving(one) && !wentBefore.has(one) && !names(step, 'Pod').includes(one),
      );
      if (other !== undefined) cast.swap(name, other);
    }
  }

  const seenPods = new Set<string>();
  const wentBefore = new Set<string>();
  const knownPods = (prefix: string): string[] => [...seenPods].filter((name) => name.startsWith(prefix));

  async function putInPlace(step: RecordedStep): Promise<void> {
    const { api } = cluster;
    const found = Object.entries(fresh).find(([start]) => step.step.startsWith(start));
    if (!found || !step.note?.includes('fresh Deployment')) return;
    const [, { image, replicas, strategy }] = found;
    api.delete('deployments.apps', namespace, 'web');
    await eventually('the old deployment has gone', () => {
      finishTerminating(api);
      return (
        api.list('pods', { namespace }).length === 0 &&
        api.list('replicasets.apps', { namespace }).length === 0
      );
    });
    api.create(
      'deployments.apps',
      deployment({ namespace, image, spec: { replicas, ...(strategy && { strategy }) } }),
    );
    await eventually('the fresh pods are there', () => api.list('pods', { namespace }).length === replicas);
    for (const [index, pod] of api.list('pods', { namespace }).entries())
      makeReady(api, pod as Pod, `n${1 + (index % 2)}`);
    await eventually('the fresh deployment is complete', () => {
      const { status } = api.get('deployments.apps', namespace, 'web') as Deployment;
      return status?.conditions?.some(({ reason }) => reason === 'NewReplicaSetAvailable');
    });
    for (const name of seenPods) wentBefore.add(name);
    castFresh(step);
  }

  /** The fresh pods bear the highest numbers below those that the step goes on with. */
  function castFresh(step: RecordedStep): void {
    const later = steps.slice(steps.indexOf(step));
    const [set] = cluster.api.list('replicasets.apps', { namespace });
    const recorded = later
      .flatMap((one) => names(one, 'ReplicaSet'))
      .find((name) => cast.ours(name) === set?.metadata.name);
    const recordedSet = recorded ?? names(step, 'ReplicaSet')[0] ?? '';
    if (set) cast.setReplicaSet(recordedSet, set.metadata.name);
    const pods = byAge(cluster.api.list('pods', { namespace }), order);
    const touched = later
      .flatMap((one) => one.requests.map(({ path }) => /pods\/([^/]+)/.exec(path)?.[1] ?? ''))
      .concat(later.flatMap((one) => names(one, 'Pod')))
      .filter((name) => name.startsWith(`${recordedSet}-`) && !seenPods.has(name));
    const unseen = [...new Set(touched)].sort((a, b) => randomNumber(a) - randomNumber(b));
    pods.forEach((pod, index) => {
      const name = unseen[index];
      if (name === undefined) return;
      cast.set(name, pod.metadata.name);
      seenPods.add(name);
    });
  }

  /** Lets the controllers finish what a request set off. */
  async function settled(): Promise<void> {
    let quietTurns = 0;
    for (let before = changes; quietTurns < 10; before = changes) {
      await new Promise((resolve) => setImmediate(resolve));
      quietTurns = changes === before ? quietTurns + 1 : 0;
    }
  }

  /** Plays scheduler and kubelet until the state is that of the sequence's end. */
  async function playToTheEnd(sequence: readonly RecordedStep[]): Promise<void> {
    const { api } = cluster;
    const [last] = sequence.slice(-1);
    await eventually('the roll-out ends as recorded', async () => {
      finishTerminating(api);
      for (const pod of api.list('pods', { namespace })) {
        if (!isReady(pod as Pod) && !isTerminating(pod)) makeReady(api, pod as Pod);
      }
      await settled();
      for (const step of sequence) assign(step);
      return last !== undefined && workloadDifferences(last).length === 0;
    });
  }

  function remember(step: RecordedStep): void {
    for (const name of names(step, 'Pod')) {
      seenPods.add(name);
      if (step.objects[`Pod/${name}`] === null) wentBefore.add(name);
    }
  }

  for (const step of steps) {
    const sequence = sequenceOf(step);
    if (sequence === undefined) it(step.step, () => replay(step));
    else if (isLastOfSequence(step)) {
      const all = steps.filter((one) => sequenceOf(one) === sequence);
      it(`${sequence}: to its end`, async () => {
        await playToTheEnd(all);
        all.forEach(remember);
      });
    }
  }

  async function replay(step: RecordedStep): Promise<void> {
    await putInPlace(step);
    for (const request of step.requests) {
      await eventually(`${request.method} ${request.path}`, () => {
        assign(step);
        const translated = cast.translate(request);
        return translated.path.includes('<rand') ? undefined : (send(cluster.api, translated), true);
      });
      await settled();
    }
    await eventually('the state is as recorded', () => {
      assign(step);
      return differences(step).length === 0;
    }).catch(() => {
      expect(differences(step)).to.deep.equal([]);
    });
    remember(step);
  }

  const workloadDifferences = (step: RecordedStep): unknown[] =>
    objectDifferences(
      step,
      Object.keys(step.objects).filter((key) => !key.startsWith('Pod/') && !key.startsWith('EndpointSlice/')),
    );

  function objectDifferences(step: RecordedStep, keys: readonly string[]): unknown[] {
    return keys.flatMap((key) => {
      const isEnd = sequenceOf(step) !== undefined;
      const ours = isEnd ? withoutGeneration(current(key)) : current(key);
      const recorded = cast.translate(step.objects[key] ?? null);
      const wanted = isEnd ? withoutGeneration(recorded) : recorded;
      return same(ours, wanted) ? [] : [{ key: cast.translate(key), ours, wanted }];
    });
  }

  function differences(step: RecordedStep): unknown[] {
    const wrong = objectDifferences(step, Object.keys(step.objects));
    const told = new Set(
      cluster.api
        .list('events', { namespace })
        .map((event) =>
          eventText([
            (event.involvedObject as { kind: string }).kind,
            String(event.type),
            String(event.reason),
            String(event.message),
          ]),
        ),
    );
    const missing = step.events
      .map((event) => eventText(cast.translate(event)))
      .filter((text) => !told.has(text));
    return [...wrong, ...missing.map((event) => ({ missing: event }))];
  }

  /** Which pod it was is left out: equal ones are as good. So is client-go's joining of many similar events into one. */
  function eventText(event: readonly string[]): string {
    return event
      .join(' ')
      .replace('(combined from similar events): ', '')
      .replace(/(pod: .*-)[^-]+$/, '$1*');
  }

  function same(ours: RecordedObject, wanted: RecordedObject): boolean {
    const text = (state: RecordedObject): string => JSON.stringify(sorted(state)).replaceAll(...alike);
    return text(ours) === text(wanted);
  }

  function current(key: string): RecordedObject {
    const [kind = '', recorded = ''] = key.split('/');
    const name = cast.ours(recorded);
    if (kind === 'EndpointSlice') {
      const [slice] = cluster.api.list('endpointslices.discovery.k8s.io', { namespace });
      return slice ? sliceState(slice as EndpointSlice) : null;
    }
    const resource =
      { Deployment: 'deployments.apps', ReplicaSet: 'replicasets.apps', Pod: 'pods' }[kind] ?? '';
    const object = cluster.api.get(resource, namespace, name);
    return object ? (states[kind]?.(object) ?? null) : null;
  }
});

/** How often a set was resized on the way is left out. */
function withoutGeneration(state: RecordedObject): RecordedObject {
  const status = { ...(state?.status as Record<string, unknown> | undefined) };
  Reflect.deleteProperty(status, 'observedGeneration');
  return state && { ...state, status };
}

/** Which of these two a roll-out's beginning shows depends on how many status writes merge into one. */
const alike = ['NewReplicaSetCreated', 'ReplicaSetUpdated'] as const;

const states: Readonly<Record<string, (object: KubeObject) => RecordedObject>> = {
  Deployment: (object) => ({
    ...workloadState(object),
    conditions: conditionsOf((object as Deployment).status?.conditions),
  }),
  ReplicaSet: (object) => ({
    ...workloadState(object),
    image: (object as ReplicaSet).spec.template.spec.containers[0]?.image,
    owned: (object.metadata.ownerReferences ?? []).length > 0,
  }),
  Pod: (object) => {
    const { metadata, status } = object as Pod;
    return {
      owned: (metadata.ownerReferences ?? []).length > 0,
      labels: metadata.labels ?? {},
      terminating: isTerminating(object),
      phase: status?.phase,
    };
  },
};

function workloadState(object: KubeObject): Record<string, unknown> {
  const status = { ...(object.status as Record<string, unknown> | undefined) };
  Reflect.deleteProperty(status, 'conditions');
  const { annotations = {}, finalizers = [] } = object.metadata;
  return { annotations, finalizers, status, replicas: (object.spec as { replicas: number }).replicas };
}

function conditionsOf(conditions: readonly Condition[] = []): string[][] {
  return conditions.map(({ type, status, reason = '' }) => [type, status, reason]).sort();
}

function sliceState({ metadata, ports, endpoints }: EndpointSlice): RecordedObject {
  const states = (endpoints ?? []).map(({ conditions: { ready, serving, terminating } }) => [
    ready,
    serving,
    terminating,
  ]);
  return { labels: metadata.labels, ports: ports ?? null, endpoints: states.sort() };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, sorted(field)]),
  );
}
