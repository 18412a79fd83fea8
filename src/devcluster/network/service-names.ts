import { mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ClusterApi } from '../cluster-api.ts';
import type { Pod, Service } from '../controllers/objects.ts';
import { key } from '../controllers/metadata.ts';
import { tcpPorts } from './endpoints.ts';
import { sharedAddress } from './loopback.ts';
import type { NamedService, Names } from './name-hook.ts';
import { nameHookUrl } from './name-hook.ts';
import { addressAnnotation } from './service-proxy.ts';

export interface ServiceNames {
  /** What a pod's programs need in their environment so that they find services by name. */
  environment(pod: Pod, podIP: string): Record<string, string>;
  close(): void;
}

/**
 * Plays the cluster's DNS for pods that are Node programs: keeps a file of all services' names, and hands out the
 * `NODE_OPTIONS` that make Node look there.
 */
export function startServiceNames(api: ClusterApi): ServiceNames {
  removeAbandoned();
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const file = join(folder, 'names.json');
  let due: NodeJS.Immediate | undefined;
  const write = (): void => {
    due = undefined;
    writeFileSync(`${file}.new`, JSON.stringify(namesOf(api.list('services') as Service[])));
    renameSync(`${file}.new`, file);
  };
  write();
  const watch = api.watch('services', () => {
    due ??= setImmediate(write);
  });
  return {
    environment({ metadata: { namespace = '' } }, podIP) {
      const own = podIP === sharedAddress ? {} : { podIP };
      return { NODE_OPTIONS: `--import=${nameHookUrl({ file, namespace, ...own })}` };
    },
    close() {
      watch.stop();
      clearImmediate(due);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Of the folder with the file of names; the id of the cluster's process follows. */
const prefix = 'plimsoll-names-';

/** Removes what clusters of this user left behind that were killed and could not clear away themselves. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = /^plimsoll-names-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const folder = join(tmpdir(), name);
    if (statSync(folder, { throwIfNoEntry: false })?.uid !== process.getuid?.()) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // Another user's.
  }
}

function namesOf(services: readonly Service[]): Names {
  return Object.fromEntries(services.map(namedService).filter((each) => each !== undefined));
}

/** Absent as long as the service listens nowhere; headless services and those outside have no address of ours. */
function namedService(service: Service): [string, NamedService] | undefined {
  const addresses = service.metadata.annotations?.[addressAnnotation]?.split(',');
  const { clusterIP } = service.spec;
  if (addresses === undefined || clusterIP === undefined) return undefined;
  const ip = clusterIP.replace(/^\d+/, '127');
  const pairs = tcpPorts(service).map(({ port }, index) => {
    const [host = '', real] = addresses[index]?.split(':') ?? [];
    return [String(port), { host, port: Number(real) }] as const;
  });
  return [key(service), { ip, clusterIP, ports: Object.fromEntries(pairs) }];
}
