import type { ClusterApi } from '../cluster-api.ts';
import type { Pod } from '../controllers/objects.ts';
import { EndpointTable } from './endpoint-table.ts';
import { startIngressProxy } from './ingress-proxy.ts';
import type { AddressBlock } from './loopback.ts';
import { claimAddressBlock } from './loopback.ts';
import { startServiceNames } from './service-names.ts';
import { startServiceProxy } from './service-proxy.ts';

export interface NetworkOptions {
  readonly api: ClusterApi;
  readonly log: (line: string) => void;
  /** Where cluster IPs come from. */
  readonly addresses: AddressBlock;
  /** Everything on 127.0.0.1, with ports of its own. */
  readonly singleAddress: boolean;
}

export interface Network {
  /** `HOST:PORT` where the Ingresses answer. */
  readonly ingressAddress: string;
  /** What a pod's programs need in their environment so that they find services by name. */
  readonly networkEnvironment: (pod: Pod, podIP: string) => Record<string, string>;
  /** Ends every connection and listener. */
  close(): Promise<void>;
  /** Removes what would outlive this process. */
  removeFiles(): void;
}

/** Load balancers and the ingress proxy are in 127.80.0.0/16. */
const balancerOctet = 80;

/** Starts everything between a client and the pods: services, their balancers, ingresses and names. */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const { api, log, addresses, singleAddress } = options;
  const balancers = await claimAddressBlock({ secondOctet: balancerOctet, singleAddress });
  const endpoints = new EndpointTable(api);
  const isLocal = (clusterIP: string): boolean => addresses.network?.contains(clusterIP) ?? false;
  const ingress = await startIngressProxy({ api, endpoints, log, balancers });
  const services = startServiceProxy({ api, endpoints, log, isLocal, balancers });
  const names = startServiceNames(api);
  return {
    ingressAddress: ingress.address,
    networkEnvironment: (pod, podIP) => names.environment(pod, podIP),
    removeFiles: () => names.close(),
    async close() {
      endpoints.stop();
      names.close();
      await Promise.all([services.close(), ingress.close()]);
      await balancers.close();
    },
  };
}
