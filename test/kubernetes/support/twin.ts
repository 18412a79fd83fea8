import { eventually } from '../../support/wait.ts';
import { path } from './api.ts';
import type { KubeObject } from './api.ts';
import type { Condition } from './place.ts';
import { Place } from './place.ts';
import { workloadPath } from './workloads.ts';
import type { Workload } from './workloads.ts';

/** Who scales a twin, and how it shows itself to the metrics server. */
export interface Scaler {
  readonly name: 'HPA' | 'Plimsoll';
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  /** A part of its User-Agent. */
  readonly agent: string;
  /** Reads of one metric a tick, at most: Plimsoll shares a list for half a sync period. */
  readonly readsPerTick: number;
}

export const scalers: readonly [Scaler, Scaler] = [
  {
    name: 'HPA',
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    agent: 'kube-controller-manager',
    readsPerTick: 1,
  },
  {
    name: 'Plimsoll',
    apiVersion: 'plimsoll.dev/v1',
    kind: 'CustomAutoscaler',
    plural: 'customautoscalers',
    agent: 'plimsoll',
    readsPerTick: 2,
  },
];

/** What a twin came to in one step. */
export interface StepResult {
  /** Each `spec.replicas` that followed another. */
  readonly replicas: readonly number[];
  readonly desiredReplicas: number;
  /** `AbleToScale=True ReadyForNewScale`, as they stand at the end. */
  readonly conditions: readonly string[];
  /** From the change to the last scale, in ms; undefined when nothing was scaled. */
  readonly tookMs: number | undefined;
}

interface Change {
  readonly atMs: number;
  readonly replicas: number;
}

/** The conditions that an HPA has. */
const conditionTypes = ['AbleToScale', 'ScalingActive', 'ScalingLimited'];

/** A workload in a namespace of its own, scaled by one of two; in all else the other's equal. */
export class Twin {
  readonly scaler: Scaler;
  readonly place: Place;
  readonly #stopping = new AbortController();
  readonly #changes: Change[] = [];
  #workload: Workload | undefined;
  #watching: Promise<void> = Promise.resolve();
  #metrics = 1;
  /** How many of the changes belong to steps that ended. */
  #told = 1;

  constructor(scaler: Scaler, place: Place) {
    this.scaler = scaler;
    this.place = place;
  }

  get #target(): Workload {
    if (this.#workload === undefined) throw new Error('the twin has no workload yet');
    return this.#workload;
  }

  /** Follows the replicas of a workload that runs, and has it scaled. */
  async scale(workload: Workload, spec: object): Promise<void> {
    const { api } = this.place.stage;
    this.#workload = workload;
    const see = (_type: string, object: KubeObject): void => {
      const { replicas } = object.spec as { replicas: number };
      if (replicas !== this.#changes.at(-1)?.replicas)
        this.#changes.push({ atMs: performance.now(), replicas });
    };
    const { apiVersion, plural, namespace } = workload;
    this.#watching = api.watch(path(apiVersion, plural, namespace), see, this.#stopping.signal);
    const { kind, apiVersion: ours } = this.scaler;
    const { name } = workload;
    const scaleTargetRef = { apiVersion: workload.apiVersion, kind: workload.kind, name };
    await eventually('the workload is watched', () => this.#changes.length > 0);
    this.#count(spec);
    await api.create(this.#path(), {
      apiVersion: ours,
      kind,
      metadata: { name, namespace },
      spec: { scaleTargetRef, ...spec },
    });
  }

  async edit(spec: object): Promise<void> {
    this.#count(spec);
    await this.place.stage.api.patch(this.#path(this.#target.name), { spec });
  }

  /** Changes the world, and waits until the scaler has seen it so often that nothing more comes of it. */
  async step(change: (twin: Twin) => void | Promise<void>, ticks: number): Promise<StepResult> {
    const startedMs = performance.now();
    await change(this);
    await this.#settle(ticks);
    const changes = this.#changes.slice(this.#told);
    this.#told = this.#changes.length;
    const { status } = await this.place.stage.api.get(this.#path(this.#target.name));
    const { conditions, desiredReplicas } = status as { conditions: Condition[]; desiredReplicas?: number };
    const last = changes.at(-1);
    return {
      replicas: changes.map(({ replicas }) => replicas),
      desiredReplicas: desiredReplicas ?? 0,
      conditions: conditions
        .filter(({ type }) => conditionTypes.includes(type))
        .map(({ type, status: value, reason }) => `${type}=${value} ${reason}`)
        .sort(),
      tookMs: last === undefined ? undefined : Math.max(0, Math.round(last.atMs - startedMs)),
    };
  }

  /** Type and reason of the events so far, each once; of a rescale the words as well. */
  async events(): Promise<readonly string[]> {
    const events = await this.place.events(this.#target.name, this.scaler.kind);
    const texts = events.map(
      ({ type, reason, message }) =>
        `${String(type)} ${String(reason)}${reason === 'SuccessfulRescale' ? ` ${String(message)}` : ''}`,
    );
    return [...new Set(texts)].sort();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#watching;
  }

  #path(...rest: string[]): string {
    return path(this.scaler.apiVersion, this.scaler.plural, this.place.namespace, ...rest);
  }

  /** An HPA reads each of its metrics each tick. */
  #count(spec: object): void {
    const { metrics } = spec as { metrics?: readonly unknown[] };
    if (metrics !== undefined) this.#metrics = metrics.length;
  }

  /** So many ticks in which neither the workload nor its pods changed. */
  async #settle(ticks: number): Promise<void> {
    const { fleet, metrics } = this.place.stage;
    const { namespace, agent } = { namespace: this.place.namespace, agent: this.scaler.agent };
    const enough = ticks * this.#metrics * this.scaler.readsPerTick;
    let quiet = { state: '', reads: 0 };
    await eventually(
      `${this.scaler.name} has settled in ${namespace}`,
      async () => {
        const { spec, status } = await this.place.stage.api.get(workloadPath(this.#target));
        const replicas = [spec as object, { ...(status as object) }].map(
          (part) => (part as { replicas?: number }).replicas ?? 0,
        );
        const running = fleet.podsOf(namespace, this.#target.name).map(({ metadata }) => metadata.name);
        const state = JSON.stringify([replicas, running]);
        const reads = metrics.reads(namespace, agent);
        const isComplete = replicas[0] === replicas[1] && running.length === replicas[0];
        if (state !== quiet.state || !isComplete) quiet = { state, reads };
        return reads - quiet.reads >= enough;
      },
      180_000,
    );
  }
}
