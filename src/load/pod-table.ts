import type { PodLoad } from '../report/load-result.ts';
import type { ByBucket, PodActivity } from './balance.ts';
import type { Answer } from './connection-pool.ts';
import { LatencyHistogram } from './latency.ts';

interface Pod {
  requests: number;
  connections: number;
  readonly firstResponseAtMs: number;
  readonly latency: LatencyHistogram;
  readonly byBucket: { readonly requests: Map<number, number>; readonly connections: Map<number, number> };
}

/** More names than this are no pods: what comes beyond is counted under one name, so that memory stays bounded. */
const mostPods = 1000;
const others = '(others)';

/** What each pod did, as the answers named them. Times are since the start of the run. */
export class PodTable {
  readonly #bucketMs: number;
  readonly #pods = new Map<string, Pod>();
  #severalOnOne = false;
  #total = 0;

  constructor(bucketMs: number) {
    this.#bucketMs = bucketMs;
  }

  /** One connection was answered by several pods: something behind it balances requests. */
  get severalOnOneConnection(): boolean {
    return this.#severalOnOne;
  }

  note(name: string, answer: Answer, atMs: number, latencyMs: number): void {
    const pod = this.#podOf(name, atMs);
    const bucket = Math.floor(atMs / this.#bucketMs);
    this.#total += 1;
    pod.requests += 1;
    pod.latency.record(latencyMs);
    increment(pod.byBucket.requests, bucket);
    if (answer.firstOnConnection) {
      pod.connections += 1;
      increment(pod.byBucket.connections, bucket);
    }
    if (answer.isOtherPod) this.#severalOnOne = true;
  }

  /** In the order of their first answers. */
  perPod(): Record<string, PodLoad> {
    return this.#map(({ requests, connections, firstResponseAtMs }) => ({
      requests,
      connections,
      share: requests / this.#total,
      firstResponseAtMs,
    }));
  }

  /** The same with the latency of each. */
  perPodInFull(readyAtMs: (pod: string) => number | undefined): Record<string, PodLoad> {
    const short = this.perPod();
    return Object.fromEntries(
      Object.entries(short).map(([name, pod]) => {
        const ready = readyAtMs(name);
        const latency = this.#pods.get(name)?.latency.percentiles();
        return [
          name,
          {
            ...pod,
            ...(latency === undefined ? {} : { latencyMs: latency }),
            ...(ready === undefined ? {} : { readyAtMs: ready }),
          },
        ];
      }),
    );
  }

  counts(): ReadonlyMap<string, number> {
    return new Map([...this.#pods].map(([name, { requests }]) => [name, requests]));
  }

  /** Of pods alone: those counted together are none. */
  activity(): Record<string, PodActivity> {
    const pods = this.#map(({ byBucket }): { requests: ByBucket; connections: ByBucket } => byBucket);
    return Object.fromEntries(Object.entries(pods).filter(([name]) => name !== others));
  }

  #podOf(name: string, atMs: number): Pod {
    const key = this.#pods.has(name) || this.#pods.size < mostPods ? name : others;
    const known = this.#pods.get(key);
    if (known !== undefined) return known;
    const byBucket = { requests: new Map<number, number>(), connections: new Map<number, number>() };
    const pod = {
      requests: 0,
      connections: 0,
      firstResponseAtMs: Math.round(atMs),
      latency: new LatencyHistogram(2),
      byBucket,
    };
    this.#pods.set(key, pod);
    return pod;
  }

  #map<T>(toValue: (pod: Pod) => T): Record<string, T> {
    return Object.fromEntries([...this.#pods].map(([name, pod]) => [name, toValue(pod)]));
  }
}

function increment(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
