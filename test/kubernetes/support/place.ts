import { expect } from 'chai';
import type { WireStatus } from '../../../src/api/status.ts';
import { eventually } from '../../support/wait.ts';
import { autoscalers, path } from './api.ts';
import type { KubeObject } from './api.ts';
import type { Rule } from './fleet.ts';
import type { Usage, UsageOf } from './metrics-server.ts';
import type { Stage } from './stage.ts';
import { createWorkload, reference, replicasOf, workloadPath } from './workloads.ts';
import type { Workload, WorkloadOptions } from './workloads.ts';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** 50 % of the CPU that the pods ask for. */
export const cpuMetric = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
} as const;

const mebi = 1024 * 1024;

/**
 * A load in millicores that all pods of an app share evenly, as behind a balancer. As an autoscaler rounds each pod's share up, a
 * total that is a little less than a multiple of the target gives the same count however many pods share it at the moment.
 */
export function sharedCpu(totalMillis: number, container = 'app'): UsageOf {
  return ({ count }) => used(container, { cpuMillis: totalMillis / Math.max(1, count) });
}

/** What one container uses. */
export function used(container: string, use: { cpuMillis?: number; memoryMebibytes?: number }): Usage {
  const { cpuMillis = 0, memoryMebibytes = 10 } = use;
  return { [container]: { cpuNano: cpuMillis * 1e6, memoryBytes: memoryMebibytes * mebi } };
}

/** A namespace with workloads, their autoscalers and their metrics: what one test works with. */
export class Place {
  readonly stage: Stage;
  readonly namespace: string;

  constructor(stage: Stage, namespace: string) {
    this.stage = stage;
    this.namespace = namespace;
  }

  /** Creates a workload and waits until the fleet runs all of its pods. */
  async run(options: WorkloadOptions, rule?: Rule): Promise<Workload> {
    if (rule !== undefined) this.stage.fleet.rule(this.namespace, options.name, rule);
    const workload = await createWorkload(this.stage.api, this.namespace, options);
    await this.hasPods(workload, options.replicas);
    return workload;
  }

  /** Waits until a workload has as many pods, and says so. */
  async hasPods(workload: Workload, count: number): Promise<void> {
    const { api, fleet } = this.stage;
    await eventually(`${workload.name} has ${count} pods`, async () => {
      if (fleet.podsOf(this.namespace, workload.name).length !== count) return false;
      const { status } = await api.get(workloadPath(workload));
      return ((status as { replicas?: number } | undefined)?.replicas ?? 0) === count;
    });
  }

  /** Creates a CustomAutoscaler of the same name; by CPU, between 1 and 10, unless told otherwise. */
  async autoscale(workload: Workload, spec: object = {}, metadata: object = {}): Promise<void> {
    await this.stage.api.create(autoscalers(this.namespace), {
      apiVersion: 'plimsoll.dev/v1',
      kind: 'CustomAutoscaler',
      metadata: { name: workload.name, namespace: this.namespace, ...metadata },
      spec: {
        scaleTargetRef: reference(workload),
        minReplicas: 1,
        maxReplicas: 10,
        metrics: [cpuMetric],
        ...spec,
      },
    });
  }

  async edit(name: string, spec: object): Promise<void> {
    await this.stage.api.patch(autoscalers(this.namespace, name), { spec });
  }

  /** All pods of an app share so much CPU. */
  load(app: string, totalMillis: number): void {
    this.stage.metrics.usage(this.namespace, app, sharedCpu(totalMillis));
  }

  /** An external metric of one series. @param timestamp of its sample; now, where it is absent */
  external(metric: string, value: number, timestamp?: string): void {
    const series = { labels: {}, milli: value * 1000, ...(timestamp !== undefined && { timestamp }) };
    this.stage.metrics.externalMetric(this.namespace, metric, () => [series]);
  }

  /** The same count in the next three decisions. */
  async stays(workload: Workload, count: number): Promise<void> {
    await this.reads(3);
    expect(await this.replicas(workload), workload.name).to.equal(count);
  }

  async status(name: string): Promise<WireStatus> {
    const { status } = await this.stage.api.get(autoscalers(this.namespace, name));
    return (status ?? {}) as WireStatus;
  }

  async replicas(workload: Workload): Promise<number> {
    return replicasOf(this.stage.api, workload);
  }

  async scalesTo(workload: Workload, count: number): Promise<void> {
    await eventually(
      `${workload.name} is scaled to ${count}`,
      async () => (await this.replicas(workload)) === count,
    );
  }

  /** Waits until the operator has read metrics of this namespace so many times more. */
  async reads(times: number): Promise<void> {
    const { metrics } = this.stage;
    const before = metrics.reads(this.namespace, 'plimsoll');
    await eventually(
      `the operator reads metrics ${times} times`,
      () => metrics.reads(this.namespace, 'plimsoll') >= before + times,
    );
  }

  async conditions(name: string): Promise<readonly Condition[]> {
    const { status } = await this.stage.api.get(autoscalers(this.namespace, name));
    return (status as { conditions?: Condition[] } | undefined)?.conditions ?? [];
  }

  /** Waits until a condition is as said: `AbleToScale=False FailedGetScale`. */
  async has(name: string, condition: string): Promise<void> {
    await eventually(`${name} has the condition ${condition}`, async () =>
      (await this.conditions(name)).some(
        ({ type, status, reason }) => `${type}=${status} ${reason}` === condition,
      ),
    );
  }

  /** Waits until the status says why in such words. */
  async decides(name: string, reason: RegExp): Promise<void> {
    await eventually(`${name} is told to be decided ${String(reason)}`, async () => {
      const { status } = await this.stage.api.get(autoscalers(this.namespace, name));
      const { decision } = (status ?? {}) as { decision?: { reason?: string } };
      return reason.test(decision?.reason ?? '');
    });
  }

  /** Events of an autoscaler as core/v1, where kubectl looks. */
  async events(name: string, kind = 'CustomAutoscaler'): Promise<KubeObject[]> {
    return this.stage.api.list(path('v1', 'events', this.namespace), {
      fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name}`,
    });
  }

  /** Waits for an event. @param text of its reason and message */
  async event(name: string, text: RegExp): Promise<KubeObject> {
    return eventually(`${name} has an event ${String(text)}`, async () =>
      (await this.events(name)).find(({ reason, message }) =>
        text.test(`${String(reason)} ${String(message)}`),
      ),
    );
  }
}
