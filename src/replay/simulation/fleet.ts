import type { PodFacts } from '../../decide/snapshot.ts';
import type { Random } from '../../lib/random.ts';
import type { App } from './model.ts';

/** How long a pod is ready when its port opens before it is warm. */
const firstReadyMs = 5000;

/** A pod, and what it has done since its start. */
export interface SimulatedPod {
  readonly name: string;
  readonly startedAtMs: number;
  readonly readyFromMs: number;
  /** Ready for a moment before that. */
  readonly firstReadyAtMs: number | undefined;
  /** Millicores times seconds. */
  cpuUsed: number;
  /** Bytes in use now. */
  memoryBytes: number;
  served: number;
}

/** The pods of the target: a scale-up starts some at once, a scale-down takes the youngest away, those not ready first. */
export class Fleet {
  readonly #app: App;
  readonly #random: Random;
  readonly #container: string;
  #pods: SimulatedPod[] = [];
  #made = 0;

  /** @param container what the container of each pod is called */
  constructor(app: App, random: Random, container: string) {
    this.#app = app;
    this.#random = random;
    this.#container = container;
  }

  get pods(): readonly SimulatedPod[] {
    return this.#pods;
  }

  get size(): number {
    return this.#pods.length;
  }

  ready(nowMs: number): readonly SimulatedPod[] {
    return this.#pods.filter((pod) => isReady(pod, nowMs));
  }

  /** Pods that have run for a long time. */
  begin(replicas: number, nowMs: number): void {
    const longAgoMs = nowMs - 24 * 3_600_000;
    while (this.#pods.length < replicas) this.#pods.push(this.#podFrom(longAgoMs));
  }

  scaleTo(replicas: number, nowMs: number): void {
    while (this.#pods.length < replicas) this.#pods.push(this.#podFrom(nowMs));
    const waitsFirst = (a: SimulatedPod, b: SimulatedPod): number =>
      Number(isReady(b, nowMs)) - Number(isReady(a, nowMs)) || a.startedAtMs - b.startedAtMs;
    if (this.#pods.length > replicas) this.#pods = this.#pods.toSorted(waitsFirst).slice(0, replicas);
  }

  /** As the API server shows them. */
  facts(nowMs: number): PodFacts[] {
    return this.#pods.map((pod) => this.#factsOf(pod, nowMs));
  }

  #podFrom(startedAtMs: number): SimulatedPod {
    const { start, memory } = this.#app;
    const seconds = start.readySeconds + start.spreadSeconds * this.#random();
    this.#made += 1;
    return {
      name: `web-${this.#made}`,
      startedAtMs,
      readyFromMs: startedAtMs + Math.round(seconds * 1000),
      firstReadyAtMs:
        start.firstReadySeconds === undefined ? undefined : startedAtMs + start.firstReadySeconds * 1000,
      cpuUsed: 0,
      memoryBytes: memory.idleBytes,
      served: 0,
    };
  }

  #factsOf(pod: SimulatedPod, nowMs: number): PodFacts {
    const { cpuRequestMillis, memory } = this.#app;
    const requests = { cpu: cpuRequestMillis, memory: memory.requestBytes * 1000 };
    return {
      name: pod.name,
      phase: 'Running',
      deleting: false,
      createdAtMs: pod.startedAtMs,
      startedAtMs: pod.startedAtMs,
      ready: { status: isReady(pod, nowMs) ? 'True' : 'False', sinceMs: readySinceMs(pod, nowMs) },
      containers: [{ name: this.#container, requests }],
      initContainers: [],
      labels: { app: 'web' },
      ownerUid,
    };
  }
}

/** Of the ReplicaSet that owns the pods. */
export const ownerUid = 'replicaset';

export function isReady({ readyFromMs, firstReadyAtMs }: SimulatedPod, nowMs: number): boolean {
  if (nowMs >= readyFromMs) return true;
  return firstReadyAtMs !== undefined && nowMs >= firstReadyAtMs && nowMs < firstReadyAtMs + firstReadyMs;
}

/** When its Ready condition changed last. */
function readySinceMs({ startedAtMs, readyFromMs, firstReadyAtMs }: SimulatedPod, nowMs: number): number {
  if (nowMs >= readyFromMs) return readyFromMs;
  if (firstReadyAtMs === undefined || nowMs < firstReadyAtMs) return startedAtMs;
  return nowMs < firstReadyAtMs + firstReadyMs ? firstReadyAtMs : firstReadyAtMs + firstReadyMs;
}
