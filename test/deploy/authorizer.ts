import type { Manifest, Rule } from './manifests.ts';
import { ofKind } from './manifests.ts';

/** What RBAC knows of a request. */
export interface Attributes {
  readonly verb: string;
  readonly apiGroup: string;
  /** With its subresource: `deployments/scale`. */
  readonly resource: string;
  /** Empty for a request without one: a list, a create. */
  readonly name: string;
  /** Empty for all namespaces. */
  readonly namespace: string;
}

/** Who may what, as the bindings of a service account say. */
export interface Grant {
  /** Undefined: everywhere. */
  readonly namespace: string | undefined;
  readonly rule: Rule;
}

const verbsOfOne: Readonly<Record<string, string>> = {
  GET: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
const verbsOfMany: Readonly<Record<string, string>> = {
  GET: 'list',
  POST: 'create',
  DELETE: 'deletecollection',
};

/**
 * How the API server reads a request (k8s.io/apiserver's RequestInfo); undefined for a path that is no resource's, such as
 * discovery, which everybody may read who is logged in (system:discovery).
 */
export function attributesOf(method: string, url: string): Attributes | undefined {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const match = /^\/(?:api\/[^/]+|apis\/([^/]+)\/[^/]+)\/(.+)$/.exec(pathname);
  const [, apiGroup = '', rest] = match ?? [];
  if (rest === undefined) return undefined;
  const parts = rest.split('/').map(decodeURIComponent);
  const namespace = parts[0] === 'namespaces' && parts.length > 2 ? (parts[1] ?? '') : '';
  const [kind = '', name = '', ...subresource] = namespace === '' ? parts : parts.slice(2);
  const isWatch = ['1', 'true'].includes(searchParams.get('watch') ?? '');
  const verb = (isWatch ? 'watch' : (name === '' ? verbsOfMany : verbsOfOne)[method]) ?? method;
  return { verb, apiGroup, resource: [kind, ...subresource].join('/'), name, namespace };
}

/** What the service account of some objects may do. Roles that an aggregation would add are among the objects. */
export function grantsOf(objects: readonly Manifest[]): Grant[] {
  const roles = ofKind(objects, 'Role', 'ClusterRole');
  return ofKind(objects, 'RoleBinding', 'ClusterRoleBinding').flatMap(({ kind, metadata, roleRef }) => {
    const role = roles.find((each) => each.kind === roleRef.kind && each.metadata.name === roleRef.name);
    const namespace = kind === 'ClusterRoleBinding' ? undefined : metadata.namespace;
    return (role?.rules ?? []).map((rule) => ({ namespace, rule }));
  });
}

export function allows({ namespace, rule }: Grant, request: Attributes): boolean {
  if (namespace !== undefined && namespace !== request.namespace) return false;
  if (rule.resourceNames !== undefined && !rule.resourceNames.includes(request.name)) return false;
  return (
    has(rule.verbs, request.verb) &&
    has(rule.apiGroups, request.apiGroup) &&
    has(rule.resources, request.resource)
  );
}

function has(allowed: readonly string[] | undefined, asked: string): boolean {
  return allowed?.some((each) => each === asked || each === '*') === true;
}
