import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../cluster-api.ts';
import { deleteObject } from './delete.ts';
import { child, children, clone, isObject, stringAt } from './json.ts';
import type { JsonObject } from './json.ts';
import type { Kind, PrinterColumn, ScalePaths, Subresources, Verb } from './kind.ts';
import { row } from './kinds/row.ts';
import { cleanupFinalizer } from './kinds/crds.ts';
import { formatTime, isTerminating } from './meta.ts';
import type { Registry } from './registry.ts';
import { compileSchema } from './schema/structural.ts';

/** In the order in which discovery shows them. */
const customVerbs: readonly Verb[] = [
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'create',
  'update',
  'watch',
];
const storage = 'customresourcedefinitions.apiextensions.k8s.io';

function conditionOf(crd: KubeObject, type: string): JsonObject | undefined {
  return children(child(crd, 'status'), 'conditions').find((condition) => condition.type === type);
}

function isTrue(crd: KubeObject, type: string): boolean {
  return conditionOf(crd, type)?.status === 'True';
}

/** v10 > v2 > v1 > v11beta2 > v1beta1 > v1alpha1, then the others by name: the order of discovery. */
function compareVersions(a: string, b: string): number {
  const parse = (text: string): number[] | undefined => {
    const found = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(text);
    if (found === null) return undefined;
    const stage = { alpha: 0, beta: 1 }[found[2] ?? ''] ?? 2;
    return [stage, Number(found[1]), Number(found[3] ?? 0)];
  };
  const left = parse(a);
  const right = parse(b);
  if (left === undefined || right === undefined) {
    if (left !== right) return left === undefined ? 1 : -1;
    return a < b ? -1 : 1;
  }
  const difference = left.map((part, index) => (right[index] ?? 0) - part).find((each) => each !== 0);
  return difference ?? 0;
}

/** The rows of the table of kinds that a CustomResourceDefinition stands for, preferred version first. */
function kindsOf(crd: KubeObject): Kind[] {
  const versions = children(child(crd, 'spec'), 'versions')
    .filter((version) => version.served === true)
    .sort((a, b) => compareVersions(stringAt(a, 'name'), stringAt(b, 'name')));
  return versions.map((version) => kindOf(crd, version));
}

function kindOf(crd: KubeObject, version: JsonObject): Kind {
  const spec = child(crd, 'spec');
  const names = child(spec, 'names');
  const schema = child(child(version, 'schema'), 'openAPIV3Schema');
  const subresources = subresourcesOf(child(version, 'subresources'));
  const { scale } = subresources;
  const deprecation = deprecationOf(spec, version);
  const compiled = compileSchema(schema, scale === undefined || scale === 'workload' ? {} : scale);
  const kind = row({
    group: stringAt(spec, 'group'),
    version: stringAt(version, 'name'),
    kind: stringAt(names, 'kind'),
    listKind: stringAt(names, 'listKind'),
    plural: stringAt(names, 'plural'),
    singular: stringAt(names, 'singular'),
    shortNames: (names.shortNames as string[] | undefined) ?? [],
    categories: (names.categories as string[] | undefined) ?? [],
    namespaced: spec.scope === 'Namespaced',
    verbs: customVerbs,
    subresources,
    generation: 'spec',
    unconditionalUpdate: false,
    statusMetadata: 'none',
    ...(deprecation === undefined ? {} : { deprecation }),
    fieldSelectors: selectableFields(version),
    fieldSelectorError: 'supported',
    custom: {
      crd: crd.metadata.name,
      openAPIV3Schema: schema,
      schema: compiled,
      terminating: isTerminating(crd),
    },
  });
  const columns = children(version, 'additionalPrinterColumns') as unknown as PrinterColumn[];
  return columns.length === 0 ? kind : { ...kind, printerColumns: columns };
}

function deprecationOf(spec: JsonObject, version: JsonObject): string | undefined {
  if (version.deprecated !== true) return undefined;
  if (typeof version.deprecationWarning === 'string') return version.deprecationWarning;
  const kind = stringAt(child(spec, 'names'), 'kind');
  const text = (name: string): string => `${stringAt(spec, 'group')}/${name} ${kind}`;
  const better = children(spec, 'versions').find((each) => each.served === true && each.deprecated !== true);
  const advice = better === undefined ? '' : `; use ${text(stringAt(better, 'name'))}`;
  return `${text(stringAt(version, 'name'))} is deprecated${advice}`;
}

function subresourcesOf(given: JsonObject): Subresources {
  const scale: unknown = given.scale;
  return {
    ...(isObject(given.status) ? { status: true } : {}),
    ...(isObject(scale) ? { scale: scale as unknown as ScalePaths } : {}),
  };
}

function selectableFields(version: JsonObject): Record<string, string> {
  const paths = children(version, 'selectableFields').map((field) =>
    stringAt(field, 'jsonPath').replace(/^\./, ''),
  );
  return Object.fromEntries(paths.map((path) => [path, path]));
}

/**
 * Plays the controllers that make CustomResourceDefinitions work: names are accepted, kinds served, and on deletion the
 * objects go first. Runs with each change of a CRD, so that a created CRD is served before the next request.
 */
export function runCrds(registry: Registry): void {
  const collection = registry.store.collection(storage);
  collection.subscribe(({ type, object }) => {
    const { name } = object.metadata;
    if (type === 'DELETED') {
      registry.setCustomKinds(name, []);
      return;
    }
    queueMicrotask(() => {
      const crd = collection.get(undefined, name);
      if (crd !== undefined) reconcile(registry, crd);
    });
  });
}

function reconcile(registry: Registry, crd: KubeObject): void {
  if (isTerminating(crd)) cleanUp(registry, crd);
  else if (!isTrue(crd, 'NamesAccepted')) judgeNames(registry, crd);
  else serve(registry, crd);
}

function serve(registry: Registry, crd: KubeObject): void {
  const known = registry.kinds().filter((kind) => kind.custom?.crd === crd.metadata.name);
  const kinds = kindsOf(crd);
  if (!isDeepStrictEqual(known.map(comparable), kinds.map(comparable))) {
    registry.setCustomKinds(crd.metadata.name, kinds);
    for (const kind of kinds) registry.collection(kind);
  }
}

function comparable(kind: Kind): unknown {
  const { custom, ...rest } = kind;
  return { ...rest, schema: custom?.openAPIV3Schema, isTerminating: custom?.terminating };
}

function judgeNames(registry: Registry, crd: KubeObject): void {
  const names = child(child(crd, 'spec'), 'names');
  const taken = takenBy(registry, crd);
  const next = clone(crd);
  if (taken !== undefined) {
    const conditions = [
      condition(registry, 'NamesAccepted', 'False', taken.reason, `"${taken.name}" is already in use`),
      condition(registry, 'Established', 'False', 'NotAccepted', 'not all names are accepted'),
    ];
    if (isDeepStrictEqual(conditionOf(crd, 'NamesAccepted')?.message, conditions[0]?.message)) return;
    next.status = {
      ...child(crd, 'status'),
      conditions,
      acceptedNames: { plural: names.plural, kind: '' },
    };
  } else {
    const conditions = [
      condition(registry, 'NamesAccepted', 'True', 'NoConflicts', 'no conflicts found'),
      condition(
        registry,
        'Established',
        'True',
        'InitialNamesAccepted',
        'the initial names have been accepted',
      ),
    ];
    next.status = { ...child(crd, 'status'), conditions, acceptedNames: names };
    registry.setCustomKinds(crd.metadata.name, kindsOf(next));
    for (const kind of kindsOf(next)) registry.collection(kind);
  }
  registry.store.put(storage, next);
}

function condition(
  registry: Registry,
  type: string,
  status: string,
  reason: string,
  message: string,
): JsonObject {
  return { type, status, lastTransitionTime: formatTime(registry.now()), reason, message };
}

/** A name that another kind of the group has already. */
function takenBy(registry: Registry, crd: KubeObject): { reason: string; name: string } | undefined {
  const spec = child(crd, 'spec');
  const names = child(spec, 'names');
  const others = registry
    .kinds()
    .filter((kind) => kind.group === spec.group && kind.custom?.crd !== crd.metadata.name);
  const resources = new Set(others.flatMap((kind) => [kind.plural, kind.singular, ...kind.shortNames]));
  const kindNames = new Set(others.flatMap((kind) => [kind.kind, kind.listKind]));
  type Check = [string, unknown, Set<string>];
  const shortNames = (names.shortNames as string[] | undefined) ?? [];
  const checks: Check[] = [
    ['ListKindConflict', names.listKind, kindNames],
    ['KindConflict', names.kind, kindNames],
    ...shortNames.map((name): Check => ['ShortNamesConflict', name, resources]),
    ['SingularConflict', names.singular, resources],
    ['PluralConflict', names.plural, resources],
  ];
  const found = checks.find(([, name, taken]) => taken.has(String(name)));
  return found === undefined ? undefined : { reason: found[0], name: String(found[1]) };
}

/** Deletes the objects; once there are none, the CRD itself goes and its watches end. */
function cleanUp(registry: Registry, crd: KubeObject): void {
  const { name } = crd.metadata;
  const [kind] = kindsOf(crd);
  if (isTrue(crd, 'Established')) registry.setCustomKinds(name, kindsOf(crd));
  if (kind !== undefined && isTrue(crd, 'Established') && !emptied(registry, kind)) return;
  registry.setCustomKinds(name, []);
  if (kind !== undefined) registry.store.drop(kind.storage);
  const finalizers = (crd.metadata.finalizers ?? []).filter((finalizer) => finalizer !== cleanupFinalizer);
  const next = clone(crd);
  next.metadata.finalizers = finalizers;
  if (finalizers.length === 0) registry.store.remove(storage, crd);
  else if (finalizers.length !== crd.metadata.finalizers?.length) registry.store.put(storage, next);
}

/** @returns whether no object is left; else looks again when one goes */
function emptied(registry: Registry, kind: Kind): boolean {
  const collection = registry.collection(kind);
  for (const { metadata } of collection.list()) {
    if (metadata.deletionTimestamp !== undefined) continue;
    deleteObject(registry, { kind, namespace: metadata.namespace, name: metadata.name }, { dryRun: false });
  }
  if (collection.size === 0) return true;
  const unsubscribe = collection.subscribe((change) => {
    if (change.type !== 'DELETED' || collection.size > 0) return;
    unsubscribe();
    queueMicrotask(() => {
      const crd = registry.store.collection(storage).get(undefined, kind.custom?.crd ?? '');
      if (crd !== undefined && isTerminating(crd)) cleanUp(registry, crd);
    });
  });
  return false;
}
