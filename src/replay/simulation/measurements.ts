import type { Fleet } from './fleet.ts';
import type { Measuring } from './model.ts';
import type { Served } from './traffic.ts';

/** What one pod did in a period, on average. */
interface PodMeasurement {
  readonly name: string;
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly servedPerSecond: number;
}

/** All that was measured over one period. */
export interface Measurement {
  readonly atMs: number;
  readonly windowMs: number;
  readonly pods: readonly PodMeasurement[];
  /** What came, a second. */
  readonly load: number;
  /** What waited at the end. */
  readonly backlog: number;
}

interface Counters {
  readonly cpuUsed: number;
  readonly served: number;
}

/** Measures at the end of each period; what was measured can be read after a delay. A pod is in it from its second period on. */
export class Measurements {
  readonly #measuring: Measuring;
  #before = new Map<string, Counters>();
  #offered = 0;
  #readable: Measurement | undefined;
  #pending: Measurement[] = [];

  constructor(measuring: Measuring) {
    this.#measuring = measuring;
  }

  /** The newest measurement that can be read; undefined before the first. */
  read(nowMs: number): Measurement | undefined {
    const delayMs = this.#measuring.delaySeconds * 1000;
    while (this.#pending[0] !== undefined && this.#pending[0].atMs + delayMs <= nowMs)
      this.#readable = this.#pending.shift();
    return this.#readable;
  }

  /** @param endMs the end of the second in which this was served */
  add({ offered, backlog }: Served, fleet: Fleet, endMs: number): void {
    this.#offered += offered;
    const { everySeconds } = this.#measuring;
    if (endMs % (everySeconds * 1000) !== 0) return;
    const pods = fleet.pods.flatMap(({ name, cpuUsed, served, memoryBytes }) => {
      const before = this.#before.get(name);
      if (before === undefined) return [];
      const cpuMillis = (cpuUsed - before.cpuUsed) / everySeconds;
      return { name, cpuMillis, memoryBytes, servedPerSecond: (served - before.served) / everySeconds };
    });
    const load = this.#offered / everySeconds;
    this.#pending.push({ atMs: endMs, windowMs: everySeconds * 1000, pods, load, backlog });
    this.#before = new Map(fleet.pods.map(({ name, cpuUsed, served }) => [name, { cpuUsed, served }]));
    this.#offered = 0;
  }
}
