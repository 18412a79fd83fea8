import { existsSync, readdirSync, readFileSync } from 'node:fs';

const mostMs = 10_000;

/**
 * Kills a process and returns when it is dead: a signal only asks for that, and on a busy machine the process has its
 * sockets for some time yet. It blocks the thread, so that nothing that lives on it sends the process anything meanwhile.
 * Where there is no /proc it does not wait.
 * @throws Error when the process does not die
 */
export function killNow(pid: number): void {
  process.kill(pid, 'SIGKILL');
  const deadline = performance.now() + mostMs;
  while (existsSync('/proc/self') && !isDead(pid)) {
    if (performance.now() > deadline) throw new Error(`Cannot go on as process ${pid} does not die`);
    Atomics.wait(pause, 0, 0, 1);
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Gone, or a zombie without threads: those would hold its sockets. */
function isDead(pid: number): boolean {
  const folder = `/proc/${pid}`;
  if (!existsSync(folder)) return true;
  const state = readFileSync(`${folder}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .charAt(0);
  return state === 'Z' && readdirSync(`${folder}/task`).length === 1;
}
