import type { LogOptions } from '../cluster-api.ts';

interface Line {
  readonly timeMs: number;
  /** With its newline. */
  readonly bytes: Buffer;
}

/** A longer line is kept in parts, as container runtimes do. */
const maxLineBytes = 16 * 1024;
const newline = 0x0a;

/** The last part of what a container has printed, line by line, in memory. */
export class LogBuffer {
  readonly #maxBytes: number;
  readonly #lines: Line[] = [];
  readonly #partial = new Map<string, Buffer>();
  readonly #waiting = new Set<() => void>();
  /** Lines that were dropped from the front. */
  #dropped = 0;
  #bytes = 0;
  #ended = false;

  /** @param maxBytes the oldest lines beyond this are dropped; default 1 MiB */
  constructor(maxBytes = 1024 * 1024) {
    this.#maxBytes = maxBytes;
  }

  append(stream: string, chunk: Buffer, nowMs: number): void {
    let rest = Buffer.concat([this.#partial.get(stream) ?? Buffer.alloc(0), chunk]);
    for (
      let end = rest.indexOf(newline);
      end !== -1 || rest.length > maxLineBytes;
      end = rest.indexOf(newline)
    ) {
      const length = end === -1 || end >= maxLineBytes ? maxLineBytes : end + 1;
      this.#push({ timeMs: nowMs, bytes: rest.subarray(0, length) });
      rest = rest.subarray(length);
    }
    this.#partial.set(stream, Buffer.from(rest));
    this.#wake();
  }

  /** The container has ended: nothing will be added, and readers that follow come to their end. */
  end(nowMs: number): void {
    for (const bytes of this.#partial.values()) if (bytes.length > 0) this.#push({ timeMs: nowMs, bytes });
    this.#partial.clear();
    this.#ended = true;
    this.#wake();
  }

  /** The lines as the pod log endpoint gives them; `nowMs` is what sinceSeconds counts from. */
  async *read(options: LogOptions, signal: AbortSignal, nowMs: number): AsyncGenerator<Uint8Array> {
    const sinceMs = options.sinceSeconds === undefined ? 0 : nowMs - options.sinceSeconds * 1000;
    let left = options.limitBytes ?? Infinity;
    let next = this.#dropped + Math.max(0, this.#lines.length - (options.tailLines ?? Infinity));
    while (!signal.aborted && left > 0) {
      next = Math.max(next, this.#dropped);
      const line = this.#lines[next - this.#dropped];
      if (line !== undefined) {
        next += 1;
        if (line.timeMs < sinceMs) continue;
        const bytes = formatLine(line, options.timestamps).subarray(0, left);
        left -= bytes.length;
        yield bytes;
      } else if (options.follow && !this.#ended) await this.#change(signal);
      else return;
    }
  }

  #push(line: Line): void {
    this.#lines.push(line);
    this.#bytes += line.bytes.length;
    while (this.#bytes > this.#maxBytes) {
      this.#bytes -= this.#lines.shift()?.bytes.length ?? 0;
      this.#dropped += 1;
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }
}

function formatLine({ timeMs, bytes }: Line, timestamps: boolean): Buffer {
  if (!timestamps) return bytes;
  const time = new Date(timeMs).toISOString().replace('Z', '000000Z');
  return Buffer.concat([Buffer.from(`${time} `), bytes]);
}
