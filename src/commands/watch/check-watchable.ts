import type { KubeClient } from '../../kube/client.ts';
import { isKubeError, KubeError } from '../../kube/errors.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { autoscalersPath } from '../../operator/names.ts';
import type { AutoscalerJson } from '../load/objects.ts';

/**
 * Whether there is what is to be watched, before the screen is taken.
 * @param namespace absent: all of them
 * @throws UserError when there is no such autoscaler, or the cluster cannot be asked
 */
export async function checkWatchable(
  client: KubeClient,
  wanted: {
    readonly namespace?: string | undefined;
    readonly name?: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { namespace, name, signal } = wanted;
  const found: AutoscalerJson[] = [];
  try {
    for await (const page of client.list(autoscalersPath(namespace), { signal }))
      found.push(...(page.items as AutoscalerJson[]));
  } catch (cause) {
    if (signal.aborted) throw new UserError('interrupted before the watch began', { exitCode: 130, cause });
    throw explained(cause, client, namespace);
  }
  const names = found.map(({ metadata }) => metadata?.name ?? '');
  if (name === undefined || names.includes(name)) return;
  const there =
    names.length === 0 ? 'it has none; name another with --namespace' : `it has: ${names.join(', ')}`;
  throw new UserError(`namespace ${namespace} has no CustomAutoscaler ${name}; ${there}`);
}

function explained(cause: unknown, client: KubeClient, namespace: string | undefined): unknown {
  if (!(cause instanceof KubeError)) return cause;
  const { server } = client;
  if (isKubeError(cause, 'NotFound'))
    return new UserError(
      `the cluster at ${server} does not know CustomAutoscalers; install their definition with \`kubectl apply -f crds/\``,
      { cause },
    );
  if (isKubeError(cause, 'Forbidden')) {
    const narrower = namespace === undefined ? 'a single namespace with --namespace' : 'another --namespace';
    return new UserError(
      `may not watch: ${errorMessage(cause)}; try ${narrower}, or another user's --kubeconfig`,
      { cause },
    );
  }
  return new UserError(
    `cannot watch the cluster at ${server}: ${errorMessage(cause)}; check --kubeconfig, --context and --namespace`,
    { cause },
  );
}
