import { MalformedResponse } from './response-head.ts';

const longestLine = 16_384;
const lineFeed = 0x0a;

/** Finds the end of a chunked body (RFC 9112, section 7.1), whatever the pieces in which it arrives. Keeps no data. */
export class ChunkedBody {
  #state: 'size' | 'data' | 'afterData' | 'trailer' = 'size';
  #left = 0;
  #line = '';

  /**
   * Reads on from `offset`.
   * @returns where the body ended in this piece, or undefined when it goes on after it
   * @throws MalformedResponse
   */
  read(piece: Buffer, offset: number): number | undefined {
    let at = offset;
    while (at < piece.length) {
      if (this.#state === 'data') {
        at = this.#skipData(piece, at);
        continue;
      }
      const feed = piece.indexOf(lineFeed, at);
      this.#take(piece.toString('latin1', at, feed === -1 ? piece.length : feed));
      if (feed === -1) return undefined;
      at = feed + 1;
      if (this.#endLine()) return at;
    }
    return undefined;
  }

  #skipData(piece: Buffer, at: number): number {
    const skipped = Math.min(this.#left, piece.length - at);
    this.#left -= skipped;
    if (this.#left === 0) this.#state = 'afterData';
    return at + skipped;
  }

  #take(text: string): void {
    this.#line += text;
    if (this.#line.length > longestLine) throw new MalformedResponse('a chunk line longer than 16 KiB');
  }

  /** Whether the line just completed was the last one of the body. */
  #endLine(): boolean {
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
    this.#line = '';
    if (this.#state === 'trailer') return line === '';
    if (this.#state === 'size') this.#startChunk(line);
    else if (line === '') this.#state = 'size';
    else throw new MalformedResponse('a chunk longer than its stated size');
    return false;
  }

  #startChunk(line: string): void {
    const match = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(line);
    if (!match) throw new MalformedResponse(`not a chunk size: ${JSON.stringify(line.slice(0, 40))}`);
    this.#left = Number.parseInt(match[1] ?? '', 16);
    this.#state = this.#left === 0 ? 'trailer' : 'data';
  }
}
