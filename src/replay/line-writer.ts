import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** A write for each line would cost more than the line. */
const flushAtLength = 64 * 1024;

/** Writes lines in larger pieces, no faster than they are read. */
export class LineWriter {
  readonly #stream: Writable;
  readonly #beforeWrite: () => void;
  #waiting = '';

  /** @param beforeWrite called before each piece, for what must leave the screen first */
  constructor(stream: Writable, beforeWrite: () => void = () => undefined) {
    this.#stream = stream;
    this.#beforeWrite = beforeWrite;
  }

  /** Takes a line; there is something to wait for only when the reader is behind. */
  line(text: string): Promise<void> | undefined {
    this.#waiting += `${text}\n`;
    return this.#waiting.length < flushAtLength ? undefined : this.flush();
  }

  /** Writes what is waiting; resolves when the reader has room for more. */
  async flush(): Promise<void> {
    if (this.#waiting === '') return;
    const piece = this.#waiting;
    this.#waiting = '';
    this.#beforeWrite();
    if (!this.#stream.write(piece)) await once(this.#stream, 'drain');
  }
}
