import { lookup, resolveCname } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

/** What a process knows of the names around it. */
export interface NameService {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of /etc/resolv.conf; empty where there is none. */
  readonly resolverConfig: () => string;
  /** The addresses of a name; none when it is not known. */
  readonly addresses: (name: string) => Promise<readonly string[]>;
  /** The names that a name stands for, as a Service of type ExternalName does for another host's; none when it has addresses itself. */
  readonly aliases: (name: string) => Promise<readonly string[]>;
}

/** That of this process. */
export function systemNames(env: NameService['env']): NameService {
  return {
    env,
    resolverConfig: () => emptyWhenMissing(() => readFileSync('/etc/resolv.conf', 'utf8')),
    addresses: async (name) => noneWhenUnknown(async () => (await lookup(name, { all: true })).map(({ address }) => address)), // prettier-ignore
    aliases: async (name) => noneWhenUnknown(async () => resolveCname(name)),
  };
}

/**
 * Whether this is a pod, and the host is the name of a Service of the pod's own cluster: `web`, `web.shop`, `web.shop.svc`, or all of it.
 * What a name leads to must be what the cluster's own domain says: a dot more or less must not lead out of it, and neither
 * must an ExternalName.
 */
export async function isServiceOfOwnCluster(host: string, names: NameService): Promise<boolean> {
  if (names.env.KUBERNETES_SERVICE_HOST === undefined || isIP(host) !== 0) return false;
  const candidates = namesInCluster(host.replace(/\.$/, ''), searchDomains(names.resolverConfig()));
  const known = await Promise.all(candidates.map(async (name) => addressesInCluster(name, names)));
  const addresses = candidates.length === 0 ? [] : await names.addresses(host);
  return addresses.length > 0 && addresses.every((address) => known.flat().includes(address));
}

async function addressesInCluster(name: string, names: NameService): Promise<readonly string[]> {
  const aliases = await names.aliases(name);
  return aliases.length > 0 ? [] : names.addresses(name);
}

/** As kubelet writes them for a pod: `shop.svc.cluster.local`, `svc.cluster.local`, `cluster.local`, then the node's own. */
function searchDomains(resolverConfig: string): string[] {
  const lines = resolverConfig.split('\n').filter((line) => /^search\s/.test(line));
  return (lines.at(-1) ?? '').trim().split(/\s+/).slice(1);
}

/** All of the name that a Service may have, with a dot at the end, which keeps the resolver from adding to it. */
function namesInCluster(host: string, domains: readonly string[]): string[] {
  const services = domains.filter((domain) => /^([^.]+\.)?svc\./.test(domain));
  const clusters = services.map((domain) => domain.replace(/^([^.]+\.)?svc\./, ''));
  const isWhole = clusters.some((cluster) => host.endsWith(`.svc.${cluster}`));
  if (isWhole) return [`${host}.`];
  const beyond = host.endsWith('.svc') ? clusters : services;
  return [...new Set(beyond)].map((domain) => `${host}.${domain}.`);
}

function emptyWhenMissing(read: () => string): string {
  try {
    return read();
  } catch {
    return ''; // Then no domain is known, and no name is the cluster's.
  }
}

async function noneWhenUnknown(ask: () => Promise<string[]>): Promise<string[]> {
  try {
    return await ask();
  } catch {
    return []; // The load itself tells that a name is not known.
  }
}
