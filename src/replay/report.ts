import { differencesOf } from './compare.ts';
import type { Printer } from './print.ts';
import type { Replayed } from './replay.ts';
import { Totals } from './totals.ts';

/** Where the lines of a replay go. */
export interface Sinks {
  /** Results; resolves when there is room for more. */
  readonly result: (line: string) => Promise<void> | undefined;
  /** What keeps a run from being complete: a scenario that was skipped, ticks without an expectation. */
  readonly remark: (line: string) => void;
}

/** Prints what scenarios come to, and counts. */
export class Report {
  readonly totals = new Totals();
  readonly #printer: Printer;
  readonly #sinks: Sinks;

  constructor(printer: Printer, sinks: Sinks) {
    this.#printer = printer;
    this.#sinks = sinks;
  }

  /** Prints every tick of a scenario. */
  async show(replayed: Replayed): Promise<void> {
    if (this.#skips(replayed)) return;
    const { name } = replayed.scenario;
    const heading = this.#printer.heading(name);
    if (heading !== undefined) await this.#sinks.result(heading);
    for (const result of replayed.results) {
      this.totals.ticks += 1;
      await this.#sinks.result(this.#printer.tick(name, result));
    }
  }

  /** Prints where a scenario differs from what was recorded. */
  async check(replayed: Replayed): Promise<void> {
    if (this.#skips(replayed)) return;
    const { name } = replayed.scenario;
    const unexpected: number[] = [];
    for (const result of replayed.results) {
      this.totals.ticks += 1;
      const differences = differencesOf(result);
      if (differences === undefined) unexpected.push(result.index);
      for (const difference of differences ?? []) {
        this.totals.differences += 1;
        const printed = this.#sinks.result(this.#printer.difference(name, result.index, difference));
        if (printed !== undefined) await printed;
      }
    }
    if (unexpected.length > 0) this.#remarkUnexpected(replayed, unexpected);
  }

  #skips({ input, line, scenario, missing }: Replayed): boolean {
    if (missing.length === 0) {
      this.totals.scenarios += 1;
      return false;
    }
    this.totals.skipped += 1;
    this.#sinks.remark(
      `${input}, line ${line}: skipped ${scenario.name}: it requires ${missing.join(', ')}, which is not modelled`,
    );
    return true;
  }

  #remarkUnexpected({ input, line, scenario }: Replayed, ticks: readonly number[]): void {
    this.totals.unexpected += ticks.length;
    const count = `${ticks.length} of ${scenario.ticks.length} ticks of ${scenario.name}`;
    this.#sinks.remark(
      `${input}, line ${line}: ticks[${ticks[0] ?? 0}].expect: ${count} have nothing to compare with`,
    );
  }
}
