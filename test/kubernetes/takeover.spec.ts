import { expect } from 'chai';
import { Plimsoll, plimsoll } from '../support/processes.ts';
import { eventually } from '../support/wait.ts';
import { autoscalers, path } from './support/api.ts';
import type { KubeObject } from './support/api.ts';
import { Operators } from './support/operator.ts';
import { cpuMetric, Place } from './support/place.ts';
import { sharedStage } from './support/shared-stage.ts';
import type { Stage } from './support/stage.ts';
import { reference } from './support/workloads.ts';
import type { Workload } from './support/workloads.ts';

/** Millicores by which 50 % of 100 m asks for so many pods, however many share them. */
const cpuFor = (pods: number): number => pods * 50 - 10;

describe('a live HorizontalPodAutoscaler on a real control plane', function () {
  this.timeout(300_000);
  let stage: Stage;
  let operators: Operators | undefined;
  const watching: (() => Promise<void>)[] = [];

  before(async function () {
    stage = await sharedStage();
    if (!stage.cluster.runsHpa) return this.skip();
    operators = new Operators(stage);
    await operators.start({ 'status-metrics-interval': '1s' });
  });
  after(async () => {
    await Promise.all(watching.map((stop) => stop()));
    await operators?.stop();
  });

  interface Scaled {
    readonly place: Place;
    readonly web: Workload;
    /** Each `spec.replicas` that followed another, and what the Deployment's generation was then. */
    readonly changes: string[];
  }

  /** A Deployment that the HPA has scaled to `pods` by its load. */
  async function scaledByHpa(pods: number): Promise<Scaled> {
    const place = new Place(stage, await stage.namespace('takeover'));
    const web = await place.run({ name: 'web', replicas: 2 });
    place.load('web', cpuFor(pods));
    await stage.api.create(hpas(place), {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: place.namespace, labels: { team: 'shop' } },
      spec: { scaleTargetRef: reference(web), minReplicas: 1, maxReplicas: 10, metrics: [cpuMetric] },
    });
    await settles(place, web, pods);
    const changes = follow(place);
    await eventually('the Deployment is watched', () => changes.length > 0);
    return { place, web, changes };
  }

  const hpas = ({ namespace }: Place, ...rest: string[]): string =>
    path('autoscaling/v2', 'horizontalpodautoscalers', namespace, ...rest);

  async function settles(place: Place, web: Workload, pods: number): Promise<void> {
    await place.scalesTo(web, pods);
    await place.hasPods(web, pods);
  }

  function follow({ namespace }: Place): string[] {
    const changes: string[] = [];
    const stopping = new AbortController();
    const see = (_type: string, { spec, metadata }: KubeObject): void => {
      const state = `${(spec as { replicas: number }).replicas} in generation ${String(metadata.generation)}`;
      if (changes.at(-1) !== state) changes.push(state);
    };
    const done = stage.api.watch(path('apps/v1', 'deployments', namespace), see, stopping.signal);
    watching.push(async () => {
      stopping.abort();
      await done;
    });
    return changes;
  }

  const flags = ({ namespace }: Place): string[] => [
    ...['-n', namespace, '--kubeconfig', stage.cluster.kubeconfig],
  ];
  const takeover = ['takeover', 'hpa/web', '--confirm', '--min-ticks', '4', '--min-agreement', '50'];
  const handback = ['handback', 'web', '--confirm'];

  async function runs(args: readonly string[], place: Place): Promise<object> {
    const { code, stdout, stderr } = await plimsoll([...args, ...flags(place), '-o', 'json']);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout) as object;
  }

  const hpaOf = (place: Place): Promise<KubeObject | undefined> => stage.api.find(hpas(place, 'web'));
  const autoscalerOf = (place: Place): Promise<KubeObject | undefined> =>
    stage.api.find(autoscalers(place.namespace, 'web'));

  async function isTakenOver(place: Place): Promise<void> {
    expect(await hpaOf(place)).to.equal(undefined);
    expect((await autoscalerOf(place))?.spec).to.include({ mode: 'Active' });
  }

  /** So many more looks at the metrics, by whoever scales. */
  async function looks(place: Place, agent: string, times = 4): Promise<void> {
    const { metrics } = stage;
    const before = metrics.reads(place.namespace, agent);
    await eventually(`${agent} looks ${times} times`, () => {
      return metrics.reads(place.namespace, agent) >= before + times;
    });
  }

  it('is taken over and handed back under a load that changes, and the switch moves no replica', async () => {
    const { place, web, changes } = await scaledByHpa(4);
    await runs(['takeover', 'hpa/web'], place);
    place.load('web', cpuFor(6)); // the HPA goes on beside the shadow
    await settles(place, web, 6);

    const before = [...changes];
    const kept = await hpaOf(place);
    expect(await runs(takeover, place)).to.deep.include({ state: 'TakenOver', mode: 'Active' });
    await isTakenOver(place);
    await looks(place, 'plimsoll', 8);
    expect(changes, 'through the switch').to.deep.equal(before);

    place.load('web', cpuFor(9));
    await settles(place, web, 9);
    place.load('web', cpuFor(3));
    await settles(place, web, 3);
    await place.event('web', /^SuccessfulRescale New size: 9/);

    const until = [...changes];
    expect(await runs(handback, place)).to.deep.include({ state: 'HandedBack' });
    expect(await autoscalerOf(place)).to.equal(undefined);
    const back = await hpaOf(place);
    expect(back?.spec).to.deep.equal(kept?.spec);
    expect(back?.metadata.labels).to.deep.equal({ team: 'shop' });
    await looks(place, 'kube-controller-manager', 6);
    expect(changes, 'through the way back').to.deep.equal(until);
    place.load('web', cpuFor(7));
    await settles(place, web, 7);
  });

  /** By the line that tells of it, each step at which the command is killed. */
  const kills: Readonly<
    Record<string, { readonly args: readonly string[]; readonly at: readonly RegExp[] }>
  > = {
    takeover: {
      args: takeover,
      at: [/creating CustomAutoscaler/, /comparing/, /making .* Active/, /removing Horizontal/],
    },
    handback: { args: handback, at: [/creating Horizontal/, /removing CustomAutoscaler/] },
  };

  it('ends in a clean state when the command is killed at each step, and run again', async () => {
    const { place, changes } = await scaledByHpa(5);
    const before = [...changes];
    for (const { args, at } of Object.values(kills))
      for (const line of at) {
        const command = new Plimsoll([...args, ...flags(place)]);
        await command.told(line);
        await command.stop('SIGKILL');
        await runs(args, place);
        const isBack = args === handback;
        expect((await hpaOf(place)) !== undefined, String(line)).to.equal(isBack);
        expect((await autoscalerOf(place)) !== undefined, String(line)).to.equal(!isBack);
        // The next line is reached only from the other state.
        if (line !== at.at(-1)) await runs(isBack ? takeover : handback, place);
      }
    await looks(place, 'kube-controller-manager', 6);
    expect(changes).to.deep.equal(before);
  });
});
