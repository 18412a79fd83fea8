import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/plimsoll.js', import.meta.url));

/** A `plimsoll` command that goes on until it is ended. */
export interface Running extends AsyncDisposable {
  readonly process: ChildProcess;
  /** What it has told on standard error. */
  readonly told: () => string;
}

export function start(args: readonly string[]): Running {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (told += piece));
  return {
    process: child,
    told: () => told,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

/** The first line that a command prints. @throws Error when it ends before */
export async function firstLine({ process: { stdout }, told }: Running): Promise<string> {
  for await (const line of createInterface(stdout ?? Readable.from([]))) return line;
  throw new Error(`Cannot go on as a command ended without a word on standard output: ${told()}`);
}

/** All that a command prints until it ends. @throws Error when that is nothing */
export async function wholeOutput({ process: child, told }: Running): Promise<string> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  await once(child, 'close');
  if (text === '') throw new Error(`Cannot go on as a command printed nothing: ${told()}`);
  return text;
}
