import { PassThrough } from 'node:stream';
import type { Io } from '../../src/commands/io.ts';
import { run } from '../../src/commands/program.ts';
import { errorMessage } from '../../src/lib/errors.ts';

export function operatorIo(
  env: Io['env'],
): Io & { readonly stdout: PassThrough; readonly stderr: PassThrough } {
  return {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env,
    signal: new AbortController().signal,
    onExit: () => undefined,
  };
}

/**
 * Runs the real command with arguments of a manifest and a kubeconfig that is not there: whoever gets as far as looking for it has
 * accepted all the others.
 * @returns what it ended with, in words
 */
export async function tryOperator(
  args: readonly string[],
  io: ReturnType<typeof operatorIo>,
): Promise<string> {
  try {
    const code = await run([...args, '--kubeconfig=/not/there'], io);
    return `exit code ${code}: ${String(io.stderr.read() ?? '')}`;
  } catch (error) {
    return errorMessage(error);
  }
}
