/**
 * `npm run bench:load`: how fast the load generator is on one core, beside others, and how well it keeps a rate.
 * One JSON object on standard output, progress on standard error; exit code 1 when a target is missed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine, printResult, rounded } from '../support.ts';
import { ours, type Generator, peers, runPlimsoll } from './peers.ts';
import { canPin } from './programs.ts';
import { QuietMachine } from './quiet.ts';
import { startServer } from './server.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    'open-seconds': { type: 'string', default: '10' },
    server: { type: 'string', default: 'nginx' },
    only: { type: 'string', default: 'both' },
  },
});
const rounds = Number(flags.rounds);
const seconds = Number(flags.seconds);
/** Of the open loop: the first second, in which the code of a new process is cold, should not be all that the percentiles tell of. */
const openSeconds = Number(flags['open-seconds']);
const connections = 50;
const openRate = 10_000;

/** What is promised; the first three in times of the peer's rate. */
const targets = { timesWrk: 0.75, timesAutocannon: 1.5, timesHey: 2, rateError: 0.001, sendLagP99Ms: 2 };

interface Measured {
  readonly name: string;
  readonly each: readonly number[];
}

const quiet = new QuietMachine(60_000);
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
const others = flags.only === 'open' ? [] : peers();
const server = await startServer(folder, flags.server);
try {
  const generators = flags.only === 'open' ? [] : [ours, ...others.filter((peer) => 'run' in peer)];
  const closed = await measureClosed(generators);
  const open = flags.only === 'closed' ? null : await measureOpen();
  const kept = judge(closed, open);
  printResult({
    machine: { ...machine(), loadAverage: loadavg().map(rounded), pinned: canPin, waitedMs: quiet.waitedMs },
    server: server.name,
    absent: Object.fromEntries(
      others.flatMap((peer) => ('absent' in peer ? [[peer.name, peer.absent]] : [])),
    ),
    closedLoop: { connections, seconds, rounds, generators: closed.map((one) => row(one, closed)) },
    openLoop: open && { requestsPerSecond: openRate, connections, seconds: openSeconds, rounds, ...open },
    targets,
    kept,
  });
  const missed = Object.entries(kept).flatMap(([name, is]) => (is === false ? [name] : []));
  if (missed.length > 0) process.stderr.write(`Targets missed: ${missed.join(', ')}\n`);
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}

/** All of them in each round, so that whatever the machine does meets all alike. */
async function measureClosed(generators: readonly Generator[]): Promise<Measured[]> {
  const measured = generators.map(({ name }) => ({ name, each: [] as number[] }));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [index, { name, run }] of generators.entries()) {
      await quiet.wait();
      const perSecond = await run({ url: server.url, connections, seconds, folder });
      measured[index]?.each.push(perSecond);
      process.stderr.write(`round ${round}: ${name} ${Math.round(perSecond)}/s\n`);
    }
  }
  return measured;
}

async function measureOpen() {
  const words = [
    '--rate',
    String(openRate),
    '--connections',
    String(connections),
    '--duration',
    `${openSeconds}s`,
  ];
  const runs = [];
  for (let round = 1; round <= rounds; round += 1) {
    await quiet.wait();
    const { rate, sendLagMs, requests } = await runPlimsoll(server.url, words);
    const rateError = Math.abs(rate.done - openRate) / openRate;
    runs.push({ rateError, sendLagMs, failed: requests.failed + requests.dropped });
    process.stderr.write(`round ${round}: open loop ${rate.done}/s, send lag p99 ${sendLagMs.p99} ms\n`);
  }
  return {
    rateError: spread(runs.map(({ rateError }) => rateError)),
    sendLagP50Ms: spread(runs.map(({ sendLagMs }) => sendLagMs.p50)),
    sendLagP99Ms: spread(runs.map(({ sendLagMs }) => sendLagMs.p99)),
    sendLagMaxMs: spread(runs.map(({ sendLagMs }) => sendLagMs.max)),
    failed: runs.reduce((sum, { failed }) => sum + failed, 0),
  };
}

function row({ name, each }: Measured, all: readonly Measured[]): object {
  return {
    name,
    perSecond: spread(each),
    oursOverThis: spread(timesPeer(all[0], { each })),
    each: each.map(Math.round),
  };
}

/** Our rate over a peer's in each round: what disturbs a round disturbs both. */
function timesPeer(own: Pick<Measured, 'each'> | undefined, peer: Pick<Measured, 'each'>): number[] {
  return peer.each.map((perSecond, round) => (own?.each[round] ?? Number.NaN) / perSecond);
}

/** By the medians of the rounds; null where the peer is absent. */
function judge(closed: readonly Measured[], open: Awaited<ReturnType<typeof measureOpen>> | null) {
  const times = (name: string): number | undefined => {
    const peer = closed.find((one) => one.name === name);
    return peer && median(timesPeer(closed[0], peer));
  };
  const atLeast = (value: number | undefined, least: number): boolean | null =>
    value === undefined ? null : value >= least;
  return {
    timesWrk: atLeast(times('wrk'), targets.timesWrk),
    timesAutocannon: atLeast(times('autocannon'), targets.timesAutocannon),
    timesHey: atLeast(times('hey'), targets.timesHey),
    rateError: open && open.rateError.median < targets.rateError,
    sendLagP99Ms: open && open.sendLagP99Ms.median < targets.sendLagP99Ms,
    nothingFailed: open === null ? null : open.failed === 0,
  };
}

function spread(values: readonly number[]) {
  return {
    median: rounded(median(values)),
    min: rounded(Math.min(...values)),
    max: rounded(Math.max(...values)),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
