/**
 * `npm run bench:balance`: how long after the last pod is ready all pods share the load, on each of the four ways in, while the
 * operator scales from one pod to four or more. One JSON object on standard output; exit code 1 when it takes too long.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect, type KubeClient } from '../../src/kube/client.ts';
import type { LoadResult } from '../../src/report/load-result.ts';
import { machine, printResult, rounded } from '../support.ts';
import { firstLine, start, wholeOutput } from './processes.ts';
import { addressOf, applyWalkthrough, untilOnePod, type Way, ways } from './stage.ts';

const { values: flags } = parseArgs({
  options: {
    rotate: { type: 'string', default: 'age=2.5s' },
    rounds: { type: 'string', default: '1' },
  },
});
const targetSeconds = 10;
const leastPods = 4;
/** 45 requests a second of 10 ms CPU each ask for six pods of 100m at 80 %. */
const profile = '2/s for 3s, 45/s for 42s';
const shortened =
  '--sync-period 1s --cpu-initialization-period 2s --initial-readiness-delay 1s --downscale-stabilization 5s';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
const kubeconfig = join(folder, 'kubeconfig');
try {
  await using ending = new AsyncDisposableStack();
  const cluster = ending.use(
    start([
      'cluster',
      '--port',
      '0',
      '--kubeconfig',
      kubeconfig,
      '--metrics-window',
      '2s',
      '--output',
      'json',
    ]),
  );
  await firstLine(cluster);
  const client = connect({ kubeconfig });
  ending.defer(async () => client.close());
  await applyWalkthrough(client);
  const bound = ['--bind-address', '127.0.0.1:0'];
  ending.use(start(['operator', '--kubeconfig', kubeconfig, ...bound, ...shortened.split(' ')]));
  const measured = await measureAll(client);
  printResult({
    machine: { ...machine(), loadAverage: loadavg().map(rounded) },
    rotate: flags.rotate,
    profile,
    targetSeconds,
    ways: measured,
  });
  process.exitCode = measured.every(({ kept }) => kept) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

async function measureAll(client: KubeClient) {
  const measured = [];
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    for (const way of ways) {
      const row = await measure(client, way);
      process.stderr.write(
        `${way.name}: ${row.pods} pods, balanced after ${String(row.balancedAfterSeconds)} s\n`,
      );
      measured.push(row);
    }
  }
  return measured;
}

async function measure(client: KubeClient, way: Way) {
  const address = await addressOf(client, way);
  await untilOnePod(client);
  const load = start([
    ...['load', `http://${address}/`, '--kubeconfig', kubeconfig, '--header', 'Host: walkthrough.localhost'],
    ...['--profile', profile, '--rotate', flags.rotate, '--max-lag', '1h', '--output', 'json'],
  ]);
  return row(way, JSON.parse(await wholeOutput(load)) as LoadResult);
}

function row({ name }: Way, { reactions, cluster, perPod, balance, requests, warnings }: LoadResult) {
  const { peakReadyAtMs = null, balancedAtMs = null } = reactions ?? {};
  const pods = Math.max(...(cluster?.replicas ?? []).map(({ readyReplicas }) => readyReplicas ?? 0));
  const seconds =
    peakReadyAtMs === null || balancedAtMs === null ? null : (balancedAtMs - peakReadyAtMs) / 1000;
  return {
    way: name,
    pods,
    lastPodReadyAtMs: peakReadyAtMs,
    balancedAtMs,
    balancedAfterSeconds: seconds === null ? null : rounded(seconds),
    shares: Object.values(perPod).map(({ share }) => rounded(share)),
    balance: { unit: balance.test?.unit ?? null, maxOverMean: balance.maxOverMean, verdict: balance.verdict },
    requests: { ok: requests.ok, failed: requests.failed, dropped: requests.dropped },
    warnings,
    kept: pods >= leastPods && seconds !== null && seconds <= targetSeconds,
  };
}
