import type { KubeObject } from '../cluster-api.ts';
import type { ControllerContext, Reconciler, Stoppable } from './controller.ts';
import { runController } from './controller.ts';
import type { Condition } from './objects.ts';
import { isTerminating } from './metadata.ts';
import { withTransition } from './conditions.ts';

/** How often a namespace is looked at while something in it takes its time to go. */
const againMs = 100;

/** Empties a namespace that is being deleted, then lets it go. */
export function runNamespaceController(context: ControllerContext): Stoppable {
  return runController(context, {
    name: 'namespace-controller',
    watches: { namespaces: (object) => (isTerminating(object) ? [object.metadata.name] : []) },
    reconcile,
  });
}

function reconcile(context: Reconciler, name: string): { requeueAfterMs: number } | undefined {
  const { api } = context;
  const namespace = api.get('namespaces', undefined, name);
  if (!namespace || !isTerminating(namespace)) return undefined;
  const remaining = deleteContent(context, name);
  if (remaining.length === 0) {
    api.update('namespaces', { ...namespace, spec: { finalizers: [] } }, 'finalize');
    return undefined;
  }
  writeConditions(context, namespace, remaining);
  return { requeueAfterMs: againMs };
}

interface Remaining {
  readonly resource: string;
  readonly objects: readonly KubeObject[];
}

/** Deletes everything that is not yet being deleted, and says what is still there. */
function deleteContent({ api }: Reconciler, namespace: string): Remaining[] {
  const namespaced = api.resources().filter((served) => served.namespaced);
  for (const { resource } of namespaced) {
    for (const object of api.list(resource, { namespace })) {
      if (!isTerminating(object)) api.delete(resource, namespace, object.metadata.name);
    }
  }
  return namespaced
    .map(({ resource }) => ({ resource, objects: api.list(resource, { namespace }) }))
    .filter(({ objects }) => objects.length > 0);
}

function writeConditions(
  { api, now }: Reconciler,
  namespace: KubeObject,
  remaining: readonly Remaining[],
): void {
  const before = (namespace.status as { conditions?: Condition[] } | undefined)?.conditions ?? [];
  const conditions = contentConditions(remaining).map((condition) =>
    withTransition(before, condition, now()),
  );
  if (JSON.stringify(before) === JSON.stringify(conditions)) return;
  const status = { ...(namespace.status as object), conditions };
  api.update('namespaces', { ...namespace, status }, 'status');
}

/** The five conditions that say what a namespace waits for. */
function contentConditions(remaining: readonly Remaining[]): Condition[] {
  const finalizers = new Map<string, number>();
  for (const object of remaining.flatMap(({ objects }) => objects)) {
    for (const finalizer of object.metadata.finalizers ?? []) {
      finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
    }
  }
  const counts = remaining.map(({ resource, objects }) => {
    const withGroup = resource.includes('.') ? resource : `${resource}.`;
    return `${withGroup} has ${objects.length} resource instances`;
  });
  const held = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
  const fine = (type: string, reason: string, message: string): Condition => ({
    type,
    status: 'False',
    reason,
    message,
  });
  return [
    fine('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
    fine(
      'NamespaceDeletionGroupVersionParsingFailure',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    fine(
      'NamespaceDeletionContentFailure',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    {
      type: 'NamespaceContentRemaining',
      status: 'True',
      reason: 'SomeResourcesRemain',
      message: `Some resources are remaining: ${counts.join(', ')}`,
    },
    held.length > 0
      ? {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${held.join(', ')}`,
        }
      : fine(
          'NamespaceFinalizersRemaining',
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ),
  ];
}
