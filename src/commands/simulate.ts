import { Command, InvalidArgumentError, Option } from 'commander';
import { durationOption, number, outputOption, positiveDuration } from './flags.ts';
import type { Io } from './io.ts';
import { featureGates } from './operator.ts';
import { profileFlagHelp } from './profile-flag.ts';
import type { SimulateFlags } from './simulate/run.ts';

export function simulateCommand(io: Io, done: (exitCode: number) => void): Command {
  return new Command('simulate')
    .description('What would these policies do? Runs each on a load and a model of the app, in no time')
    .argument('<files...>', 'files with a CustomAutoscaler or HorizontalPodAutoscaler each, or several')
    .requiredOption('--profile <text>', profileFlagHelp)
    .addOption(
      new Option('--capacity <rate>', 'requests a second that one pod handles at most')
        .argParser((text) => number(text, { min: 0.001, max: 1_000_000, what: 'a number above 0' }))
        .makeOptionMandatory(),
    )
    .addOption(durationOption('--start-up <duration>', 'until a new pod is ready', 20_000))
    .option('--queue', 'what cannot be handled at once waits, instead of being lost', false)
    .addOption(
      new Option(
        '--patience <duration>',
        'with --queue: longer is short of capacity (default: 1m0s)',
      ).argParser(positiveDuration),
    )
    .addOption(
      new Option(
        '--begin <time>',
        'RFC 3339, such as 2027-05-04T05:00:00+02:00: when the load begins, for schedules (default: now)',
      ).argParser(timeOf),
    )
    .addOption(
      new Option('--replicas <n>', 'at the beginning (default: the minimum, at least 1)').argParser((text) =>
        number(text, { min: 1, max: 100_000, whole: true, what: 'a whole number from 1 to 100000' }),
      ),
    )
    .addOption(
      new Option('--seed <n>', 'of poisson arrivals')
        .argParser((text) =>
          number(text, {
            min: 0,
            max: 2 ** 32 - 1,
            whole: true,
            what: 'a whole number from 0 to 4294967295',
          }),
        )
        .default(1),
    )
    .addOption(
      new Option('--feature-gates <gates>', 'as of the operator: HPAScaleToZero=true').argParser(
        featureGates,
      ),
    )
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
At its capacity a pod uses all of its CPU request. Metrics that belong to no
pod read the load, with --queue what waits. docs/policies.md shows the model.

Exit code: 0 if every policy was simulated; 2 for a wrong one.

Examples:
  plimsoll simulate now.yaml better.yaml --capacity 10 \\
    --profile '20/s for 10m, to 200/s over 5m, 200/s for 30m, 20/s for 15m'
  plimsoll simulate office.yaml --capacity 10 --profile @day.csv \\
    --begin 2027-05-04T05:00:00+02:00 -o json`,
    )
    .action(async (files: readonly string[], flags: SimulateFlags) => {
      const { runSimulate } = await import('./simulate/run.ts'); // Late: it loads all that decides.
      done(runSimulate(files, flags, io));
    });
}

function timeOf(text: string): number {
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const ms = isWhole ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw new InvalidArgumentError('Allowed is a time with its zone, such as 2027-05-04T05:00:00+02:00.');
  return ms;
}
