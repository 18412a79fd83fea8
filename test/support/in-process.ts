import { PassThrough, type Readable, Writable } from 'node:stream';
import { run } from '../../src/commands/program.ts';
import { UserError } from '../../src/lib/errors.ts';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a `plimsoll` command in this process, as main does; a mistake of the user ends on stderr. */
export async function runInProcess(
  argv: readonly string[],
  {
    stdin = new PassThrough(),
    signal = new AbortController().signal,
  }: { stdin?: Readable; signal?: AbortSignal } = {},
): Promise<CommandResult> {
  const [stdout, stderr] = [new Collector(), new Collector()];
  const io = { stdin, stdout, stderr, env: {}, signal, onExit: () => undefined };
  try {
    const code = await run(argv, io);
    return { code, stdout: stdout.text, stderr: stderr.text };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const told = `${stderr.text}plimsoll: ${error.message}\n`;
    return { code: error.exitCode, stdout: stdout.text, stderr: told };
  }
}

class Collector extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
