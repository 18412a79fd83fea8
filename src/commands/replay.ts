import { Command, Option } from 'commander';
import type { Io } from './io.ts';
import type { ReplayFlags } from './replay/run.ts';

export function replayCommand(io: Io, done: (exitCode: number) => void): Command {
  return new Command('replay')
    .description(
      'Decide recorded ticks again: what would this autoscaler have done, and is it what was done?',
    )
    .argument('<files...>', 'recordings, one scenario a line, also gzipped; - is standard input')
    .option('--check', 'compare with what was recorded, and print only differences and totals', false)
    .addOption(
      new Option(
        '-o, --output <format>',
        'json: one object a line, the totals too; table: for people (default: json, the totals in words)',
      ).choices(['json', 'table']),
    )
    .addHelpText(
      'after',
      `
Exit code: 0 if every scenario was replayed, and with --check is as recorded;
1 if not, or a scenario was skipped; 2 for an input that is no recording.
docs/replay.md has the format.

Examples:
  plimsoll replay recording.jsonl.gz --output table
  plimsoll replay --check recording.jsonl.gz
  gunzip -c *.jsonl.gz | plimsoll replay --check -`,
    )
    .action(async (files: readonly string[], flags: ReplayFlags) => {
      const { runReplay } = await import('./replay/run.ts'); // Late: it loads all that decides.
      done(await runReplay(files, flags, io));
    });
}
