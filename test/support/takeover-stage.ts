import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '../../src/kube/client.ts';
import type { Pair } from '../../src/migrate/takeover/carry-out.ts';
import { play } from '../../src/migrate/takeover/play.ts';
import type { Scene } from '../../src/migrate/takeover/scene.ts';
import { handbackStep, takeoverStep, type Step } from '../../src/migrate/takeover/steps.ts';
import type { KubeObject } from '../../src/devcluster/cluster-api.ts';
import { TestCluster } from './cluster.ts';
import { clientOf } from './local-api.ts';
import { RunningOperator } from './running-operator.ts';

export const hpaResource = 'horizontalpodautoscalers.autoscaling';
export const autoscalerResource = 'customautoscalers.plimsoll.dev';

/** An HPA at 50 % of CPU beside a Deployment of the same name, as the API server completes it. */
export function hpaOf(name: string, metadata: object = {}, spec: object = {}): KubeObject {
  const target = { type: 'Utilization', averageUtilization: 50 };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace: 'default', ...metadata },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
      ...spec,
    },
  };
}

/** Plays the HPA's controller: it wants so many, by its metrics. */
export function hpaWants(
  cluster: TestCluster,
  name: string,
  desiredReplicas: number,
  namespace = 'default',
): void {
  const condition = (type: string, status: string, reason: string) => ({
    ...{ type, status, reason, message: `${reason} it is`, lastTransitionTime: '2026-01-01T00:00:00Z' },
  });
  const conditions = [
    condition('AbleToScale', 'True', 'ReadyForNewScale'),
    condition('ScalingActive', 'True', 'ValidMetricFound'),
    condition('ScalingLimited', 'False', 'DesiredWithinRange'),
  ];
  const status = { currentReplicas: 2, desiredReplicas, currentMetrics: null, conditions };
  cluster.api.patch(hpaResource, namespace, name, 'merge', { status }, 'status');
}

/** A Deployment beside an HPA. */
interface Beside {
  readonly replicas: number;
  /** What each of its pods uses. */
  readonly cpuMillis: number;
  /** What the HPA's controller wants. */
  readonly wants: number;
  /** Of the HPA. */
  readonly metadata?: object;
}

/** Where takeovers are played: a cluster, an operator that decides five times a second, and a client. */
export class TakeoverStage {
  readonly cluster: TestCluster;
  readonly client: KubeClient;
  readonly #operator: RunningOperator;

  private constructor(cluster: TestCluster, operator: RunningOperator) {
    this.cluster = cluster;
    this.#operator = operator;
    this.client = clientOf(cluster.server.url);
  }

  static async start(): Promise<TakeoverStage> {
    const cluster = await TestCluster.start();
    const often = { syncPeriodMs: 200, statusMetricsIntervalMs: 1 };
    return new TakeoverStage(cluster, await RunningOperator.start(cluster.server.url, often));
  }

  /** Sets up a Deployment with an HPA of the same name. */
  place(name: string, { replicas, cpuMillis, wants, metadata }: Beside): void {
    this.cluster.deploy(name, replicas);
    this.cluster.load(name, cpuMillis);
    this.cluster.api.create(hpaResource, hpaOf(name, metadata));
    hpaWants(this.cluster, name, wants);
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.#operator.stop();
    await this.cluster.close();
  }
}

/** One evaluation that agrees is enough. */
const agreement = { ticks: 1, ratio: 1 };

interface PlayedPair {
  readonly client: KubeClient;
  readonly name: string;
  readonly signal?: AbortSignal;
}

async function played(
  { client, name, signal = AbortSignal.timeout(60_000) }: PlayedPair,
  next: (scene: Scene) => Step,
): Promise<Step[]> {
  const pair: Pair = { client, namespace: 'default', name, signal };
  const steps: Step[] = [];
  for await (const { step } of play(pair, { next, pause: () => sleep(20, undefined, { signal }) }))
    if (steps.at(-1) !== step) steps.push(step);
  return steps;
}

/** A takeover as the command plays it, looking more often. @returns its steps, each once */
export async function playTakeover(pair: PlayedPair, confirm = true): Promise<Step[]> {
  const options = { reference: `hpa/${pair.name}`, namespace: 'default', confirm, agreement };
  return played(pair, (scene) => takeoverStep(scene, options));
}

/** A handback as the command plays it. @returns its steps */
export async function playHandback(pair: PlayedPair): Promise<Step[]> {
  return played(pair, (scene) =>
    handbackStep(scene, { name: pair.name, namespace: 'default', confirm: true }),
  );
}
