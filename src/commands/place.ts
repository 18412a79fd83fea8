import { connect, type KubeClient } from '../kube/client.ts';
import { loadKubeConfig } from '../kube/kubeconfig.ts';
import type { PlaceFlags } from './place-flags.ts';

/** A cluster and the namespace that is meant. */
export interface Place {
  readonly client: KubeClient;
  /** Of the flag, the context, or `default`. */
  readonly namespace: string;
}

/** @throws UserError when there is no usable kubeconfig */
export function openPlace({ kubeconfig, context, namespace }: PlaceFlags): Place {
  const source = {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  };
  const config = loadKubeConfig(source);
  const own = config.getContextObject(config.getCurrentContext())?.namespace;
  return { client: connect(source), namespace: namespace ?? own ?? 'default' };
}
