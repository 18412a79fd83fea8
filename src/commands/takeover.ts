import { Command, InvalidArgumentError, Option } from 'commander';
import { count, durationOption, number, outputOption, positiveDuration } from './flags.ts';
import type { Io } from './io.ts';
import { addPlaceOptions } from './place-flags.ts';
import type { HandbackFlags, TakeoverFlags } from './takeover/run.ts';

export function takeoverCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('takeover')
    .description('Take a live HorizontalPodAutoscaler over: shadow it, compare, then switch')
    .argument('<hpa/NAME>', 'the HorizontalPodAutoscaler', hpaName)
    .option('--confirm', 'switch, once the shadow has agreed for long enough', false)
    .addOption(
      new Option('--min-agreement <percent>', 'evaluations in which both wanted the same count')
        .argParser((text) => number(text, { min: 0, max: 100, what: 'a percentage from 0 to 100' }))
        .default(95),
    )
    .addOption(
      new Option('--min-ticks <count>', 'evaluations that are compared at least')
        .argParser(count)
        .default(20),
    )
    .addOption(
      durationOption('--timeout <duration>', 'how long to wait for agreement', 900_000, positiveDuration),
    );
  return common(command)
    .addHelpText(
      'after',
      `
Without --confirm a CustomAutoscaler of the same name is made in mode DryRun
beside the HorizontalPodAutoscaler, which goes on as before; run it again to
see how far the two agree. With --confirm it waits for agreement, makes the
CustomAutoscaler Active and removes the HorizontalPodAutoscaler. No replica
moves by the switch. Interrupted, it goes on when it is run again; plimsoll
handback undoes it. docs/takeover.md says what happens at each step.
Exit code: 0 when the shadow is there or the switch is done; 1 if the two did
not agree in time; 2 if it cannot be done; 130 when interrupted.

Examples:
  plimsoll takeover hpa/web -n shop
  plimsoll takeover hpa/web -n shop --confirm`,
    )
    .action(async (name: string, flags: TakeoverFlags) => {
      const { runTakeover } = await import('./takeover/run.ts'); // Late: it loads the API client.
      done(await runTakeover(name, flags, io));
    });
}

export function handbackCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('handback')
    .description('Give a target back to the HorizontalPodAutoscaler that takeover took it from')
    .argument('<name>', 'the CustomAutoscaler that takeover made', autoscalerName)
    .option('--confirm', 'do it; without it, what would be done is said', false);
  return common(command)
    .addHelpText(
      'after',
      `
The HorizontalPodAutoscaler is made anew as it was; from then on the
CustomAutoscaler writes nothing, and is removed. A shadow that was never
confirmed is removed. Interrupted, it goes on when it is run again.
Exit code: 0 when it is done, or was said; 2 if it cannot be done; 130 when
interrupted.

Examples:
  plimsoll handback web -n shop
  plimsoll handback web -n shop --confirm`,
    )
    .action(async (name: string, flags: HandbackFlags) => {
      const { runHandback } = await import('./takeover/run.ts'); // Late: it loads the API client.
      done(await runHandback(name, flags, io));
    });
}

function common(command: Command): Command {
  return addPlaceOptions(command.addOption(outputOption()), 'where it is');
}

const subdomain = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

function hpaName(text: string): string {
  const [, name] = /^(?:hpa|horizontalpodautoscalers?(?:\.autoscaling)?)\/(.+)$/i.exec(text) ?? [];
  if (name === undefined || !subdomain.test(name))
    throw new InvalidArgumentError('Allowed is hpa/NAME, such as hpa/web; see kubectl get hpa.');
  return name;
}

function autoscalerName(text: string): string {
  const name = text.replace(/^(cas|customautoscalers?(\.plimsoll\.dev)?)\//i, '');
  if (!subdomain.test(name))
    throw new InvalidArgumentError('Allowed is the name of a CustomAutoscaler; see kubectl get cas.');
  return name;
}
