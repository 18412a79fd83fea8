/**
 * How long after the last pod is ready the load of each way in is balanced, while the operator takes the app from 1 pod to 4:
 * dev cluster, operator and `plimsoll load` as a user starts them, one way after the other. Needs kubectl; takes 4 minutes.
 * One JSON object on standard output; exit code 1 when a promise is not kept.
 */
import { machine, printResult } from '../support.ts';
import type { LoadResult } from '../../src/report/load-result.ts';
import { ClusterProcess } from '../../test/support/cluster-process.ts';
import { Plimsoll } from '../../test/support/processes.ts';
import { eventually } from '../../test/support/wait.ts';

/** With the default rotation, after the last pod is ready. */
const promisedBalancedMs = 10_000;
const pods = 4;
const settings = { ratePerSecond: 100, cpuMs: 4, pods, secondsAfterTheLastPod: 15 };

const ways = {
  ClusterIP: ['service walkthrough', 'address'],
  NodePort: ['service walkthrough-nodeport', 'node-address'],
  LoadBalancer: ['service walkthrough-loadbalancer', 'load-balancer-address'],
  Ingress: ['ingress walkthrough', 'address'],
} as const;
type Way = keyof typeof ways;

interface Row {
  readonly way: string;
  readonly rotate: string;
  readonly requests: readonly number[];
  /** From the last pod's readiness; null: never. */
  readonly balancedAfterMs: number | null;
  readonly warnings: readonly string[];
}

const cluster = await ClusterProcess.start();
const quick = '--sync-period 1s --cpu-initialization-period 2s --initial-readiness-delay 1s'.split(' ');
const where = ['--kubeconfig', cluster.kubeconfig, '--bind-address', '127.0.0.1:0'];
const operator = new Plimsoll(['operator', ...where, ...quick]);
try {
  await cluster.kubectl.run('apply -k examples/walkthrough/');
  await cluster.kubectl.run('apply -k examples/walkthrough/ways/');
  const rows: Row[] = [];
  for (const way of Object.keys(ways) as Way[])
    for (const rotate of ['default', 'off']) {
      process.stderr.write(`${way}, rotation ${rotate}\n`);
      rows.push(await measure(way, rotate));
    }
  const late = rows.filter(
    ({ rotate, balancedAfterMs }) =>
      rotate === 'default' && !(balancedAfterMs !== null && balancedAfterMs <= promisedBalancedMs),
  );
  printResult({ machine: machine(), settings, promised: { balancedAfterMs: promisedBalancedMs }, rows });
  process.exitCode = late.length === 0 ? 0 : 1;
} finally {
  await operator.stop();
  await cluster.stop();
}

async function measure(way: Way, rotate: string): Promise<Row> {
  await allow(1);
  await podsAre(1);
  const [object, annotation] = ways[way];
  const address = await eventually(`${object} has an address`, async () => {
    const path = `jsonpath={.metadata.annotations.plimsoll\\.dev/${annotation}}`;
    return (await cluster.kubectl.run(`get ${object} -o`, [path])) || undefined;
  });
  const { ratePerSecond, cpuMs, secondsAfterTheLastPod } = settings;
  const load = new Plimsoll([
    ...['load', `http://${address}/?cpu=${cpuMs}`, '--header', 'Host: walkthrough.localhost'],
    ...['--kubeconfig', cluster.kubeconfig, '--rate', String(ratePerSecond), '--duration', '10m'],
    ...['--output', 'json', ...(rotate === 'default' ? [] : ['--rotate', rotate])],
  ]);
  await load.told(/ ready=1\/1\n/);
  await allow(pods);
  // A line each 5 s.
  await load.told(new RegExp(`(?: ready=${pods}/${pods}\\n[^\\n]*){${secondsAfterTheLastPod / 5}}`));
  const { stdout } = await load.stop('SIGINT');
  return rowOf(way, rotate, JSON.parse(stdout) as LoadResult);
}

function rowOf(way: Way, rotate: string, { perPod, reactions, warnings }: LoadResult): Row {
  const { balancedAtMs = null, peakReadyAtMs = null } = reactions ?? {};
  const balancedAfterMs =
    balancedAtMs === null || peakReadyAtMs === null ? null : balancedAtMs - peakReadyAtMs;
  return {
    ...{ way, rotate, balancedAfterMs, warnings },
    requests: Object.values(perPod).map(({ requests }) => requests),
  };
}

async function allow(maxReplicas: number): Promise<void> {
  await cluster.kubectl.run('patch cas walkthrough --type=merge -p', [
    JSON.stringify({ spec: { maxReplicas } }),
  ]);
}

/** Those that end have gone too. */
async function podsAre(count: number): Promise<void> {
  await eventually(`${count} pods and no others`, async () => {
    const phases = await cluster.kubectl.run('get pods -o', [
      'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}',
    ]);
    return phases === Array.from({ length: count }, () => 'True').join(' ');
  });
}
