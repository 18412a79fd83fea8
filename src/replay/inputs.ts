import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { fileTrouble } from '../lib/file-trouble.ts';
import { inputError } from './input-error.ts';
import type { Input } from './read-lines.ts';

/** What the command line calls standard input. */
export const standardInput = '-';

/** The inputs by their names, each opened when its turn comes; the signal ends reading. */
export function* openInputs(
  names: readonly string[],
  stdin: Readable,
  signal: AbortSignal,
): Generator<Input> {
  for (const name of names) {
    const isStandard = name === standardInput;
    const shown = isStandard ? 'standard input' : name === '' ? '""' : name;
    const stream = isStandard ? stdin : createReadStream(name);
    yield { name: shown, chunks: chunksOf(addAbortSignal(signal, stream), shown) };
  }
}

async function* chunksOf(stream: Readable, input: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (code === 'ABORT_ERR') throw cause;
    const found = fileTrouble(cause);
    throw inputError({ input }, { expected: 'a file of scenarios', found, cause });
  }
}
