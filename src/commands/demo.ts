import { Command, Option } from 'commander';
import { defaultPhases, variants } from './demo/scenario.ts';
import type { Variant } from './demo/scenario.ts';
import { durationOption, outputOption, positiveDuration } from './flags.ts';
import type { Io } from './io.ts';
import { checkReport, reportOption } from './report-file.ts';

interface DemoFlags {
  readonly operator: boolean;
  readonly by: Variant;
  readonly peak: number;
  readonly quiet: number;
  readonly output: 'text' | 'json';
  readonly report?: string;
}

export function demoCommand(io: Io, done: (exitCode: number) => void): Command {
  return new Command('demo')
    .description(
      'The whole walkthrough on this machine: dev cluster, operator, example app and load; 1 pod to many and back',
    )
    .addOption(
      new Option(
        '--by <metric>',
        "what scales the app: its pods' CPU, or requests a second from their /metrics",
      )
        .choices(Object.keys(variants))
        .default('cpu'),
    )
    .option('--no-operator', 'load without autoscaling, to see the difference; exits 1, since nothing scales')
    .addOption(
      durationOption(
        '--peak <duration>',
        'how long the load stays at its peak',
        defaultPhases.peakMs,
        positiveDuration,
      ),
    )
    .addOption(
      durationOption(
        '--quiet <duration>',
        'how long the quiet phase after it lasts',
        defaultPhases.quietMs,
        positiveDuration,
      ),
    )
    .addOption(outputOption())
    .addOption(reportOption())
    .addHelpText(
      'after',
      `
Takes about two minutes. Exit code: 0 if the app was scaled up and back down,
1 if not, 130 after Ctrl-C.

Example:
  npm run demo
  npm run demo -- --by requests
  npm run -s demo -- --output json > demo.json`,
    )
    .action(async (flags: DemoFlags) => {
      await checkReport(flags.report);
      const phases = { ...defaultPhases, peakMs: flags.peak, quietMs: flags.quiet };
      const { runDemo } = await import('./demo/run.ts'); // Late, so that --help and other commands start at once.
      done(await runDemo({ ...flags, phases }, io));
    });
}
