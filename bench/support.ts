import { cpus } from 'node:os';

/** How long to measure, after a few rounds that warm up: an operator that has run for a minute is warm. */
export interface Effort {
  readonly rounds: number;
  readonly roundMs: number;
}

/** Microseconds of CPU time of one call, over several rounds. */
export interface Timing {
  readonly medianMicros: number;
  readonly minMicros: number;
  readonly maxMicros: number;
  readonly rounds: number;
}

const warmUpRounds = 3;

/**
 * Times a call in CPU time of the whole process, garbage collection included: what else a machine does then matters
 * little. The clocks are read once in `batch` calls, so that they do not count where calls are short.
 */
export function timeRounds(call: () => void, { rounds, roundMs }: Effort, batch = 8): Timing {
  const times: number[] = [];
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const micros = timeRound(call, roundMs, batch);
    if (round >= 0) times.push(micros);
  }
  return timing(times);
}

function timeRound(call: () => void, roundMs: number, batch: number): number {
  const start = performance.now();
  const before = cpuMicros();
  let calls = 0;
  do {
    for (let i = 0; i < batch; i += 1) call();
    calls += batch;
  } while (performance.now() - start < roundMs);
  return (cpuMicros() - before) / calls;
}

/** CPU time of this process until now, in microseconds. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Median and spread of the rounds. */
export function timing(roundsMicros: readonly number[]): Timing {
  const sorted = roundsMicros.toSorted((a, b) => a - b);
  return {
    medianMicros: rounded(sorted[Math.floor(sorted.length / 2)] ?? 0),
    minMicros: rounded(sorted[0] ?? 0),
    maxMicros: rounded(sorted.at(-1) ?? 0),
    rounds: sorted.length,
  };
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
