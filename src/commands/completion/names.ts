import type { KubeClient } from '../../kube/client.ts';
import { KubeError } from '../../kube/errors.ts';
import { UserError } from '../../lib/errors.ts';
import { autoscalersPath, collectionPath } from '../../operator/names.ts';
import { openPlace } from '../place.ts';
import { type Asked, flagValue } from './asked.ts';

/** Nobody waits longer for a completion. */
const answerWithinMs = 2000;

type NamedList = { readonly items?: readonly { readonly metadata?: { readonly name?: string } }[] };

const workloads = ['deployments', 'statefulsets'] as const;

/** The names that a cluster has; none when it cannot be asked, since a completion is no place for complaints. */
export async function namesFromCluster(
  { of }: Asked,
  words: readonly string[],
  interrupted: AbortSignal,
): Promise<string[]> {
  const flags = {
    kubeconfig: flagValue(words, '--kubeconfig'),
    context: flagValue(words, '--context'),
    namespace: flagValue(words, '-n', '--namespace'),
  };
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(answerWithinMs)]);
  try {
    const { client, namespace } = openPlace(given);
    try {
      const hasAll = words.includes('-A') || words.includes('--all-namespaces');
      return hasAll ? [] : await listed(client, of, namespace, signal);
    } finally {
      await client.close();
    }
  } catch (error) {
    if (error instanceof UserError || error instanceof KubeError) return [];
    throw error;
  }
}

async function listed(
  client: KubeClient,
  of: Asked['of'],
  namespace: string,
  signal: AbortSignal,
): Promise<string[]> {
  const names = async (path: string): Promise<string[]> => {
    const list = (await client.get(path, { signal, retry: false, query: { limit: 500 } })) as NamedList;
    return (list.items ?? []).flatMap(({ metadata }) => metadata?.name ?? []);
  };
  switch (of) {
    case 'files':
      return [];
    case 'namespaces':
      return names(collectionPath('v1', 'namespaces'));
    case 'autoscalers':
      return names(autoscalersPath(namespace));
    case 'hpas':
      return (await names(collectionPath('autoscaling/v2', 'horizontalpodautoscalers', namespace))).map(
        (name) => `hpa/${name}`,
      );
    case 'targets': {
      const kinds = workloads.map(async (plural) => {
        const found = await names(collectionPath('apps/v1', plural, namespace));
        return found.map((name) => `${plural.slice(0, -1)}/${name}`);
      });
      return (await Promise.all(kinds)).flat();
    }
  }
}
