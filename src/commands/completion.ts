import { Argument, Command } from 'commander';
import type { Io } from './io.ts';

/**
 * `completion SHELL`, and the hidden `complete -- WORDS...` that its script calls.
 * @param program makes a program with all the other commands, to be completed
 */
export function completionCommands(io: Io, program: () => Command): { visible: Command; hidden: Command } {
  const visible = new Command('completion')
    .description('Print the script that completes commands, flags and names in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish', 'powershell']))
    .addHelpText(
      'after',
      `
Names of autoscalers, namespaces and targets come from the cluster of the
kubeconfig; a cluster that does not answer within two seconds completes nothing.
\`kubectl plimsoll\` is completed as soon as kubectl is, with
kubectl_complete-plimsoll on the PATH, which is installed beside plimsoll.

Examples:
  source <(plimsoll completion bash)
  plimsoll completion zsh > "\${fpath[1]}/_plimsoll"
  plimsoll completion fish > ~/.config/fish/completions/plimsoll.fish`,
    )
    .action(async (shell: string) => {
      const { printScript } = await import('./completion/run.ts'); // Late: it loads the completion library.
      printScript(program(), shell, io);
    });
  const hidden = new Command('complete')
    .description('Completions of a command line, the last word being the one to complete')
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: readonly string[]) => {
      const { complete } = await import('./completion/run.ts'); // Late, as above.
      await complete(program(), words, io);
    });
  return { visible, hidden };
}
