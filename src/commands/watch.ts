import { Command, Option } from 'commander';
import { outputOption, positiveDuration } from './flags.ts';
import type { Io } from './io.ts';
import { addPlaceOptions } from './place-flags.ts';
import type { WatchFlags } from './watch/run.ts';

export function watchCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('watch')
    .description('Watch autoscalers live: replicas, why, what comes next, metrics, pods and events')
    .argument('[name]', 'one autoscaler; without it a table of all, to choose from')
    .option('-A, --all-namespaces', 'those of all namespaces', false)
    .option('--plain', 'one line a change, as when the output is no terminal', false)
    .option('--ascii', 'no characters but ASCII', false)
    .addOption(outputOption())
    .addOption(
      new Option('--timeout <duration>', 'end after this time (default: never)').argParser(positiveDuration),
    );
  return addPlaceOptions(command, 'where the autoscalers are')
    .addHelpText(
      'after',
      `
On a terminal it fills the screen; q quits, ? lists the keys. Elsewhere, and
with --plain, it prints a line for each change; with --output json each is an
object. NO_COLOR and FORCE_COLOR are heeded. docs/watch.md shows it.
Exit code: 0 when it was ended by a key, a signal or --timeout; 2 if there is
nothing to watch.

Examples:
  plimsoll watch
  plimsoll watch web -n shop
  kubectl plimsoll watch web --plain --timeout 10m`,
    )
    .action(async (name: string | undefined, flags: WatchFlags) => {
      const { runWatch } = await import('./watch/run.ts'); // Late: it loads the API client.
      done(await runWatch(name, flags, io));
    });
}
