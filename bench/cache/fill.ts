/** Fills one cache in one process, and says what that took: `node --expose-gc bench/cache/fill.ts WAY URL`. */
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { connect } from '../../src/kube/client.ts';
import { startReflector } from '../../src/kube/reflector.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { PodTable } from '../../src/observe/pod-table.ts';
import { printResult } from '../support.ts';
import { whileMeasuring } from './blocked.ts';

/** The cache, until it is let go to be weighed, and how many pods it has. */
interface Filled {
  cache?: unknown;
  readonly pods: number;
}

/** The operator's: pages, projected, kept up to date. */
async function reflector(kubeconfig: string): Promise<Filled> {
  const table = new PodTable();
  const end = new AbortController();
  const client = connect({ kubeconfig });
  const running = startReflector({
    client,
    path: '/api/v1/pods',
    project: table.project,
    handler: table,
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    signal: end.signal,
  });
  await running.firstSync;
  end.abort();
  await running.done;
  await client.close();
  return { cache: table, pods: table.size };
}

/** What client-node's informer does: one list, typed objects, all of them kept. */
async function clientNode(kubeconfig: string): Promise<Filled> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { items } = await config.makeApiClient(CoreV1Api).listPodForAllNamespaces();
  return { cache: items, pods: items.length };
}

const ways = { reflector, clientNode };
const [, , way = '', kubeconfig = ''] = process.argv;

function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('Cannot weigh the cache as node runs without --expose-gc');
  // Several times: code that ran once, as at the start, is given back only by the garbage collections after the first.
  for (let times = 0; times < 8; times += 1) globalThis.gc();
  return process.memoryUsage().heapUsed;
}

const started = performance.now();
const filling = ways[way as keyof typeof ways](kubeconfig);
const blocked = await whileMeasuring(filling);
const listMs = performance.now() - started;
const filled = await filling;
// What goes when the cache goes: what the start of a process leaves behind goes some time, too, and is not the cache's.
const full = heapBytes();
delete filled.cache;
const bytesAPod = (full - heapBytes()) / filled.pods;
printResult({ pods: filled.pods, bytesAPod, listMs, blocked });
process.exit(0);
