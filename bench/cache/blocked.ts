import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How the event loop fared while something ran. */
export interface Blocked {
  /** Longest time in which nothing else got its turn, on the wall's clock; on a busy machine that has the turns of others in it. */
  readonly longestMs: number;
  /** The longest such time that this thread spent computing: without what other processes took of the processor. */
  readonly longestCpuMs: number;
  /** As perf_hooks measured it, for comparison. */
  readonly perfHooksMs: number;
}

/** Turns the event loop without a pause while `work` is under way, and finds the longest turn. */
export async function whileMeasuring(work: Promise<unknown>): Promise<Blocked> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  let longestMs = 0;
  let longestCpuMs = 0;
  let last = now();
  let ended = false as boolean; // set by a callback
  const end = (): void => void (ended = true);
  work.then(end, end);
  while (!ended) {
    await new Promise((resolve) => setImmediate(resolve));
    const turn = now();
    longestMs = Math.max(longestMs, turn.wallMs - last.wallMs);
    longestCpuMs = Math.max(longestCpuMs, turn.cpuMs - last.cpuMs);
    last = turn;
  }
  histogram.disable();
  await work;
  return { longestMs, longestCpuMs, perfHooksMs: histogram.max / 1e6 };
}

function now() {
  const { user, system } = process.threadCpuUsage();
  return { wallMs: performance.now(), cpuMs: (user + system) / 1000 };
}
