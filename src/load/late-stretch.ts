/**
 * Which samples of a run tell of the generator: those in which it was late, and those in which answers came to what fell due
 * while it was. Times are of one clock.
 */
export class LateStretch {
  #fromMs = Infinity;
  #toMs = -Infinity;
  #holdsLate = false;

  answered(intendedAtMs: number): void {
    if (intendedAtMs < this.#toMs && intendedAtMs >= this.#fromMs) this.#holdsLate = true;
  }

  /** A sample has ended. @returns whether it tells of the generator */
  ended(fromMs: number, toMs: number, wasLate: boolean): boolean {
    const tellsOfUs = wasLate || this.#holdsLate;
    this.#holdsLate = false;
    if (wasLate) {
      const goesOn = this.#toMs >= fromMs;
      this.#fromMs = goesOn ? Math.min(this.#fromMs, fromMs) : fromMs;
      this.#toMs = toMs;
    }
    return tellsOfUs;
  }
}
