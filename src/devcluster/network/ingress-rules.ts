import type { Ingress, IngressBackend, IngressPath } from '../controllers/objects.ts';
import { key, timeMs } from '../controllers/metadata.ts';

/** Where a request goes: a port of a service in the ingress's namespace. */
export interface Route {
  /** `NAMESPACE/NAME`, for messages. */
  readonly ingress: string;
  readonly namespace: string;
  readonly backend: IngressBackend;
}

interface HostRules {
  /** The one to take first stands first. */
  readonly paths: readonly (Route & Pick<IngressPath, 'pathType'> & { readonly path: string })[];
  /** Of an ingress that names the host. */
  readonly byDefault: Route | undefined;
}

/** By host; `*.example.com` for all of its names, `` for every host. */
export type RouteTable = ReadonlyMap<string, HostRules>;

/** Longest first, and of equally long ones Exact first; among equals the ingress that was made first stays first. */
const order: Readonly<Record<string, number>> = { Exact: 0, Prefix: 1, ImplementationSpecific: 2 };

/**
 * All ingresses as one table. An ingress without rules, and each `defaultBackend`, takes what no path of its hosts does;
 * that of an ingress without hosts takes what no other does.
 */
export function routeTable(ingresses: readonly Ingress[]): RouteTable {
  const oldestFirst = [...ingresses].sort(
    (a, b) =>
      timeMs(a.metadata.creationTimestamp) - timeMs(b.metadata.creationTimestamp) ||
      (key(a) < key(b) ? -1 : 1),
  );
  const table = new Map<string, { paths: HostRules['paths'][number][]; byDefault: Route | undefined }>();
  for (const ingress of oldestFirst) {
    const { rules = [], defaultBackend } = ingress.spec;
    const origin = { ingress: key(ingress), namespace: ingress.metadata.namespace ?? '' };
    for (const { host = '', http } of rules.length > 0 ? rules : [{}]) {
      const entry = table.get(host) ?? { paths: [], byDefault: undefined };
      table.set(host, entry);
      const paths = http?.paths ?? [];
      entry.paths.push(
        ...paths.map(({ path = '/', ...rest }) => ({ ...origin, ...rest, path: path || '/' })),
      );
      if (defaultBackend) entry.byDefault ??= { ...origin, backend: defaultBackend };
    }
  }
  for (const { paths } of table.values()) {
    paths.sort(
      (a, b) =>
        trimmed(b.path).length - trimmed(a.path).length ||
        (order[a.pathType] ?? 0) - (order[b.pathType] ?? 0),
    );
  }
  return table;
}

/**
 * Where a request goes. The host decides first: its own name, then `*.` and the rest, then every host. A host that is
 * named does not fall back to the paths of others, only to the default of all.
 * @param path without query
 */
export function findRoute(table: RouteTable, host: string, path: string): Route | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const everyHost = table.get('');
  const rules = table.get(name) ?? table.get(name.replace(/^[^.]+/, '*')) ?? everyHost;
  return (
    rules?.paths.find((rule) => matches(rule.pathType, rule.path, path)) ??
    rules?.byDefault ??
    everyHost?.byDefault
  );
}

/** Exact: the same. Prefix: the same elements at the start. ImplementationSpecific is Prefix here. */
function matches(pathType: string, rule: string, path: string): boolean {
  if (pathType === 'Exact') return path === rule;
  const prefix = trimmed(rule);
  return path === prefix || path.startsWith(`${prefix}/`);
}

/** Without the slash at the end, which says nothing in a prefix; `` for the root. */
const trimmed = (path: string): string => path.replace(/\/+$/, '');
