import { type Command, Option } from 'commander';
import { namespaceName } from './flags.ts';

/** Which cluster, and where in it. */
export interface PlaceFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

/**
 * `--namespace`, `--kubeconfig` and `--context`, the same on every command that asks a cluster.
 * @param namespaceOf whose namespace it is: `of the target`
 */
export function addPlaceOptions(command: Command, namespaceOf: string): Command {
  return command
    .addOption(
      new Option(
        '-n, --namespace <name>',
        `${namespaceOf} (default: the kubeconfig's, or default)`,
      ).argParser(namespaceName),
    )
    .option(
      '--kubeconfig <file>',
      'of the cluster (default: $KUBECONFIG, ~/.kube/config, or the cluster that this runs in)',
    )
    .option('--context <name>', 'of the kubeconfig (default: its current context)');
}
