import { scaleKind } from './kinds/scale-kind.ts';
import type { Kind } from './kind.ts';
import { groupVersion } from './kind.ts';
import { subresourceVerbs } from './router.ts';

const subresourceNames = ['finalize', 'log', 'proxy', 'scale', 'status'];

/** Kinds of subresources that are not their resource's own. */
const optionsKinds: Readonly<Record<string, string>> = { 'services/proxy': 'ServiceProxyOptions' };

interface Subresource {
  readonly name: string;
  readonly verbs: readonly string[];
  readonly scale: boolean;
}

function subresourcesOf(kind: Kind): Subresource[] {
  const names = kind.custom === undefined ? subresourceNames : ['status', 'scale'];
  return names
    .map((name) => ({ name, verbs: subresourceVerbs(kind, name), scale: name === 'scale' }))
    .filter(({ verbs }) => verbs.length > 0);
}

/** Optional lists are left out when they are empty. */
function names(kind: Kind): object {
  return {
    ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
    ...(kind.categories.length === 0 ? {} : { categories: kind.categories }),
  };
}

/** The groups in the order of the table, core left out. */
export function groupNames(kinds: readonly Kind[]): string[] {
  return [...new Set(kinds.map((kind) => kind.group))].filter((group) => group !== '');
}

function versionsOf(kinds: readonly Kind[], group: string): string[] {
  return [...new Set(kinds.filter((kind) => kind.group === group).map((kind) => kind.version))];
}

export function apiVersions(serverAddress: string): object {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

function groupBody(kinds: readonly Kind[], group: string): object {
  const versions = versionsOf(kinds, group).map((version) => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] };
}

export function apiGroup(kinds: readonly Kind[], group: string): object {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(kinds, group) };
}

export function apiGroupList(kinds: readonly Kind[]): object {
  const groups = groupNames(kinds).map((group) => groupBody(kinds, group));
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

export function apiResourceList(kinds: readonly Kind[], group: string, version: string): object {
  const served = kinds.filter((kind) => kind.group === group && kind.version === version);
  const first = served[0];
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: first === undefined ? version : groupVersion(first),
    resources: served.flatMap((kind) => [
      resource(kind),
      ...subresourcesOf(kind).map((each) => subresource(kind, each)),
    ]),
  };
}

function resource(kind: Kind): object {
  return {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: kind.verbs,
    ...names(kind),
  };
}

function subresource(kind: Kind, { name, verbs, scale }: Subresource): object {
  return {
    name: `${kind.plural}/${name}`,
    singularName: '',
    namespaced: kind.namespaced,
    ...(scale ? scaleKind : { kind: optionsKinds[`${kind.plural}/${name}`] ?? kind.kind }),
    verbs,
  };
}

/** apidiscovery.k8s.io/v2: everything of `/api` or of `/apis` in one answer. */
export function aggregatedDiscovery(kinds: readonly Kind[], isCore: boolean): object {
  const groups = isCore ? [''] : groupNames(kinds);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versionsOf(kinds, group).map((version) => ({
        version,
        resources: kinds
          .filter((kind) => kind.group === group && kind.version === version)
          .map(aggregatedResource),
        freshness: 'Current',
      })),
    })),
  };
}

function aggregatedResource(kind: Kind): object {
  const own =
    kind.custom === undefined
      ? { group: '', version: '', kind: kind.kind }
      : { group: kind.group, version: kind.version, kind: kind.kind };
  const subresources = subresourcesOf(kind).map(({ name, verbs, scale }) => ({
    subresource: name,
    responseKind: scale ? scaleKind : { ...own, kind: optionsKinds[`${kind.plural}/${name}`] ?? own.kind },
    verbs,
  }));
  return {
    resource: kind.plural,
    responseKind: own,
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: kind.verbs,
    ...names(kind),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}
