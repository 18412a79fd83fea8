import type { Backend } from './connection-proxy.ts';
import { shuffled } from './endpoints.ts';

/** Orders the backends for one client: the one to take first, then those to fall back to. */
export type Choice = (backends: readonly Backend[], client: string) => Backend[];

/** `sessionAffinity: ClientIP`, where it is not said for how long. */
const defaultAffinitySeconds = 10_800;

/** Clients that are remembered at most; beyond, the one that was seen longest ago is forgotten. */
const maxClients = 10_000;

/** As kube-proxy without affinity: each as likely, for each connection anew. */
export function atRandom(random: () => number): Choice {
  return (backends) => shuffled(backends, random);
}

export interface AffinityOptions {
  readonly random: () => number;
  /** How long after its last connection a client is remembered, in s. Default 10,800. */
  readonly timeoutSeconds?: number | undefined;
  /** Milliseconds of any clock that goes forward. */
  readonly now: () => number;
}

/** As kube-proxy with `sessionAffinity: ClientIP`: a client keeps its backend while that is one of those that are ready. */
export function byClient({ random, timeoutSeconds = defaultAffinitySeconds, now }: AffinityOptions): Choice {
  const clients = new Map<string, { backend: Backend; seenAtMs: number }>();
  return (backends, client) => {
    const nowMs = now();
    const known = clients.get(client);
    const isFresh = known !== undefined && nowMs - known.seenAtMs < timeoutSeconds * 1000;
    const kept = isFresh ? backends.find((backend) => isSame(backend, known.backend)) : undefined;
    const others = shuffled(
      backends.filter((backend) => backend !== kept),
      random,
    );
    const order = kept === undefined ? others : [kept, ...others];
    clients.delete(client);
    if (order[0] !== undefined) clients.set(client, { backend: order[0], seenAtMs: nowMs });
    const [oldest] = clients.keys();
    if (clients.size > maxClients && oldest !== undefined) clients.delete(oldest);
    return order;
  };
}

const isSame = (a: Backend, b: Backend): boolean => a.host === b.host && a.port === b.port;
