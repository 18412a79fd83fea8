import { readFileSync, readdirSync } from 'node:fs';
import { platform } from 'node:os';

import pidusage from 'pidusage';

/** What a process and everything it started have used. */
export interface Usage {
  /** CPU time since the start, in nanoseconds. */
  readonly cpuNanos: number;
  /** Resident now, in bytes. */
  readonly memoryBytes: number;
}

/** Reads the usage of several processes at once; one that is gone is absent. */
export type UsageReader = (pids: readonly number[]) => Promise<Map<number, Usage>>;

/**
 * On Linux from /proc, where each leader's session counts as a whole: the time of children that have ended is in their
 * parent's. Elsewhere from pidusage, which sees the leader only.
 */
export const readUsage: UsageReader = platform() === 'linux' ? readProc : readPidusage;

/** USER_HZ is 100 on every Linux that Node runs on. */
const nanosPerTick = 10_000_000;

function readProc(pids: readonly number[]): Promise<Map<number, Usage>> {
  const result = new Map<number, Usage>();
  const leaders = new Set(pids);
  for (const name of leaders.size > 0 ? readdirSync('/proc') : []) {
    const stat = /^\d+$/.test(name) ? parseStat(readText(`/proc/${name}/stat`)) : undefined;
    if (stat === undefined || !leaders.has(stat.session)) continue;
    const sum = result.get(stat.session) ?? { cpuNanos: 0, memoryBytes: 0 };
    result.set(stat.session, {
      cpuNanos: sum.cpuNanos + stat.ticks * nanosPerTick,
      memoryBytes: sum.memoryBytes + residentBytes(readText(`/proc/${name}/status`)),
    });
  }
  return Promise.resolve(result);
}

/** A process may end between two reads: no text then. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}

/** Fields of proc(5) stat after the name, which may hold spaces and brackets: state ppid pgrp session ... */
export function parseStat(text: string): { session: number; ticks: number } | undefined {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const session = fields[3];
  if (session === undefined || Number.isNaN(session)) return undefined;
  const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
  return { session, ticks };
}

function residentBytes(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

async function readPidusage(pids: readonly number[]): Promise<Map<number, Usage>> {
  if (pids.length === 0) return new Map();
  const stats = await pidusage([...pids]).catch((error: unknown) => {
    // pidusage fails when none of the processes is there any more.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || /No matching pid/i.test(String(error)))
      return {};
    throw error;
  });
  return new Map(
    Object.entries(stats).map(([pid, { ctime, memory }]) => [
      Number(pid),
      { cpuNanos: Math.round(ctime * 1e6), memoryBytes: memory },
    ]),
  );
}
