import { ChunkedBody } from './chunked-body.ts';
import { type Asked, MalformedResponse, parseHead, type ResponseHead } from './response-head.ts';

const longestHead = 65_536;
const endOfHead = Buffer.from('\r\n\r\n');
const [carriageReturn, lineFeed] = [0x0d, 0x0a];

interface Parsed {
  /** With the empty line. */
  readonly bytes: Buffer;
  readonly head: ResponseHead;
}

/** Reads the answers of one connection, one after the other, in whatever pieces they arrive. Bodies are not kept. */
export class ResponseReader {
  readonly #asked: Asked;
  #pending: Buffer | undefined;
  #head: ResponseHead | undefined;
  #bodyLeft = 0;
  #chunks: ChunkedBody | undefined;
  /** The latest head. */
  #last: Parsed | undefined;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  /** Some of the present answer has come. */
  get started(): boolean {
    return this.#pending !== undefined || this.#head !== undefined;
  }

  /**
   * Takes the next piece. It keeps nothing of it: the piece may be overwritten afterwards.
   * @returns the head of the answer that this piece completes; undefined while it goes on
   * @throws MalformedResponse also when there is more than the one answer that was asked for
   */
  push(piece: Buffer): ResponseHead | undefined {
    let rest = piece;
    while (this.#head === undefined) {
      const after = this.#readHead(rest);
      if (after === undefined) return undefined;
      rest = after;
    }
    const end = this.#readBody(this.#head, rest);
    if (end === undefined) return undefined;
    if (end < rest.length) throw new MalformedResponse('more bytes than the answer has');
    return this.#finish(this.#head);
  }

  /** The connection ended: the answer that this completes, if the end is how it says that it is complete. */
  end(): ResponseHead | undefined {
    return this.#head?.body.type === 'untilClose' ? this.#finish(this.#head) : undefined;
  }

  /** Sets the head, skipping interim answers (1xx); returns what follows it, or undefined when it is not complete. */
  #readHead(piece: Buffer): Buffer | undefined {
    const data = this.#pending === undefined ? piece : Buffer.concat([this.#pending, piece]);
    const found = this.#sameAsLast(data) ?? this.#parse(data);
    if (found === undefined) {
      // Only what was joined is ours already.
      if (data.length > 0) this.#pending = data === piece ? Buffer.from(piece) : data;
      return undefined;
    }
    this.#pending = undefined;
    this.#last = found;
    if (found.head.status >= 200) this.#startBody(found.head);
    return data.subarray(found.bytes.length);
  }

  /** Most answers of a connection begin byte for byte as the one before, within a second at least: that is parsed once. */
  #sameAsLast(data: Buffer): Parsed | undefined {
    const length = this.#last?.bytes.length ?? Infinity;
    return data.length >= length && this.#last?.bytes.compare(data, 0, length) === 0 ? this.#last : undefined;
  }

  #parse(data: Buffer): Parsed | undefined {
    const end = data.indexOf(endOfHead);
    if (end > longestHead || (end === -1 && data.length > longestHead))
      throw new MalformedResponse('a head longer than 64 KiB');
    if (end === -1) {
      refuseGarbage(data);
      return undefined;
    }
    const head = parseHead(data.toString('latin1', 0, end), this.#asked);
    if (head.status === 101) throw new MalformedResponse('a change of protocol that nobody asked for');
    return { bytes: Buffer.from(data.subarray(0, end + endOfHead.length)), head };
  }

  #startBody(head: ResponseHead): void {
    this.#head = head;
    this.#bodyLeft = head.body.type === 'fixed' ? head.body.bytes : 0;
    this.#chunks = head.body.type === 'chunked' ? new ChunkedBody() : undefined;
  }

  /** Where the body ended in this piece. */
  #readBody(head: ResponseHead, piece: Buffer): number | undefined {
    if (head.body.type === 'untilClose') return undefined;
    if (this.#chunks !== undefined) return this.#chunks.read(piece, 0);
    const taken = Math.min(this.#bodyLeft, piece.length);
    this.#bodyLeft -= taken;
    return this.#bodyLeft === 0 ? taken : undefined;
  }

  #finish(head: ResponseHead): ResponseHead {
    this.#head = undefined;
    this.#chunks = undefined;
    return head;
  }
}

/** What does not begin as an HTTP answer, or has other line ends, will never become one: say so before 64 KiB of it. */
function refuseGarbage(data: Buffer): void {
  const begin = data.toString('latin1', 0, 7);
  if (!'HTTP/1.'.startsWith(begin))
    throw new MalformedResponse(`not an HTTP/1.x answer: ${JSON.stringify(begin)}`);
  for (let at = data.indexOf(lineFeed); at !== -1; at = data.indexOf(lineFeed, at + 1)) {
    if (data[at - 1] !== carriageReturn)
      throw new MalformedResponse('a line of the head that does not end in CR LF');
  }
}
