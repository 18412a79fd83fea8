import { Command, InvalidArgumentError, Option } from 'commander';
import type { AutoscaleFlags } from './autoscale/run.ts';
import { number } from './flags.ts';
import type { Io } from './io.ts';
import { addPlaceOptions } from './place-flags.ts';

export function autoscaleCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('autoscale')
    .description('Create a CustomAutoscaler for a workload, with the flags of kubectl autoscale')
    .argument('[target...]', 'TYPE/NAME or TYPE NAME: what is scaled, anything that has a scale')
    .addOption(new Option('-f, --filename <file>', 'or the objects of this file; - is standard input'))
    .addOption(new Option('--min <pods>', "fewest pods (default: the API server's, 1)").argParser(pods))
    .addOption(new Option('--max <pods>', 'most pods; required').argParser(pods))
    .addOption(
      new Option(
        '--cpu <target>',
        'of all pods on average: 70% of what they request, or 500m for each (500 is the same); default 80%',
      ),
    )
    .addOption(
      new Option('--memory <target>', 'likewise: 60%, or 200Mi for each pod (200 is the same); default none'),
    )
    .addOption(new Option('--cpu-percent <percent>', 'deprecated: say --cpu=70%').argParser(percent))
    .addOption(new Option('--name <name>', "of the autoscaler (default: the target's)"))
    .addOption(
      new Option('--dry-run <strategy>', 'client: only print it; server: let the server check it too')
        .choices(['none', 'client', 'server'])
        .default('none'),
    )
    .addOption(
      new Option('-o, --output <format>', 'print what was created').choices(['yaml', 'json', 'name']),
    );
  return addPlaceOptions(command, 'of the target')
    .addHelpText(
      'after',
      `
Refused when an HPA or another CustomAutoscaler scales the target already.
Exit code: 0 if all of them were created (or would be, in a dry run); 2 if not.

Examples:
  plimsoll autoscale deployment/web --min 2 --max 10 --cpu 70%
  plimsoll autoscale deploy web --max 10 --memory 200Mi --dry-run client -o yaml`,
    )
    .action(async (target: readonly string[], flags: AutoscaleFlags) => {
      const { runAutoscale } = await import('./autoscale/run.ts'); // Late: it loads the API client.
      done(await runAutoscale(target, flags, io));
    });
}

/** kubectl takes a negative number for none. */
function pods(text: string): number {
  return number(text, { min: -1, max: 2_147_483_647, whole: true, what: 'a whole number of pods' });
}

function percent(text: string): number {
  const value = number(text, {
    min: -1,
    max: 2_147_483_647,
    whole: true,
    what: 'a whole number, in percent',
  });
  if (value === 0) throw new InvalidArgumentError('Allowed is a whole number above 0, in percent.');
  return value;
}
