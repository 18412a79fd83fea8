import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const lookMs = 300;
const mostBusyRatio = 0.05;

/** Waits until the machine does nothing else, or its patience is at an end: it is for all the waits of a run together. */
export class QuietMachine {
  #patienceMs: number;
  #waitedMs = 0;

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  get waitedMs(): number {
    return Math.round(this.#waitedMs);
  }

  async wait(): Promise<void> {
    let busyRatio = 1;
    while (busyRatio > mostBusyRatio && this.#patienceMs > 0) {
      busyRatio = await busyNow();
      this.#patienceMs -= lookMs;
      this.#waitedMs += lookMs;
    }
  }
}

async function busyNow(): Promise<number> {
  const before = times();
  await sleep(lookMs);
  const after = times();
  return 1 - (after.idle - before.idle) / Math.max(1, after.all - before.all);
}

function times(): { idle: number; all: number } {
  const each = cpus().map(({ times: { user, nice, sys, irq, idle } }) => ({
    idle,
    all: user + nice + sys + irq + idle,
  }));
  return { idle: sum(each.map(({ idle }) => idle)), all: sum(each.map(({ all }) => all)) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
