/** Whoever waits for a turn, in the order of coming: true with one, false when the line was dismissed. */
type Line = ((turn: boolean) => void)[];

/**
 * At most so many pieces of work at the same time, whoever wants them; those who wait in different lines take turns, so that a line of
 * a thousand does not keep one of three waiting.
 */
export class FairLimit {
  readonly #most: number;
  #running = 0;
  /** Those with somebody in them, the next first. */
  readonly #lines: Line[] = [];

  /** @param most at least 1 */
  constructor(most: number) {
    this.#most = most;
  }

  /** A line to wait in. */
  line(): {
    readonly run: <T>(work: () => Promise<T>) => Promise<T | undefined>;
    readonly dismiss: () => void;
  } {
    const line: Line = [];
    return {
      run: async (work) => ((await this.#turn(line)) ? this.#work(work) : undefined),
      dismiss: () => this.#dismiss(line),
    };
  }

  async #turn(line: Line): Promise<boolean> {
    if (this.#running < this.#most) {
      this.#running += 1;
      return true;
    }
    return new Promise((resolve) => {
      if (line.push(resolve) === 1) this.#lines.push(line);
    });
  }

  async #work<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  #passOn(): void {
    const line = this.#lines.shift();
    const next = line?.shift();
    if (line === undefined || next === undefined) {
      this.#running -= 1;
      return;
    }
    if (line.length > 0) this.#lines.push(line);
    next(true);
  }

  #dismiss(line: Line): void {
    const at = this.#lines.indexOf(line);
    if (at >= 0) this.#lines.splice(at, 1);
    for (const leave of line.splice(0)) leave(false);
  }
}
