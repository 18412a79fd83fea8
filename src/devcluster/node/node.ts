import type { ClusterApi, LogSource, MetricsSource } from '../cluster-api.ts';
import type { ControllerContext } from '../controllers/controller.ts';
import { createEventRecorder } from '../controllers/events.ts';
import { claimAddressBlock } from '../network/loopback.ts';
import type { NodeServices } from './container-runner.ts';
import type { ImageTable } from './images.ts';
import { Kubelet } from './kubelet.ts';
import { startMetrics } from './metrics.ts';
import { nodeName, registerNode } from './node-object.ts';
import { ProcessGroups } from './process-groups.ts';
import { runScheduler } from './scheduler.ts';
import { readUsage } from './usage.ts';

export interface NodeOptions extends ControllerContext {
  readonly api: ClusterApi;
  /** Which local program stands for which image. */
  readonly images: ImageTable;
  /** CPU usage is the mean over this time, in ms. Default 15 s. */
  readonly metricsWindowMs?: number;
  /** Time between two samples of CPU and memory, in ms. Default 1 s. */
  readonly sampleEveryMs?: number;
  /** First delay of a crash loop, in ms; it doubles up to 30 times this. Default 10 s. */
  readonly restartBackoffMs?: number;
  /** Pods share 127.0.0.1 and have ports of their own, also where they could have addresses. Default false. */
  readonly singleAddress?: boolean;
  /** What the network adds to the environment of a pod at this address. Default nothing. */
  readonly networkEnvironment?: NodeServices['networkEnvironment'];
}

export interface DevNode {
  readonly name: string;
  readonly logs: LogSource;
  readonly metrics: MetricsSource;
  /** Process ids of everything that runs now. */
  pids(): number[];
  /** Ends all processes and waits for them; those that have not ended after `graceMs` are killed. */
  close(graceMs: number): Promise<void>;
  /** Kills all processes, for a process that is about to exit. */
  killAllNow(): void;
}

/** Secondary octet of the pods' addresses: 127.64.0.0/16. */
const podOctet = 64;

/** Starts the one node of the dev cluster: its Node object, scheduler, kubelet and metrics. */
export async function startNode(options: NodeOptions): Promise<DevNode> {
  const { api, now, log, images, singleAddress = false } = options;
  const { metricsWindowMs = 15_000, sampleEveryMs = 1000, restartBackoffMs = 10_000 } = options;
  const addresses = await claimAddressBlock({ secondOctet: podOctet, singleAddress });
  const processes = new ProcessGroups();
  const events = createEventRecorder(options, { component: 'kubelet', host: nodeName });
  registerNode(api, now());
  const services = {
    api,
    now,
    log,
    events,
    processes,
    images,
    restartBackoffMs,
    parentEnvironment: process.env,
    networkEnvironment: options.networkEnvironment ?? (() => ({})),
  };
  const kubelet = new Kubelet(services, addresses);
  const scheduler = runScheduler(options);
  const metrics = startMetrics({
    containers: () => kubelet.containers(),
    nodeName,
    readUsage,
    now,
    log,
    windowMs: metricsWindowMs,
    sampleEveryMs,
  });
  return {
    name: nodeName,
    logs: kubelet,
    metrics,
    pids: () => processes.pids,
    async close(graceMs) {
      scheduler.stop();
      kubelet.stop();
      metrics.stop();
      await processes.close(graceMs);
      await addresses.close();
    },
    killAllNow: () => processes.killAllNow(),
  };
}
