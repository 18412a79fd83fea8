import { type RootCommand, ShellCompDirective } from '@bomb.sh/tab';
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { type Asked, whatIsAsked } from './asked.ts';
import { namesFromCluster } from './names.ts';

/** The library's script takes its words by a function of the bash-completion package, which not everybody has. */
const bashBefore = `
if ! declare -F _get_comp_words_by_ref > /dev/null; then
    _get_comp_words_by_ref() {
        words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
        cur=\${words[cword]} prev=\${words[cword-1]}
    }
fi
`;

/** Where a file is asked for, bash itself completes it. */
const bashAfter = 'complete -o default -F __plimsoll_complete plimsoll\n';

/** Prints the script for a shell; the library writes its part to stdout itself. */
export function printScript(program: Command, shell: string, io: Io): void {
  if (shell === 'bash') io.stdout.write(bashBefore);
  completed(program).setup('plimsoll', 'plimsoll', shell);
  if (shell === 'bash') io.stdout.write(bashAfter);
}

/** Prints the completions of the last word, one a line, and what the shell is to do with them. */
export async function complete(program: Command, words: readonly string[], io: Io): Promise<void> {
  const asked = whatIsAsked(words, (command, flag) => takesValue(program, command, flag));
  if (asked?.of === 'files') {
    io.stdout.write(`:${ShellCompDirective.ShellCompDirectiveDefault}\n`); // The shell's own completion.
    return;
  }
  const root = completed(program);
  if (asked !== undefined) offer(root, asked, await namesFromCluster(asked, words, io.signal));
  root.parse([...words]);
}

function takesValue(program: Command, name: string, flag: string): boolean {
  const command = program.commands.find((each) => each.name() === name);
  const option = command?.options.find(({ long, short }) => long === flag || short === flag);
  return option !== undefined && !option.isBoolean();
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
