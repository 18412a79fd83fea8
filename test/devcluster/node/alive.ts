import { readFileSync } from 'node:fs';

/** Whether a process still runs; one that has ended and waits for its parent to notice does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    // ESRCH: no such process. ENOENT of /proc: it went between the two, or this system has no /proc and it was there.
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return false;
    if (code === 'ENOENT') return path !== undefined && process.platform !== 'linux';
    throw error;
  }
}
