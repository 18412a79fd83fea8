import type { KubeClient } from '../../kube/client.ts';
import { groupOf } from '../../kube/discovery.ts';
import { isKubeError } from '../../kube/errors.ts';
import { UserError } from '../../lib/errors.ts';
import { autoscalersPath, collectionPath } from '../../operator/names.ts';
import type { ScaleTarget } from './manifest.ts';

interface Scaler {
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly scaleTargetRef?: {
      readonly apiVersion?: string;
      readonly kind?: string;
      readonly name?: string;
    };
  };
}

interface Rival {
  readonly kind: 'HorizontalPodAutoscaler' | 'CustomAutoscaler';
  readonly path: (namespace: string) => string;
  readonly advice: (name: string, namespace: string) => string;
}

const rivals: readonly Rival[] = [
  {
    kind: 'HorizontalPodAutoscaler',
    path: (namespace) => collectionPath('autoscaling/v2', 'horizontalpodautoscalers', namespace),
    advice: (name, namespace) =>
      `put a CustomAutoscaler in its place with \`plimsoll takeover hpa/${name} -n ${namespace}\`, or keep it`,
  },
  {
    kind: 'CustomAutoscaler',
    path: autoscalersPath,
    advice: (name, namespace) =>
      `change it with \`kubectl edit cas ${name} -n ${namespace}\`, or delete it first`,
  },
];

/**
 * Two autoscalers of one target would undo each other's work.
 * @throws UserError when the target has one; KubeError when the cluster cannot be asked
 */
export async function requireUnscaled(
  client: KubeClient,
  target: ScaleTarget,
  signal: AbortSignal,
): Promise<void> {
  for (const { kind, path, advice } of rivals) {
    const found = (await list(client, path(target.namespace), signal)).find((one) => scales(one, target));
    const name = found?.metadata?.name;
    if (name === undefined) continue;
    throw new UserError(
      `${target.kind}/${target.name} is scaled by the ${kind} ${name} already; ${advice(name, target.namespace)}`,
    );
  }
}

async function list(client: KubeClient, path: string, signal: AbortSignal): Promise<Scaler[]> {
  const items: Scaler[] = [];
  try {
    for await (const page of client.list(path, { signal })) items.push(...(page.items as Scaler[]));
  } catch (error) {
    if (!isKubeError(error, 'NotFound')) throw error; // A server without HPAs has no rival.
  }
  return items;
}

function scales({ spec }: Scaler, target: ScaleTarget): boolean {
  const { apiVersion = '', kind, name } = spec?.scaleTargetRef ?? {};
  return kind === target.kind && name === target.name && groupOf(apiVersion) === groupOf(target.apiVersion);
}
