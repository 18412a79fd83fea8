import type { Readable, Writable } from 'node:stream';
import { type ViewOptions, wantsColor } from '../report/style.ts';

/** A terminal, a pipe or, in tests, a buffer. */
export type Output = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** What a command has of the process around it. stdout carries results, stderr progress. */
export interface Io {
  /** Taken only by a command that reads it: taking it keeps a process waiting for its end. */
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by SIGINT or SIGTERM (the reason is the signal's name): end cleanly. */
  readonly signal: AbortSignal;
  /** Registers what must run, synchronously, however the process ends. */
  readonly onExit: (hook: () => void) => void;
}

/** How wide a view on this output may be, and whether it may have colours. */
export function viewOptions(output: Output, io: Io): ViewOptions {
  return { width: output.columns ?? 80, color: wantsColor(output, io.env) };
}
