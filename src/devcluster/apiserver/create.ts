import { randomUUID } from 'node:crypto';
import type { KubeObject, ObjectMeta } from '../cluster-api.ts';
import {
  alreadyExists,
  decoding,
  forbidden,
  internalError,
  invalid,
  methodNotAllowed,
  notFound,
} from './errors.ts';
import type { FieldError } from './field-error.ts';
import { clone } from './json.ts';
import type { Kind } from './kind.ts';
import { formatTime, generateName, isTerminating, tidyMeta } from './meta.ts';
import { toStorage } from './registry.ts';
import type { Registry } from './registry.ts';
import { checkTypes, settleNulls } from './types.ts';
import { validateMeta } from './validation.ts';

export interface WriteOptions {
  /** Everything is checked and nothing is stored. */
  readonly dryRun: boolean;
}

/** Kinds whose name is a DNS label; the others' is a subdomain. */
const labelNamed = new Set(['namespaces', 'services']);

/** A kind as Invalid names it: by the group in which it is stored. */
export function invalidKind(kind: Kind): { group: string; kind: string } {
  return { group: kind.storage.split('.').slice(1).join('.'), kind: kind.kind };
}

/** Every problem of an object: of its metadata, then of its kind. */
export function problemsOf(
  registry: Registry,
  kind: Kind,
  object: KubeObject,
  old: KubeObject | undefined,
): FieldError[] {
  const errors = validateMeta(object, labelNamed.has(kind.storage));
  if (kind.custom !== undefined) return kind.custom.schema.validate(object, old, errors);
  return [...errors, ...(kind.validate?.(object, old, registry.context) ?? [])];
}

/**
 * Creates an object as POST does.
 * @param namespace of the path; undefined for a kind without namespaces
 * @throws ApiError 404 or 403 for the namespace, 422 with every problem, 409 when it exists
 */
export function createObject(
  registry: Registry,
  kind: Kind,
  namespace: string | undefined,
  body: KubeObject,
  options: WriteOptions,
): KubeObject {
  const object = clone(body);
  object.metadata = { ...(object.metadata as KubeObject['metadata'] | undefined) } as KubeObject['metadata'];
  fillMeta(registry, kind, namespace, object);
  checkNamespace(registry, kind, namespace, object.metadata.name);
  checkServed(kind, object);
  const stored = decoding(kind, undefined, () => prepare(registry, kind, object));
  const errors = problemsOf(registry, kind, stored, undefined);
  const { name } = stored.metadata;
  if (errors.length > 0) throw invalid(invalidKind(kind), name, errors);
  const existing = registry.collection(kind).get(namespace, name);
  if (existing !== undefined) throw alreadyExists(kind, name, isTerminating(existing));
  if (options.dryRun) return registry.view(kind, stored);
  return registry.view(kind, registry.store.put(kind.storage, stored));
}

function fillMeta(registry: Registry, kind: Kind, namespace: string | undefined, object: KubeObject): void {
  const meta = object.metadata;
  const version = meta.resourceVersion as string | null | undefined;
  if (version !== undefined && version !== null && version !== '' && version !== '0') {
    throw internalError('resourceVersion should not be set on objects to be created');
  }
  const sentGeneration = meta.generation;
  for (const field of ['resourceVersion', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation']) {
    Reflect.deleteProperty(meta, field);
  }
  tidyMeta(meta);
  meta.name = nameOf(meta);
  if (namespace !== undefined) meta.namespace = namespace;
  else Reflect.deleteProperty(meta, 'namespace');
  meta.uid = randomUUID();
  meta.creationTimestamp = formatTime(registry.now());
  if (kind.generation !== 'none') meta.generation = 1;
  else if (sentGeneration !== undefined) meta.generation = sentGeneration;
}

/** The name that was sent, else a generated one; empty when there is neither. */
function nameOf({ name, generateName: prefix }: Partial<ObjectMeta>): string {
  if (name !== undefined && name !== '') return name;
  return prefix === undefined ? '' : generateName(prefix);
}

function checkNamespace(registry: Registry, kind: Kind, namespace: string | undefined, name: string): void {
  if (!kind.namespaced || namespace === undefined) return;
  const namespaces = registry.store.collection('namespaces');
  const found = namespaces.get(undefined, namespace);
  if (found === undefined) throw notFound({ group: '', kind: 'Namespace', plural: 'namespaces' }, namespace);
  if (!isTerminating(found)) return;
  const text = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  throw forbidden(kind, name, text, [cause]);
}

function checkServed(kind: Kind, object: KubeObject): void {
  if (!kind.verbs.includes('create')) throw methodNotAllowed();
  if (kind.custom?.terminating !== true) return;
  const text = `create not allowed while custom resource definition is terminating`;
  throw forbidden(kind, object.metadata.name, text);
}

function prepare(registry: Registry, kind: Kind, object: KubeObject): KubeObject {
  checkTypes(kind, object);
  if (kind.subresources.status === true) Reflect.deleteProperty(object, 'status');
  if (kind.custom !== undefined) return kind.custom.schema.applyDefaults(object);
  const stored = toStorage(kind, object);
  settleNulls(kind, stored);
  kind.applyDefaults?.(stored, registry.context);
  kind.prepareCreate?.(stored, registry.context);
  return stored;
}
