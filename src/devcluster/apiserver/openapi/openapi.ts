import { createHash } from 'node:crypto';
import type { Kind, Verb } from '../kind.ts';
import { groupVersion } from '../kind.ts';
import { componentSchemas, gvkKey, refTo, scaleGvk, scaleName, schemaNameOf } from './schemas.ts';
import type { Schema } from './schemas.ts';
import { metaPackage } from './registry.ts';

/** `/openapi/v3`: where the document of each group version is. The hash in it changes with the document. */
export function openapiV3Index(kinds: readonly Kind[]): object {
  const versions = [...new Set(kinds.map(groupVersion))].sort();
  const paths = versions.map((version) => {
    const path = version.includes('/') ? `apis/${version}` : `api/${version}`;
    const served = kinds.filter((kind) => groupVersion(kind) === version);
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(served)}` }];
  });
  return { paths: Object.fromEntries(paths) as Schema };
}

/** The built-in kinds are the same as long as the server runs, so only what can change is looked at. */
function hashOf(kinds: readonly Kind[]): string {
  const shape = kinds.map(({ kind, plural, verbs, subresources, custom }) => [
    kind,
    plural,
    verbs,
    subresources,
    custom?.openAPIV3Schema,
  ]);
  return createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 32).toUpperCase();
}

/** `/openapi/v3/apis/GROUP/VERSION`: schemas and operations of the kinds of one group version. */
export function openapiV3Document(version: string, kinds: readonly Kind[]): object {
  const served = kinds.filter((kind) => groupVersion(kind) === version);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths: Object.fromEntries(served.flatMap(pathsOf)) as Schema,
    components: { schemas: componentSchemas(served) },
  };
}

interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly verb: Verb;
  /** x-kubernetes-action. */
  readonly action: string;
}

const collectionOperations: readonly Operation[] = [
  { method: 'get', verb: 'list', action: 'list' },
  { method: 'post', verb: 'create', action: 'post' },
  { method: 'delete', verb: 'deletecollection', action: 'deletecollection' },
];
const itemOperations: readonly Operation[] = [
  { method: 'get', verb: 'get', action: 'get' },
  { method: 'put', verb: 'update', action: 'put' },
  { method: 'patch', verb: 'patch', action: 'patch' },
  { method: 'delete', verb: 'delete', action: 'delete' },
];
const subresourceOperations = itemOperations.filter(({ verb }) => verb !== 'delete');

function pathsOf(kind: Kind): [string, Schema][] {
  const root = `/${kind.group === '' ? 'api' : 'apis'}/${groupVersion(kind)}`;
  const collection = `${root}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.plural}`;
  const item = `${collection}/{name}`;
  const { status, scale, log } = kind.subresources;
  const everywhere = collectionOperations.filter(({ verb }) => verb === 'list');
  return [
    ...(kind.namespaced ? [pathItem(`${root}/${kind.plural}`, kind, everywhere)] : []),
    pathItem(collection, kind, collectionOperations),
    pathItem(item, kind, itemOperations),
    ...(status === true ? [pathItem(`${item}/status`, kind, subresourceOperations)] : []),
    ...(scale === undefined ? [] : [pathItem(`${item}/scale`, kind, subresourceOperations)]),
    ...(log === true ? [pathItem(`${item}/log`, kind, subresourceOperations.slice(0, 1))] : []),
  ];
}

function pathItem(path: string, kind: Kind, operations: readonly Operation[]): [string, Schema] {
  const served = operations.filter(({ verb }) => kind.verbs.includes(verb));
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => pathParameter(name));
  const entries = served.map((operation) => [operation.method, operationObject(operation, kind, path)]);
  return [path, { ...(Object.fromEntries(entries) as Schema), parameters: named }];
}

function pathParameter(name: string): Schema {
  return { name, in: 'path', required: true, schema: { type: 'string', uniqueItems: true } };
}

function operationObject({ method, action }: Operation, kind: Kind, path: string): Schema {
  const isScale = path.endsWith('/scale');
  const answer = isScale ? scaleName : `${schemaNameOf(kind)}${action === 'list' ? 'List' : ''}`;
  const gvk = isScale ? scaleGvk : { group: kind.group, version: kind.version, kind: kind.kind };
  return {
    tags: [kind.group === '' ? 'core' : kind.group],
    parameters: queryParameters(action),
    ...requestBody(method, isScale ? scaleName : schemaNameOf(kind), kind),
    responses: { 200: { description: 'OK', content: { 'application/json': { schema: refTo(answer) } } } },
    'x-kubernetes-action': action,
    [gvkKey]: gvk,
  };
}

/** Custom resources take no strategic merge patch: kubectl apply looks here which kind of patch to send. */
const customPatchTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
];
const patchTypes = [...customPatchTypes, 'application/strategic-merge-patch+json'];

function requestBody(method: Operation['method'], schemaName: string, { custom }: Kind): Schema {
  if (method === 'get') return {};
  const name = method === 'delete' ? `${metaPackage}.DeleteOptions` : schemaName;
  const patches = custom === undefined ? patchTypes : customPatchTypes;
  const types = method === 'patch' ? patches : ['application/json'];
  const schema = method === 'patch' ? { type: 'object' } : refTo(name);
  return { requestBody: { content: Object.fromEntries(types.map((type) => [type, { schema }])) } };
}

const text = { type: 'string', uniqueItems: true };
const integer = { type: 'integer', uniqueItems: true };
const flag = { type: 'boolean', uniqueItems: true };

const writeParameters = { dryRun: text, fieldManager: text, fieldValidation: text };
const listParameters = {
  allowWatchBookmarks: flag,
  continue: text,
  fieldSelector: text,
  labelSelector: text,
  limit: integer,
  resourceVersion: text,
  resourceVersionMatch: text,
  sendInitialEvents: flag,
  timeoutSeconds: integer,
  watch: flag,
};
const deleteParameters = { dryRun: text, gracePeriodSeconds: integer, propagationPolicy: text };

/** The query parameters of each action; kubectl asks whether writes have `fieldValidation`. */
const parametersByAction: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  list: listParameters,
  post: writeParameters,
  put: writeParameters,
  patch: { ...writeParameters, force: flag },
  delete: deleteParameters,
  deletecollection: { ...listParameters, ...deleteParameters },
};

function queryParameters(action: string): Schema[] {
  const parameters = Object.entries(parametersByAction[action] ?? {});
  return parameters.map(([name, schema]) => ({ name, in: 'query', schema }));
}
