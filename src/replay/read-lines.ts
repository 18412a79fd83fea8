import { createGunzip } from 'node:zlib';
import { inputError } from './input-error.ts';

/** One file, or standard input, by the name under which errors tell of it. */
export interface Input {
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
}

export interface Line {
  /** Counted from 1, empty lines included. */
  readonly number: number;
  readonly text: string;
}

/** One line, a whole scenario, is all that is held at a time; so it has an end. */
const maxLineBytes = 256 * 1024 * 1024;

const newline = 0x0a;

/**
 * The lines of an input that are not empty, as they come in; gzip is told by its content. A byte order mark is passed over.
 * @throws UserError naming the line, for gzip that ends early or is damaged, text that is not UTF-8, or a line without an end
 */
export async function* readLines({ name, chunks }: Input, limitBytes = maxLineBytes): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes: Buffer, line: number): string => {
    try {
      return decoder.decode(bytes);
    } catch (cause) {
      throw inputError({ input: name, line }, { expected: 'text in UTF-8', found: 'other bytes', cause });
    }
  };
  let number = 1;
  try {
    for await (const bytes of splitLines(plainChunks(chunks), limitBytes)) {
      const text = decode(bytes, number);
      if (text.trim() !== '') yield { number, text };
      number += 1;
    }
  } catch (error) {
    throw readError(error, name, number, limitBytes);
  }
}

function readError(error: unknown, input: string, line: number, limitBytes: number): unknown {
  if (error instanceof LineTooLong) {
    const expected = `a line of at most ${limitBytes} bytes`;
    return inputError({ input, line }, { expected, found: 'a longer one', cause: error });
  }
  if (!isZlibError(error)) return error;
  const found = error.code === 'Z_BUF_ERROR' ? 'its end: the file is cut short' : 'damage';
  return inputError({ input, line }, { expected: 'more gzip data', found, cause: error });
}

class LineTooLong extends Error {}

/** Bytes between newlines; the last line needs none. */
async function* splitLines(chunks: AsyncIterable<Buffer>, limitBytes: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)]);
      parts = [];
      length = 0;
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > limitBytes) throw new LineTooLong();
  }
  if (length > 0) yield Buffer.concat(parts);
}

/** The content, unpacked where it begins as gzip does. */
async function* plainChunks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const rest = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await rest.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const all = rejoin(head, rest);
  yield* head[0] === 0x1f && head[1] === 0x8b ? gunzip(all) : all;
}

async function* rejoin(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/**
 * Chunk by chunk rather than through a pipe: a stream that fails throws away what was not yet read of it, and what stands
 * before the damage is to be replayed.
 */
async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unzip = createGunzip({ chunkSize: 256 * 1024 });
  const ready: Buffer[] = [];
  let failure: Error | undefined;
  unzip.on('data', (chunk: Buffer) => ready.push(chunk));
  unzip.on('error', (error) => (failure = error));
  const closed = new Promise<void>((resolve) => unzip.once('close', resolve));
  try {
    for await (const chunk of chunks) {
      const written = new Promise<void>((resolve) => unzip.write(chunk, () => resolve()));
      await Promise.race([written, closed]); // Damage closes the stream without an answer to the write.
      yield* ready.splice(0);
      if (failure !== undefined) throw failure;
    }
    unzip.end();
    await closed;
    yield* ready.splice(0);
    if (failure !== undefined) throw failure;
  } finally {
    unzip.destroy();
  }
}

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_');
}
