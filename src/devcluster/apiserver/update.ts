import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectMeta } from '../cluster-api.ts';
import { createObject, invalidKind, problemsOf } from './create.ts';
import type { WriteOptions } from './create.ts';
import { badRequest, conflict, decoding, internalError, invalid, notFound } from './errors.ts';
import { immutable, invalidValue } from './field-error.ts';
import { child, clone, setValueAt } from './json.ts';
import type { JsonObject } from './json.ts';
import type { Kind } from './kind.ts';
import { assign, isTerminating, tidyMeta } from './meta.ts';
import { toStorage } from './registry.ts';
import type { Registry } from './registry.ts';
import { checkTypes, settleNulls } from './types.ts';
import { validateMetaUpdate } from './validation.ts';

export interface Target {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
  /** `''` for the object itself. `scale` writes the object itself, and says so in nothing else. */
  readonly subresource: '' | 'status' | 'scale' | 'finalize';
}

export interface Updated {
  readonly object: KubeObject;
  readonly isCreated: boolean;
}

/**
 * Changes an object as PUT and PATCH do.
 * @param change from the object as it is to the object as it shall be
 * @throws ApiError 404, 409 for a stale resourceVersion, 422 with every problem
 */
export function updateObject(
  registry: Registry,
  target: Target,
  change: { readonly isPatch: boolean; readonly apply: (current: KubeObject) => KubeObject },
  options: WriteOptions,
): Updated {
  const { kind, namespace, name } = target;
  const stored = registry.collection(kind).get(namespace, name);
  if (stored === undefined) {
    if (change.isPatch || !kind.upsert || target.subresource !== '') throw notFound(kind, name);
    const body = change.apply({} as KubeObject);
    return { object: createObject(registry, kind, namespace, body, options), isCreated: true };
  }
  const current = registry.view(kind, stored);
  const sent = clone(change.apply(current));
  checkIdentity(target, sent, stored, change.isPatch);
  const patched = change.isPatch ? sent : undefined;
  const next = decoding(kind, patched, () => prepare(registry, target, sent, stored));
  const errors = [...validateMetaUpdate(next, stored), ...problemsOf(registry, kind, next, stored)];
  if (errors.length > 0) throw invalid(invalidKind(kind), name, errors);
  return { object: save(registry, target, next, stored, options), isCreated: false };
}

function checkIdentity(target: Target, sent: KubeObject, stored: KubeObject, isPatch: boolean): void {
  const { kind, namespace, name } = target;
  const meta = sent.metadata as ObjectMeta | undefined;
  if ((meta?.name ?? '') === '') {
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (meta?.name !== name) {
    throw badRequest(
      `the name of the object (${meta?.name ?? ''}) does not match the name on the URL (${name})`,
    );
  }
  if ((meta.namespace ?? '') !== '' && meta.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  checkUid(target, meta, stored, isPatch);
  checkVersion(kind, meta, stored);
}

function checkUid(
  { kind, namespace, name }: Target,
  meta: ObjectMeta,
  stored: KubeObject,
  isPatch: boolean,
): void {
  const { uid } = meta;
  if (uid === undefined || uid === '' || uid === stored.metadata.uid) return;
  if (isPatch) {
    throw invalid(kind, name, [immutable('metadata.uid', uid)]);
  }
  const resource = kind.custom === undefined ? kind.plural : `${kind.group}/${kind.plural}`;
  const key = ['/registry', resource, ...(namespace === undefined ? [] : [namespace]), name].join('/');
  const reason = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${stored.metadata.uid ?? ''}`;
  const text = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${reason}`;
  throw conflict(kind, name, text);
}

function checkVersion(kind: Kind, meta: ObjectMeta, stored: KubeObject): void {
  const version = meta.resourceVersion ?? '';
  if (version === '' || version === '0') {
    if (kind.unconditionalUpdate) return;
    const error = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update');
    throw invalid({ group: kind.group, kind: kind.plural }, meta.name, [error]);
  }
  if (!/^\d+$/.test(version)) throw internalError(`strconv.ParseUint: parsing "${version}": invalid syntax`);
  if (version !== stored.metadata.resourceVersion) throw conflict(kind, meta.name);
}

const keptMeta = [
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
];

/** The object as it will be stored, but for its generation. */
function prepare(registry: Registry, target: Target, sent: KubeObject, stored: KubeObject): KubeObject {
  const { kind, namespace, subresource } = target;
  checkTypes(kind, sent);
  const object = toStorage(kind, sent);
  const { metadata } = object;
  for (const field of keptMeta) assign(metadata, field, stored.metadata[field]);
  assign(metadata, 'namespace', namespace);
  assign(metadata, 'resourceVersion', stored.metadata.resourceVersion);
  tidyMeta(metadata);
  const isolated = isolate(kind, subresource, object, stored);
  if (kind.custom !== undefined) {
    const apiVersion = stored.apiVersion;
    return { ...kind.custom.schema.applyDefaults(isolated), apiVersion };
  }
  settleNulls(kind, isolated);
  kind.applyDefaults?.(isolated, registry.context);
  if (subresource === '' || subresource === 'scale') kind.prepareUpdate?.(isolated, stored, registry.context);
  return isolated;
}

/**
 * What a write may change.
 *
 * | written | may change |
 * |---|---|
 * | the object | everything but status |
 * | status | status, and the metadata that the kind's row allows |
 * | finalize | spec.finalizers of a namespace |
 */
function isolate(
  kind: Kind,
  subresource: Target['subresource'],
  sent: KubeObject,
  stored: KubeObject,
): KubeObject {
  if (subresource === 'finalize') {
    const finalizers = child(sent, 'spec').finalizers ?? [];
    return { ...clone(stored), spec: { ...child(stored, 'spec'), finalizers } };
  }
  if (kind.subresources.status !== true) return sent;
  if (subresource !== 'status') return withField(sent, 'status', stored.status);
  const metadata = statusMetadata(kind, sent.metadata, stored.metadata);
  return withField({ ...clone(stored), metadata }, 'status', sent.status);
}

function statusMetadata(kind: Kind, sent: ObjectMeta, stored: ObjectMeta): ObjectMeta {
  if (kind.statusMetadata === 'none') return clone(stored);
  if (kind.statusMetadata === 'all') return sent;
  const metadata = { ...sent };
  assign(metadata, 'labels', stored.labels);
  return metadata;
}

function withField(object: KubeObject, field: string, value: unknown): KubeObject {
  const result = { ...object };
  if (value === undefined) Reflect.deleteProperty(result, field);
  else result[field] = value;
  return result;
}

function save(
  registry: Registry,
  { kind, subresource }: Target,
  next: KubeObject,
  stored: KubeObject,
  options: WriteOptions,
): KubeObject {
  if (isDeepStrictEqual(next, stored)) return registry.view(kind, stored);
  if (subresource !== 'status' && raisesGeneration(kind, next, stored)) {
    next.metadata.generation = (stored.metadata.generation ?? 0) + 1;
  }
  if (options.dryRun) return registry.view(kind, next);
  if (isFinished(next)) {
    registry.store.remove(kind.storage, next);
    return registry.view(kind, next);
  }
  return registry.view(kind, registry.store.put(kind.storage, next));
}

function raisesGeneration(kind: Kind, next: KubeObject, stored: KubeObject): boolean {
  if (kind.generation === 'none') return false;
  const part = ({ metadata, ...rest }: KubeObject): unknown => ({
    ...without(rest, kind.generationIgnores),
    ...(kind.subresources.status === true ? { status: undefined } : {}),
    metadata: {
      annotations: kind.generation === 'spec-annotations' ? metadata.annotations : undefined,
      labels: kind.generation === 'spec-labels' ? metadata.labels : undefined,
    },
  });
  return !isDeepStrictEqual(part(next), part(stored));
}

function without(object: JsonObject, path: string | undefined): JsonObject {
  if (path === undefined) return object;
  const copy = clone(object);
  setValueAt(copy, path, undefined);
  return copy;
}

/** A deletion that nothing holds up any more. */
export function isFinished(object: KubeObject): boolean {
  if (!isTerminating(object)) return false;
  const { finalizers, deletionGracePeriodSeconds } = object.metadata;
  if ((finalizers?.length ?? 0) > 0 || (deletionGracePeriodSeconds ?? 0) > 0) return false;
  if (object.kind !== 'Namespace') return true;
  const remaining = child(object, 'spec').finalizers;
  return !Array.isArray(remaining) || remaining.length === 0;
}
