import type { ClusterApi, KubeObject } from './cluster-api.ts';
import { startApiServer } from './apiserver/server.ts';
import type { ApiServer } from './apiserver/server.ts';
import { runControllers } from './controllers/controllers.ts';
import { renderKubeconfig } from './kubeconfig.ts';
import type { AddressBlock } from './network/loopback.ts';
import { claimAddressBlock } from './network/loopback.ts';
import type { Network } from './network/network.ts';
import { startNetwork } from './network/network.ts';
import type { ImageTable } from './node/images.ts';
import type { DevNode, NodeOptions } from './node/node.ts';
import { startNode } from './node/node.ts';

export type { ImageTable } from './node/images.ts';

export interface DevClusterOptions {
  /** Where the API server listens. Default 127.0.0.1. */
  readonly host?: string;
  /** Its port; 0 (default) takes a free one. */
  readonly port?: number;
  /** CustomResourceDefinitions that are served from the start. */
  readonly crds: readonly KubeObject[];
  /** Which local program stands for which container image. */
  readonly images: ImageTable;
  /** CPU usage is the mean over this time, in ms. Default 15 s, as metrics-server. */
  readonly metricsWindowMs?: number;
  /** Time between two samples of CPU and memory, in ms. Default 1 s. */
  readonly sampleEveryMs?: number;
  /** First delay of a crash loop, in ms; it doubles up to 30 times this. Default 10 s, as the kubelet. */
  readonly restartBackoffMs?: number;
  /** Everything on 127.0.0.1 with ports of its own, also where loopback addresses could be had. Default false. */
  readonly singleAddress?: boolean;
  /** PEM texts; without them the API server speaks plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  /** Told what goes wrong inside, one line each. */
  readonly log: (line: string) => void;
}

export interface DevCluster {
  readonly url: string;
  readonly port: number;
  readonly cluster: ClusterApi;
  /** `HOST:PORT` where the Ingresses answer. */
  readonly ingressAddress: string;
  /** YAML text for kubectl and client-node. */
  readonly kubeconfig: string;
  /** Process ids of the pods' containers that run now. */
  pids(): number[];
  /** Ends every process, connection and listener, and waits for them. */
  close(): Promise<void>;
  /** Kills every process at once and removes its files; for `process.on('exit')`, where nothing can be waited for. */
  killAllNow(): void;
}

/** Cluster IPs are in 127.96.0.0/16. */
const serviceOctet = 96;

/** Processes that have not ended this long after SIGTERM are killed when the cluster closes. */
const closeGraceMs = 2000;

/**
 * Starts a whole cluster in this process: API server, controllers, a node and its network.
 * @throws UserError when the API server cannot listen
 */
export async function startDevCluster(options: DevClusterOptions): Promise<DevCluster> {
  const { host = '127.0.0.1', port = 0, crds, tls, log } = options;
  const { singleAddress = false } = options;
  const addresses = await claimAddressBlock({ secondOctet: serviceOctet, singleAddress });
  const { network } = addresses;
  try {
    const server = await startApiServer({
      ...{ host, port, crds, log },
      ...(tls && { tls }),
      ...(network && { serviceNetwork: network }),
    });
    return await startParts(server, addresses, options).catch(async (error: unknown) => {
      await server.close();
      throw error;
    });
  } catch (error) {
    await addresses.close();
    throw error;
  }
}

async function startParts(
  server: ApiServer,
  addresses: AddressBlock,
  options: DevClusterOptions,
): Promise<DevCluster> {
  const { log, tls } = options;
  const { cluster: api } = server;
  const context = { api, log, now: () => Date.now() };
  const { singleAddress = false } = options;
  const network = await startNetwork({ api, log, addresses, singleAddress });
  const node = await startNodeOn(network, { ...options, ...context });
  server.setSources({ logs: node.logs, metrics: node.metrics });
  const controllers = runControllers(context);
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    controllers.stop();
    await node.close(closeGraceMs);
    await network.close();
    await Promise.all([server.close(), addresses.close()]);
  };
  return {
    url: server.url,
    port: server.port,
    cluster: api,
    ingressAddress: network.ingressAddress,
    kubeconfig: renderKubeconfig({ server: server.url, ...(tls?.ca !== undefined && { ca: tls.ca }) }),
    pids: () => node.pids(),
    close: () => (closed ??= close()),
    killAllNow: () => {
      node.killAllNow();
      network.removeFiles();
    },
  };
}

async function startNodeOn(network: Network, options: NodeOptions): Promise<DevNode> {
  const { networkEnvironment } = network;
  return startNode({ ...options, networkEnvironment }).catch(async (error: unknown) => {
    await network.close();
    throw error;
  });
}
