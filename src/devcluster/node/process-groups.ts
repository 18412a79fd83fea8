import { spawn } from 'node:child_process';
import { constants } from 'node:os';

export interface ProcessOptions {
  /** Program and arguments; no shell. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Buffer) => void;
}

export interface Exit {
  /** As a shell reports it: 128 + the signal's number when a signal ended it. */
  readonly exitCode: number;
  readonly signal?: number;
}

export interface LocalProcess {
  readonly pid: number;
  /** Resolves when the process has ended and its output has been read. Never rejects. */
  readonly exited: Promise<Exit>;
  /** SIGKILL goes to the whole group, others to the leader alone, as container runtimes do. */
  readonly signal: (signal: NodeJS.Signals) => void;
}

/**
 * All processes that the node has started, each the leader of a process group (and session) of its own. When a leader
 * ends, what is left of its group is killed; so is everything on close.
 */
export class ProcessGroups {
  readonly #running = new Map<number, LocalProcess>();
  #closed = false;

  /** Process ids of the leaders. */
  get pids(): number[] {
    return [...this.#running.keys()];
  }

  /** @throws the system's error when the program cannot be started */
  start({ argv, env, onOutput }: ProcessOptions): Promise<LocalProcess> {
    const [program = '', ...args] = argv;
    if (this.#closed) return Promise.reject(new Error('The node is shutting down'));
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
      child.once('error', reject);
      child.stdout.on('data', (chunk: Buffer) => onOutput?.('stdout', chunk));
      child.stderr.on('data', (chunk: Buffer) => onOutput?.('stderr', chunk));
      const { pid } = child;
      if (pid === undefined) return;
      const exited = new Promise<Exit>((done) => {
        let exit: Exit = { exitCode: 0 };
        child.once('exit', (code, signal) => {
          send(-pid, 'SIGKILL');
          exit = exitOf(code, signal);
        });
        child.once('close', () => {
          this.#running.delete(pid);
          done(exit);
        });
      });
      const started = {
        pid,
        exited,
        signal: (signal: NodeJS.Signals) => send(signal === 'SIGKILL' ? -pid : pid, signal),
      };
      this.#running.set(pid, started);
      child.once('spawn', () => resolve(started));
    });
  }

  /** Kills every group at once; for a process that is about to exit. Nothing can be started afterwards. */
  killAllNow(): void {
    this.#closed = true;
    for (const { pid } of this.#running.values()) send(-pid, 'SIGKILL');
  }

  /** Asks every process to end, kills what has not after `graceMs`, and waits until all are gone. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    const running = [...this.#running.values()];
    for (const { signal } of running) signal('SIGTERM');
    const timer = setTimeout(() => this.killAllNow(), graceMs);
    await Promise.all(running.map(({ exited }) => exited));
    clearTimeout(timer);
  }
}

function exitOf(code: number | null, signal: NodeJS.Signals | null): Exit {
  if (signal === null) return { exitCode: code ?? 0 };
  const number = constants.signals[signal];
  return { exitCode: 128 + number, signal: number };
}

/** What is already gone needs no signal. A negative number is a group's. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // EPERM: macOS says so of a group of which only zombies are left.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
