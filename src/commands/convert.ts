import { Command, Option } from 'commander';
import type { ConvertFlags } from './convert/run.ts';
import type { Io } from './io.ts';
import { addPlaceOptions } from './place-flags.ts';

export function convertCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('convert')
    .description('Convert HorizontalPodAutoscalers and KEDA ScaledObjects to CustomAutoscalers')
    .argument(
      '<sources...>',
      'files or folders of YAML or JSON, - for standard input, or what a cluster has: hpa/NAME, scaledobject/NAME, hpa, scaledobject',
    )
    .addOption(
      new Option(
        '-o, --output <format>',
        'yaml: with comments on what changed and was not kept; json: one List',
      )
        .choices(['yaml', 'json'])
        .default('yaml'),
    )
    .option('--strict', 'exit with 1 when something was not kept', false)
    .option('-A, --all-namespaces', 'with hpa or scaledobject: those of all namespaces', false);
  return addPlaceOptions(command, 'of hpa/NAME and the like')
    .addHelpText(
      'after',
      `
Nothing is written to a cluster. Objects of other kinds are passed over.
Exit code: 0 if everything was converted, or is named as not kept; 1 if
something was not kept and --strict is given; 2 if a source is wrong, and
then nothing is printed on stdout.
docs/coming-from-the-hpa.md and docs/coming-from-keda.md say what becomes
of each field.

Examples:
  plimsoll convert hpa.yaml > autoscaler.yaml
  plimsoll convert --strict scaledobject/orders -n shop
  kubectl get hpa -A -o yaml | plimsoll convert - -o json`,
    )
    .action(async (sources: readonly string[], flags: ConvertFlags) => {
      const { runConvert } = await import('./convert/run.ts'); // Late: it loads the API client.
      done(await runConvert(sources, flags, io));
    });
}
