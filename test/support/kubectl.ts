import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, runProgram } from './processes.ts';

const program = process.env.KUBECTL ?? 'kubectl';

/** The client's version, such as `1.32`; undefined when no kubectl is on the PATH. */
export const kubectlVersion: string | undefined = readVersion();

function readVersion(): string | undefined {
  try {
    const text = execFileSync(program, ['version', '--client', '-o', 'json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { clientVersion } = JSON.parse(text.toString()) as {
      clientVersion: { major: string; minor: string };
    };
    return `${clientVersion.major}.${Number.parseInt(clientVersion.minor, 10)}`;
  } catch {
    return undefined;
  }
}

/** The real kubectl with a home and a discovery cache of its own. */
export class Kubectl {
  readonly home = mkdtempSync(join(tmpdir(), 'plimsoll-kubectl-'));
  readonly env: NodeJS.ProcessEnv;

  constructor(kubeconfig: string, env: NodeJS.ProcessEnv = {}) {
    this.env = { PATH: process.env.PATH, HOME: this.home, KUBECONFIG: kubeconfig, ...env };
  }

  /** Runs kubectl; `words` are split at spaces, further arguments are passed as they are. */
  async try(
    words: string,
    args: readonly string[] = [],
    input?: string,
    env: NodeJS.ProcessEnv = {},
  ): Promise<Ended> {
    return runProgram(program, [...words.split(' '), ...args], {
      env: { ...this.env, ...env },
      timeoutMs: 120_000,
      ...(input === undefined ? {} : { input }),
    });
  }

  /** Runs kubectl and gives its stdout. @throws when it fails */
  async run(
    words: string,
    args: readonly string[] = [],
    input?: string,
    env: NodeJS.ProcessEnv = {},
  ): Promise<string> {
    const ended = await this.try(words, args, input, env);
    if (ended.code !== 0)
      throw new Error(`kubectl ${words} ended with ${String(ended.code)}: ${ended.stderr}${ended.stdout}`);
    return ended.stdout;
  }

  /** Starts a kubectl that does not end by itself, such as `get -w`. */
  start(words: string): ChildProcess {
    return spawn(program, words.split(' '), { env: this.env, stdio: ['ignore', 'pipe', 'ignore'] });
  }

  close(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
