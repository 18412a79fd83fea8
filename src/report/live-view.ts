/** What a live view shows at a moment. */
export interface ViewUpdate {
  /** The lines for a terminal. Called only when they are drawn. */
  frame(): readonly string[];
  /** The same in one line, for logs and pipes. */
  readonly line: string;
  /** Without a terminal, the line is printed when this differs from the time before. */
  readonly change: string;
}

/** The part of a stream that a view needs; `process.stderr` is one. */
export interface ViewStream {
  readonly isTTY?: boolean;
  readonly rows?: number;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Timers {
  readonly set: (callback: () => void, ms: number) => unknown;
  readonly clear: (handle: unknown) => void;
  readonly now: () => number;
}

const realTimers: Timers = {
  set: (callback, ms) => setTimeout(callback, ms),
  clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
  now: () => performance.now(),
};

/** Five redraws a second at most. */
const minIntervalMs = 200;

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const clearLine = '\u001b[2K';
const clearBelow = '\u001b[J';

/**
 * Redraws a few lines in place on a terminal, only those that changed; elsewhere prints a line for each change.
 * Whoever starts one calls stop() on every way out (`using` or finally): the last frame stays, the cursor comes back.
 */
export class LiveView {
  readonly #stream: ViewStream;
  readonly #timers: Timers;
  #drawn: readonly string[] = [];
  #drawnSize = '';
  #lastDrawMs = -Infinity;
  #lastChange: string | undefined;
  #waiting: ViewUpdate | undefined;
  #timer: unknown;
  #cursorHidden = false;

  constructor(stream: ViewStream, timers: Timers = realTimers) {
    this.#stream = stream;
    this.#timers = timers;
  }

  /** Shows this from now on; on a terminal after up to 200 ms. */
  update(update: ViewUpdate): void {
    if (this.#stream.isTTY === true) this.#drawSoon(update);
    else this.#printChange(update);
  }

  /** Prints a line that stays, above the live lines. */
  print(line: string): void {
    const live = this.#erase();
    this.#stream.write(`${line}\n`);
    if (live.length > 0) this.#draw(live);
  }

  /** Draws what is waiting and gives the cursor back. Harmless a second time. */
  stop(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#drawWaiting();
    if (this.#cursorHidden) this.#stream.write(showCursor);
    this.#cursorHidden = false;
    this.#drawn = [];
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #drawSoon(update: ViewUpdate): void {
    this.#waiting = update;
    if (this.#timer !== undefined) return;
    const waitMs = this.#lastDrawMs + minIntervalMs - this.#timers.now();
    if (waitMs <= 0) this.#drawWaiting();
    else this.#timer = this.#timers.set(() => this.#drawWaiting(), waitMs);
  }

  #printChange({ change, line }: ViewUpdate): void {
    if (change === this.#lastChange) return;
    this.#lastChange = change;
    this.#stream.write(`${line}\n`);
  }

  #drawWaiting(): void {
    const update = this.#waiting;
    this.#timer = undefined;
    this.#waiting = undefined;
    if (update === undefined) return;
    this.#lastDrawMs = this.#timers.now();
    this.#draw(update.frame().slice(0, this.#mostLines()));
  }

  /** Lines that went off the top of the screen could not be drawn again, so there are never that many. */
  #mostLines(): number {
    return Math.max(1, (this.#stream.rows ?? 24) - 1);
  }

  #draw(lines: readonly string[]): void {
    const size = `${this.#stream.columns}x${this.#stream.rows}`;
    if (size !== this.#drawnSize) this.#erase();
    this.#drawnSize = size;
    const before = this.#drawn;
    const changed = lines.map((line, index) => (line === before[index] ? '\n' : `${clearLine}${line}\n`));
    const text = up(before.length) + changed.join('') + (lines.length < before.length ? clearBelow : '');
    this.#stream.write(this.#cursorHidden ? text : hideCursor + text);
    this.#cursorHidden = true;
    this.#drawn = lines;
  }

  /** @returns the lines that were there */
  #erase(): readonly string[] {
    const lines = this.#drawn;
    if (lines.length > 0) this.#stream.write(`${up(lines.length)}${clearBelow}`);
    this.#drawn = [];
    return lines;
  }
}

/** To the first column of the line so many lines up. */
function up(lines: number): string {
  return lines === 0 ? '' : `\u001b[${lines}F`;
}
