import type { KubeObject } from '../cluster-api.ts';
import { deleteConflict, forbidden, notFound } from './errors.ts';
import { clone } from './json.ts';
import type { Kind } from './kind.ts';
import { assign, formatTime, isTerminating } from './meta.ts';
import type { Registry } from './registry.ts';
import { isFinished } from './update.ts';

export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: string | undefined;
  readonly preconditions?: {
    readonly uid?: string | undefined;
    readonly resourceVersion?: string | undefined;
  };
}

export interface Deleted {
  /** The object's last state. */
  readonly object: KubeObject;
  /** False while a finalizer or a grace period holds it up. */
  readonly isGone: boolean;
}

const lastingNamespaces = ['default', 'kube-system', 'kube-public'];

/**
 * Deletes an object as DELETE does: at once, or by marking it when finalizers or a pod's grace period hold it up.
 * @throws ApiError 404, 409 when a precondition does not hold, 403 for the namespaces that must stay
 */
export function deleteObject(
  registry: Registry,
  { kind, namespace, name }: { kind: Kind; namespace: string | undefined; name: string },
  options: DeleteOptions,
): Deleted {
  if (kind.storage === 'namespaces' && lastingNamespaces.includes(name)) {
    throw forbidden(kind, name, 'this namespace may not be deleted');
  }
  const stored = registry.collection(kind).get(namespace, name);
  if (stored === undefined) throw notFound(kind, name);
  checkPreconditions(kind, stored, options);
  const marked = mark(registry, kind, stored, options);
  if (options.dryRun) return { object: registry.view(kind, marked ?? stored), isGone: marked === undefined };
  if (marked === undefined) {
    const last = registry.store.remove(kind.storage, stored);
    return { object: registry.view(kind, last), isGone: true };
  }
  const saved = marked === stored ? stored : registry.store.put(kind.storage, marked);
  const isGone = isFinished(saved);
  if (isGone) registry.store.remove(kind.storage, saved);
  return { object: registry.view(kind, saved), isGone };
}

function checkPreconditions(kind: Kind, { metadata }: KubeObject, { preconditions }: DeleteOptions): void {
  const uid = preconditions?.uid;
  if (uid !== undefined && uid !== metadata.uid) {
    const text = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid ?? ''}). The object might have been deleted and then recreated`;
    throw deleteConflict(kind, metadata.name, text);
  }
  const version = preconditions?.resourceVersion;
  if (version !== undefined && version !== metadata.resourceVersion) {
    const text = `the ResourceVersion in the precondition (${version}) does not match the ResourceVersion in record (${metadata.resourceVersion ?? ''}). The object might have been modified`;
    throw deleteConflict(kind, metadata.name, text);
  }
}

/** The object marked as terminating; the same object when it already is, undefined when it goes unmarked. */
function mark(
  registry: Registry,
  kind: Kind,
  stored: KubeObject,
  options: DeleteOptions,
): KubeObject | undefined {
  const finalizers = gcFinalizers(stored.metadata.finalizers ?? [], options.propagationPolicy);
  const isMarkedFirst = kind.storage === 'pods' || kind.beginDeletion !== undefined;
  if (!isMarkedFirst && finalizers.length === 0 && !isTerminating(stored)) return undefined;
  const marked = clone(stored);
  assign(marked.metadata, 'finalizers', finalizers.length === 0 ? undefined : finalizers);
  if (isTerminating(stored)) shorten(registry, marked, options);
  else begin(registry, kind, marked, options);
  return sameDeletion(marked, stored) ? stored : marked;
}

function sameDeletion(a: KubeObject, b: KubeObject): boolean {
  const text = ({ metadata }: KubeObject): string =>
    JSON.stringify([metadata.deletionTimestamp, metadata.deletionGracePeriodSeconds, metadata.finalizers]);
  return text(a) === text(b);
}

/** The garbage collector's own finalizers, as the propagation policy asks. Background, the default, removes them. */
function gcFinalizers(finalizers: readonly string[], policy: string | undefined): string[] {
  const others = finalizers.filter(
    (finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion',
  );
  if (policy === 'Orphan') return [...others, 'orphan'];
  if (policy === 'Foreground') return [...others, 'foregroundDeletion'];
  return policy === undefined ? [...finalizers] : others;
}

function begin(registry: Registry, kind: Kind, object: KubeObject, options: DeleteOptions): void {
  const { metadata } = object;
  const seconds = kind.storage === 'pods' ? podGraceSeconds(object, options) : 0;
  metadata.deletionTimestamp = formatTime(new Date(registry.now().getTime() + seconds * 1000));
  if (metadata.generation !== undefined) metadata.generation += 1;
  if (kind.beginDeletion === undefined) metadata.deletionGracePeriodSeconds = seconds;
  else kind.beginDeletion(object, registry.context);
}

/** A pod that no node runs, or that has finished, needs no grace. */
function podGraceSeconds(pod: KubeObject, { gracePeriodSeconds }: DeleteOptions): number {
  const spec = pod.spec as { nodeName?: string; terminationGracePeriodSeconds?: number };
  const phase = (pod.status as { phase?: string } | undefined)?.phase;
  if ((spec.nodeName ?? '') === '' || phase === 'Succeeded' || phase === 'Failed') return 0;
  const seconds = gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  return seconds < 0 ? 1 : seconds;
}

/** A second deletion may shorten the grace period and never lengthen it. */
function shorten(registry: Registry, object: KubeObject, options: DeleteOptions): void {
  const { metadata } = object;
  const known = metadata.deletionGracePeriodSeconds ?? 0;
  const asked = options.gracePeriodSeconds;
  if (asked === undefined) return;
  const seconds = asked < 0 ? 1 : asked;
  if (seconds >= known) return;
  const began = Date.parse(metadata.deletionTimestamp ?? formatTime(registry.now())) - known * 1000;
  metadata.deletionTimestamp = formatTime(new Date(began + seconds * 1000));
  metadata.deletionGracePeriodSeconds = seconds;
}
