import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../examples/walkthrough/app/server.js', import.meta.url));

export interface AppProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it printed so far, line by line. */
  readonly lines: string[];
  /** The exit code, once it has ended. */
  readonly exit: Promise<number | null>;
  /** Resolves when a line was printed that fits. */
  printed(pattern: RegExp): Promise<void>;
}

/** Starts the walkthrough's app as a process of its own on a free port of loopback; resolves when it listens. */
export async function startApp(env: Record<string, string> = {}): Promise<AppProcess> {
  const app = spawnApp({ HOST: '127.0.0.1', PORT: '0', POD_NAME: 'web-1', ...env });
  await app.printed(/listens on/);
  const [, address = '', port = ''] = /listens on (\S+) port (\d+)/.exec(app.lines.join('\n')) ?? [];
  return { ...app, url: `http://${address}:${port}` };
}

/** Starts it with this environment and nothing else, and waits for nothing. */
export function spawnApp(env: Record<string, string>): AppProcess {
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      lines.push(line);
      for (const check of waiting) check();
    });
  }
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const printed = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (lines.some((line) => pattern.test(line))) resolve();
      };
      waiting.add(check);
      check();
      void exit.then(() =>
        reject(new Error(`ended without printing ${String(pattern)}: ${lines.join('\n')}`)),
      );
    });
  return { url: '', child, lines, exit, printed };
}
