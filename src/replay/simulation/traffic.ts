import type { Profile } from '../../lib/load-profile.ts';
import { RateCurve } from '../../lib/load-profile-curve.ts';
import type { Random } from '../../lib/random.ts';
import { isReady } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import type { App } from './model.ts';
import { poisson } from './poisson.ts';

/** What came in one second, and what became of it. */
export interface Served {
  readonly offered: number;
  readonly served: number;
  readonly lost: number;
  /** What waits at the end of the second; 0 where nothing waits. */
  readonly backlog: number;
  /** How long the oldest of it has waited, in seconds. */
  readonly waitSeconds: number;
  /** More came than could be handled, or work has waited for longer than it may. */
  readonly short: boolean;
}

/** The load, second by second, shared evenly by the ready pods. */
export class Traffic {
  readonly #app: App;
  readonly #random: Random;
  readonly #poisson: boolean;
  readonly curve: RateCurve;
  #backlog = 0;
  #offered = 0;
  /** What had come by the end of each second, until it is handled: whose turn it is. */
  #waiting: { readonly second: number; readonly offered: number }[] = [];

  constructor(app: App, profile: Profile, random: Random) {
    this.#app = app;
    this.#random = random;
    this.#poisson = profile.arrivals === 'poisson';
    this.curve = new RateCurve(profile);
  }

  /** @param second of the load; before its start it is as it begins, and nothing waits */
  serve(second: number, fleet: Fleet, nowMs: number): Served {
    const { capacityPerSecond, patienceSeconds } = this.#app;
    const offered = this.#arrivals(second);
    const ready = fleet.ready(nowMs).length;
    const waits = patienceSeconds !== undefined && second >= 0;
    const due = offered + (waits ? this.#backlog : 0);
    const served = Math.min(due, ready * capacityPerSecond);
    this.#work(fleet, ready === 0 ? 0 : served / ready, nowMs);
    if (!waits) {
      const lost = offered - served;
      return { offered, served, lost, backlog: 0, waitSeconds: 0, short: lost > 1e-9 };
    }
    this.#backlog = due - served;
    const waitSeconds = this.#wait(second, offered);
    const short = waitSeconds > patienceSeconds;
    return { offered, served, lost: 0, backlog: this.#backlog, waitSeconds, short };
  }

  #arrivals(second: number): number {
    if (second < 0) return this.curve.rateAt(0);
    const mean = this.curve.arrivalsBy((second + 1) * 1000) - this.curve.arrivalsBy(second * 1000);
    return this.#poisson ? poisson(mean, this.#random) : mean;
  }

  /** First come, first served. */
  #wait(second: number, offered: number): number {
    this.#offered += offered;
    this.#waiting.push({ second, offered: this.#offered });
    const handled = this.#offered - this.#backlog + 1e-6;
    const first = this.#waiting.findIndex((one) => one.offered > handled);
    this.#waiting = first === -1 ? [] : this.#waiting.slice(first);
    const [oldest] = this.#waiting;
    return oldest === undefined ? 0 : second + 1 - oldest.second;
  }

  #work(fleet: Fleet, share: number, nowMs: number): void {
    const { capacityPerSecond, cpuBusyMillis, memory, start } = this.#app;
    const busyRatio = share / capacityPerSecond;
    for (const pod of fleet.pods) {
      const serves = isReady(pod, nowMs);
      pod.cpuUsed += serves ? cpuBusyMillis * busyRatio : start.cpuMillis;
      pod.served += serves ? share : 0;
      pod.memoryBytes = memory.idleBytes + (serves ? (memory.busyBytes - memory.idleBytes) * busyRatio : 0);
    }
  }
}
