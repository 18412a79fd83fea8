import { KubeError } from '../../kube/errors.ts';
import { measured } from '../reading.ts';
import type { Measured } from '../reading.ts';
import { shareMsOf } from '../resource-metrics.ts';
import { PrometheusServer } from './server.ts';
import type { PrometheusServerDependencies } from './server.ts';
import type { PrometheusServerOptions } from './server-options.ts';

export interface PrometheusOptions extends PrometheusServerDependencies {
  /** Their names are unique. */
  readonly servers: readonly PrometheusServerOptions[];
  /** Time between two questions of one autoscaler, in milliseconds. */
  readonly syncPeriodMs: number;
}

interface Shared {
  readonly atMs: number;
  readonly answer: Promise<Measured<bigint>>;
}

/** Longest time for which an answer is shared, whatever the period. */
const mostShareMs = shareMsOf(Infinity);

/**
 * PromQL queries to the servers that the operator was started with. An answer, also one that failed, is shared by all autoscalers that ask
 * the same of the same server within half a sync period of their own, 5 s at most.
 */
export class Prometheus {
  readonly #options: PrometheusOptions;
  readonly #servers: ReadonlyMap<string, PrometheusServer>;
  /** The oldest first. */
  readonly #answers = new Map<string, Shared>();

  constructor(options: PrometheusOptions) {
    this.#options = options;
    this.#servers = new Map(
      options.servers.map((server) => [server.name, new PrometheusServer(server, options)]),
    );
  }

  /**
   * What a query gives now.
   * @param periodMs time between two questions of this autoscaler, where it has a period of its own
   */
  async read(
    server: string,
    query: string,
    periodMs = this.#options.syncPeriodMs,
  ): Promise<Measured<bigint>> {
    const nowMs = this.#options.clock.monotonicMs();
    this.#forget(nowMs);
    const key = `${server} ${query}`; // No name has a space.
    const shared = this.#answers.get(key);
    if (shared !== undefined && nowMs - shared.atMs < shareMsOf(periodMs)) return shared.answer;
    const answer = this.#ask(server, query);
    this.#answers.delete(key);
    this.#answers.set(key, { atMs: nowMs, answer });
    return answer;
  }

  async #ask(name: string, query: string): Promise<Measured<bigint>> {
    return measured(async () => {
      const server = this.#servers.get(name);
      if (server === undefined) throw new Error(this.#unregistered(name));
      try {
        return await server.query(query);
      } catch (cause) {
        if (!this.#options.signal.aborted) throw cause;
        throw new KubeError('the request was given up', { type: 'Aborted', cause });
      }
    });
  }

  #unregistered(name: string): string {
    const known = [...this.#servers.keys()].map((each) => JSON.stringify(each));
    const registered = known.length === 0 ? 'none is' : `registered: ${known.join(', ')}`;
    return `no Prometheus server ${JSON.stringify(name)} is registered with the operator by --prometheus (${registered})`;
  }

  #forget(nowMs: number): void {
    for (const [key, { atMs }] of this.#answers) {
      if (nowMs - atMs < mostShareMs) return;
      this.#answers.delete(key);
    }
  }
}
