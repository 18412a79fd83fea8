import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from './programs.ts';

/**
 * One program of the control plane as a process; what it says goes to `NAME.log` in the folder. It is given a pipe as standard
 * input that nobody writes to: our own build ends when that closes, so that nothing outlives whoever started it.
 */
export class Part {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #logFile: string;
  readonly #ended: Promise<unknown>;

  constructor(name: string, [file, ...args]: Program, flags: readonly string[], folder: string) {
    this.#name = name;
    this.#logFile = join(folder, `${name}.log`);
    const log = openSync(this.#logFile, 'a');
    this.#process = spawn(file, [...args, ...flags], {
      cwd: folder,
      stdio: ['pipe', log, log],
      env: { PATH: process.env.PATH, HOME: folder, CONTROLPLANE_FOLDER: folder },
    });
    closeSync(log);
    this.#ended = once(this.#process, 'exit').catch(() => undefined); // never started: lastWords tells
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get running(): boolean {
    const { exitCode, signalCode, pid } = this.#process;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /** For an error message: how it ended and the end of its log. */
  lastWords(): string {
    const { exitCode, signalCode } = this.#process;
    const log = readFileSync(this.#logFile, 'utf8').trim().split('\n').slice(-8).join('\n');
    return `${this.#name} ended (${String(exitCode ?? signalCode ?? 'not started')}): ${log}`;
  }

  async kill(): Promise<void> {
    this.killNow();
    await this.#ended;
  }

  killNow(): void {
    if (this.running) this.#process.kill('SIGKILL');
  }
}
