/**
 * `npm run bench:decide`: what a decision costs, beside Kubernetes' own code where there is Go.
 * One JSON object on standard output; docs/benchmarks.md says what each number means.
 */
import { parseArgs } from 'node:util';
import { machine, printResult, rounded } from '../support.ts';
import type { Effort } from '../support.ts';
import { heapBytes, timeDecisions } from './ours.ts';
import { runPeer } from './peer.ts';
import type { Peer } from './peer.ts';
import { timeReplay } from './replay.ts';
import { workload } from './workload.ts';
import type { Workload } from './workload.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    'round-ms': { type: 'string', default: '400' },
    'without-peer': { type: 'boolean', default: false },
  },
});
const effort: Effort = {
  rounds: positive('--rounds', flags.rounds),
  roundMs: positive('--round-ms', flags['round-ms']),
};

const nowMs = Date.now();
const workloads = [5, 50, 1000].map((podCount) => workload(podCount, nowMs));
const timed = workloads.map((given) => ({ given, ...timeDecisions(given, nowMs, effort) }));
const peer: Peer = flags['without-peer']
  ? { ok: false, reason: '--without-peer' }
  : runPeer(workloads, effort);

printResult({
  machine: machine(),
  decisions: timed.map(decisionRow),
  linearity: linearity(),
  replay: timeReplay(effort),
  peer: peer.ok ? { code: 'k8s.io/kubernetes v1.36.2 pkg/controller/podautoscaler', go: peer.go } : null,
  ...(peer.ok ? {} : { withoutPeer: peer.reason }),
});

type Timed = { readonly given: Workload } & ReturnType<typeof timeDecisions>;

function decisionRow(row: Timed, index: number): object {
  const { given, desiredReplicas, timing } = row;
  const pods = given.pods.length;
  return {
    pods,
    desiredReplicas,
    perSecond: rounded(1e6 / timing.cpuMicros.median),
    ...timing,
    heapBytes: heapBytes(given, nowMs),
    ...peerColumns(row, index),
  };
}

/** Two that decide differently are not worth comparing. */
function peerColumns({ desiredReplicas, timing }: Timed, index: number): object {
  const theirs = peer.ok ? peer.results[index] : undefined;
  if (theirs === undefined) return {};
  if (theirs.desiredReplicas !== desiredReplicas) {
    throw new Error(
      `Cannot compare as the decisions differ: ${desiredReplicas}, and ${theirs.desiredReplicas} by Kubernetes`,
    );
  }
  return {
    peer: theirs.timing,
    timesFasterThanPeer: {
      cpu: rounded(theirs.timing.cpuMicros.median / timing.cpuMicros.median),
      wall: rounded(theirs.timing.wallMicros.median / timing.wallMicros.median),
    },
  };
}

/** What each further pod costs, from 50 to 1,000 over from 5 to 50: 1 is a straight line. */
function linearity(): object {
  const points = timed.map(({ given, timing }) => ({
    pods: given.pods.length,
    micros: timing.cpuMicros.median,
  }));
  const slopes = points.slice(1).map(({ pods, micros }, index) => {
    const { [index]: fewer = { pods: 0, micros: 0 } } = points;
    return (micros - fewer.micros) / (pods - fewer.pods);
  });
  const [first = NaN, second = NaN] = slopes;
  return {
    microsAPod: points.map(({ pods, micros }) => rounded(micros / pods)),
    microsAFurtherPod: slopes.map(rounded),
    slopeRatio: rounded(second / first),
  };
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  process.stderr.write(`${flag} ${JSON.stringify(text)}: give a whole number above 0\n`);
  process.exit(2);
}
