import type { LoadResult } from '../../src/report/load-result.ts';
import type { ClusterFeed } from '../../src/load/cluster-feed.ts';
import { type LoadOptions, toSettings } from '../../src/load/load-options.ts';
import { LoadRun } from '../../src/load/load-run.ts';
import { parseTarget } from '../../src/load/target.ts';
import type { OpenWire } from '../../src/load/wire.ts';

/** Time that passes only when the run sleeps; what is due in between happens at its moment. */
export class VirtualTime {
  nowMs = 1000;
  readonly #due: { atMs: number; run: () => void }[] = [];

  at(atMs: number, run: () => void): void {
    const index = this.#due.findLastIndex((one) => one.atMs <= atMs) + 1;
    this.#due.splice(index, 0, { atMs, run });
  }

  /** As a real timer, it is never early. A turn of the event loop takes its time as well. */
  readonly sleep = async (ms: number): Promise<void> => {
    const untilMs = this.nowMs + (ms === 0 ? 0.05 : ms);
    for (let next = this.#due[0]; next !== undefined && next.atMs <= untilMs; next = this.#due[0]) {
      this.#due.shift();
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = untilMs;
    await Promise.resolve();
  };
}

export interface SimulatedServer {
  /** How long it takes until a connection stands; 0 unless told. */
  readonly connectMs?: number;
  /** When a request that is sent at this moment is answered. Times are since the start of the run. */
  readonly answeredAtMs: (sentAtMs: number) => number;
  /** Which pod a connection that is opened at this moment is given; the index counts connections. */
  readonly podOf?: (openedAtMs: number, index: number) => string;
  /** Which pod answers a request, for a balancer of requests. */
  readonly podOfRequest?: () => string;
}

/** A whole run on virtual time against a server whose latency is known: no machine is too slow for it. */
export async function simulate(
  server: SimulatedServer,
  options: Omit<LoadOptions, 'url'>,
  cluster?: (time: VirtualTime) => ClusterFeed,
): Promise<LoadResult> {
  const time = new VirtualTime();
  let startMs = time.nowMs;
  const url = new URL('http://127.0.0.1/');
  const settings = toSettings({ url, seed: 1, ...options });
  const run = new LoadRun(settings, parseTarget(url), {
    signal: new AbortController().signal,
    now: () => time.nowMs,
    sleep: time.sleep,
    openWire: simulatedWire(server, time, () => startMs),
    watchEventLoop: () => {
      startMs = time.nowMs; // The clock of the run starts when its connections are open.
      return () => ({ eventLoopDelayMs: null, eventLoopUtilization: null });
    },
    ...(cluster === undefined ? {} : { cluster: cluster(time) }),
  });
  return run.run();
}

function simulatedWire(server: SimulatedServer, time: VirtualTime, startMs: () => number): OpenWire {
  let connections = 0;
  return (_, events) => {
    let open = true;
    const pod = server.podOf?.(time.nowMs - startMs(), connections) ?? 'pod-a';
    connections += 1;
    const answerOf = (name: string): Buffer =>
      Buffer.from(`HTTP/1.1 200 OK\r\nX-Pod-Name: ${name}\r\nContent-Length: 0\r\n\r\n`);
    const close = (): void => {
      open = false;
    };
    time.at(time.nowMs + (server.connectMs ?? 0), () => open && events.opened());
    return {
      write: (bytes) => {
        const isLast = bytes.includes('Connection: close');
        time.at(startMs() + server.answeredAtMs(time.nowMs - startMs()), () => {
          if (!open) return;
          events.data(answerOf(server.podOfRequest?.() ?? pod));
          if (isLast) events.ended();
        });
      },
      destroy: close,
      reset: close,
    };
  };
}
