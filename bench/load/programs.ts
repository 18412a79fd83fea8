import { execFile, execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** The core that the server has for itself; the generator has the next. */
export const serverCore = 0;
const generatorCore = 1;

const mostMs = 60_000;

/** Where a program is; undefined when it is not on the PATH, nor where Debian has programs for administrators. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, or not for us: either way it is none that could be run.
  }
}

const taskset = findProgram('taskset');

/** Whether there is a core for each, and the means to keep them there. */
export const canPin = taskset !== undefined && hasCore(generatorCore);

function hasCore(core: number): boolean {
  try {
    execFileSync(taskset ?? 'taskset', ['-c', String(core), 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // Fewer cores, or not for us.
  }
}

/** The same command, kept on a core where that is possible. */
export function pinned(
  core: number,
  file: string,
  args: readonly string[],
): [file: string, args: readonly string[]] {
  return canPin && taskset !== undefined ? [taskset, ['-c', String(core), file, ...args]] : [file, args];
}

/** Runs a generator on its core and gives what it printed. @throws Error when it fails or takes too long */
export async function generate(file: string, args: readonly string[]): Promise<string> {
  const [program, words] = pinned(generatorCore, file, args);
  const env = { ...process.env, K6_NO_USAGE_REPORT: 'true' };
  const { stdout } = await promisify(execFile)(program, words, { timeout: mostMs, maxBuffer: 2 ** 26, env });
  return stdout;
}
