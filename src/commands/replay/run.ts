import { systemClock } from '../../lib/clock.ts';
import { UserError } from '../../lib/errors.ts';
import { openInputs, standardInput } from '../../replay/inputs.ts';
import { LineWriter } from '../../replay/line-writer.ts';
import { printers } from '../../replay/print.ts';
import { Progress } from '../../replay/progress.ts';
import { replay } from '../../replay/replay.ts';
import { Report } from '../../replay/report.ts';
import type { Totals } from '../../replay/totals.ts';
import type { Io } from '../io.ts';

export interface ReplayFlags {
  readonly check: boolean;
  /** Absent: JSON for results, a sentence for the totals. */
  readonly output?: 'json' | 'table';
}

/** @returns the process's exit code */
export async function runReplay(files: readonly string[], flags: ReplayFlags, io: Io): Promise<number> {
  if (files.filter((file) => file === standardInput).length > 1) {
    throw new UserError('- is given twice: standard input can be read once');
  }
  const progress = new Progress(io.stderr, () => systemClock.monotonicMs());
  const writer = new LineWriter(io.stdout, () => progress.clear());
  const report = new Report(printers[flags.output ?? 'lines'], {
    result: (line) => writer.line(line),
    remark: (line) => {
      progress.clear();
      io.stderr.write(`plimsoll: ${line}\n`);
    },
  });
  try {
    for await (const replayed of replay(openInputs(files, io.stdin, io.signal))) {
      await (flags.check ? report.check(replayed) : report.show(replayed));
      await writer.flush();
      progress.update(report.totals);
    }
  } catch (error) {
    if (io.signal.aborted) return 130;
    throw error;
  } finally {
    progress.clear();
    await writer.flush();
  }
  if (flags.check) {
    await writer.line(printers[flags.output ?? 'lines'].totals(report.totals));
    await writer.flush();
  }
  return exitCode(report.totals);
}

function exitCode({ differences, skipped, unexpected }: Totals): number {
  return differences + skipped + unexpected === 0 ? 0 : 1;
}
