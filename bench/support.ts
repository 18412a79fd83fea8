import { cpus } from 'node:os';

/** How long to measure, after a few rounds that warm up: an operator that has run for a minute is warm. */
export interface Effort {
  readonly rounds: number;
  readonly roundMs: number;
}

/** Microseconds of one call in each round, by both clocks. */
export interface Round {
  /** CPU time of the whole process, garbage collection included. */
  readonly cpu: number;
  readonly wall: number;
}

/** Rounds in short: what CPU one call takes, which a busy machine disturbs little, and how long it lasts. */
export interface Timing {
  readonly rounds: number;
  readonly cpuMicros: Spread;
  readonly wallMicros: Spread;
}

interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

const warmUpRounds = 3;

/** Times a call; the clocks are read once in `batch` calls, so that they do not count where calls are short. */
export function timeRounds(call: () => void, { rounds, roundMs }: Effort, batch = 8): Timing {
  const times: Round[] = [];
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const time = timeRound(call, roundMs, batch);
    if (round >= 0) times.push(time);
  }
  return timing(times);
}

function timeRound(call: () => void, roundMs: number, batch: number): Round {
  const [start, startCpu] = [performance.now(), cpuMicros()];
  let calls = 0;
  let elapsedMs = 0;
  do {
    for (let i = 0; i < batch; i += 1) call();
    calls += batch;
    elapsedMs = performance.now() - start;
  } while (elapsedMs < roundMs);
  return { cpu: (cpuMicros() - startCpu) / calls, wall: (elapsedMs * 1000) / calls };
}

/** CPU time of this process until now, in microseconds. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

export function timing(rounds: readonly Round[]): Timing {
  return {
    rounds: rounds.length,
    cpuMicros: spread(rounds.map(({ cpu }) => cpu)),
    wallMicros: spread(rounds.map(({ wall }) => wall)),
  };
}

function spread(micros: readonly number[]): Spread {
  const sorted = micros.toSorted((a, b) => a - b);
  const [min = 0] = sorted;
  const { [sorted.length >> 1]: median = 0 } = sorted;
  return { median: rounded(median), min: rounded(min), max: rounded(sorted.at(-1) ?? 0) };
}

/**
 * Bytes of heap that one value keeps alive, measured over many of them.
 * @throws Error without `node --expose-gc`
 */
export function heapBytesOf(make: () => unknown, count: number): number {
  const kept: unknown[] = new Array<unknown>(count);
  make();
  const before = heapAfterCollection();
  for (let i = 0; i < count; i += 1) kept[i] = make();
  const after = heapAfterCollection();
  return Math.max(0, Math.round((after - before) / kept.length));
}

function heapAfterCollection(): number {
  if (globalThis.gc === undefined)
    throw new Error('Cannot measure the heap as node runs without --expose-gc');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** Where a result was measured: without it, a number says nothing. */
export function machine() {
  const processors = cpus();
  return { cores: processors.length, model: processors[0]?.model.trim() ?? 'unknown', node: process.version };
}

/** Three significant digits: more would only be noise. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** The one JSON object of a benchmark; progress goes to stderr. */
export function printResult(result: object): void {
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}
