import { type RootCommand, ShellCompDirective } from '@bomb.sh/tab';
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { type Asked, whatIsAsked } from './asked.ts';
import { namesFromCluster } from './names.ts';

/** Prints the script for a shell; the library writes to stdout itself. */
export function printScript(program: Command, shell: string): void {
  completed(program).setup('plimsoll', 'plimsoll', shell);
}

/** Prints the completions of the last word, one a line, and what the shell is to do with them. */
export async function complete(program: Command, words: readonly string[], io: Io): Promise<void> {
  const asked = whatIsAsked(words);
  if (asked?.of === 'files') {
    io.stdout.write(`:${ShellCompDirective.ShellCompDirectiveDefault}\n`); // The shell's own completion.
    return;
  }
  const root = completed(program);
  if (asked !== undefined) offer(root, asked, await namesFromCluster(asked, words, io.signal));
  root.parse([...words]);
}

function completed(program: Command): RootCommand {
  return tab(program, { completionCommandName: 'completion' });
}

/** Names for the flag or the argument that they are asked for. */
function offer(root: RootCommand, { command, flag }: Asked, names: readonly string[]): void {
  const handler = (tell: (value: string, description: string) => void): void => {
    for (const name of names) tell(name, '');
  };
  const asking = root.commands.get(command);
  const part = flag === undefined ? [...(asking?.arguments.values() ?? [])][0] : asking?.options.get(flag);
  if (part !== undefined) part.handler = handler;
}
