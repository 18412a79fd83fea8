import { expect } from 'chai';
import { allows, attributesOf } from './authorizer.ts';
import type { Manifest, Role, Rule } from './manifests.ts';
import { ofKind, overlays, readManifests, theOne, written } from './manifests.ts';

const everything = overlays.flatMap((overlay) => written(`deploy/overlays/${overlay}`));
const examples = ['scale-target', 'scale-target-namespaced'].map((name) => `deploy/examples/${name}.yaml`);
const roles = ofKind([...everything, ...examples.flatMap(readManifests)], 'Role', 'ClusterRole');
const operatorRoles = roles.filter(({ metadata }) => !/-(view|edit|explain)$/.test(metadata.name));
const rules = roles.flatMap((role) => (role.rules ?? []).map((rule) => ({ role: role.metadata.name, rule })));

function role(file: string, kind: 'Role' | 'ClusterRole', name: string): Role {
  return theOne(readManifests(`deploy/${file}`), kind, name);
}

describe('the roles of deploy/', () => {
  it('have wildcards only where names are metrics', () => {
    const wild = rules.filter(({ rule }) => JSON.stringify(rule).includes('*'));
    for (const { rule } of wild) {
      expect(rule.resources).to.deep.equal(['*']);
      expect(rule.apiGroups).to.have.length(1);
      expect(rule.apiGroups?.[0]).to.be.oneOf(['custom.metrics.k8s.io', 'external.metrics.k8s.io']);
      expect(rule.verbs).to.not.include('*');
    }
    expect(wild).to.have.length(2 * 3); // two groups; single, high-availability and namespaced
  });

  it('never name a secret, a config map, a node, a token or a path', () => {
    for (const { rule } of rules) {
      const resources = rule.resources ?? [];
      expect(resources.filter((resource) => /secret|configmap|node|token|exec/.test(resource))).to.deep.equal(
        [],
      );
      expect(rule.nonResourceURLs).to.equal(undefined);
    }
  });

  it('let the operator create events and leases only, and delete nothing', () => {
    const creates = operatorRoles.flatMap((each) =>
      (each.rules ?? []).filter(({ verbs }) => verbs.includes('create')),
    );
    expect(new Set(creates.flatMap(({ resources = [] }) => resources))).to.deep.equal(
      new Set(['events', 'leases']),
    );
    const verbs = new Set(
      operatorRoles.flatMap((each) => (each.rules ?? []).flatMap((rule: Rule) => rule.verbs)),
    );
    expect([...verbs].sort()).to.deep.equal(['create', 'get', 'list', 'patch', 'update', 'watch']);
  });

  it('update the one lease that the operator uses, and no other', () => {
    const { rules: election = [] } = role('base/leader-election.yaml', 'Role', 'plimsoll-leader-election');
    const updates = election.filter(({ verbs }) => verbs.includes('update'));
    expect(updates.map(({ resourceNames }) => resourceNames)).to.deep.equal([['plimsoll']]);
  });

  it('are the same for one namespace as for all', () => {
    const all = role('cluster-wide/cluster-role.yaml', 'ClusterRole', 'plimsoll');
    const one = role('overlays/namespaced/role.yaml', 'Role', 'plimsoll');
    expect(one.rules).to.deep.equal(all.rules);
  });

  it('collect scale targets by the label that the example has', () => {
    const { aggregationRule, rules: own } = role(
      'cluster-wide/scale-targets.yaml',
      'ClusterRole',
      'plimsoll-scale-targets',
    );
    const [selector] = aggregationRule?.clusterRoleSelectors ?? [];
    const [example] = readManifests('deploy/examples/scale-target.yaml');
    expect(own).to.equal(undefined); // an apply would take back what was aggregated
    expect(example?.metadata.labels).to.deep.equal(selector?.matchLabels);
    const others = ofKind(everything, 'ClusterRole').filter(isScaleTarget);
    expect(others).to.deep.equal([]); // apps/v1 is no extra
  });

  it('let people ask the operator through its own Service, where that is bound, and nothing else', () => {
    const explain = role('users/cluster-roles.yaml', 'ClusterRole', 'plimsoll-explain');
    const path = (service: string, port = 'metrics'): string =>
      `/api/v1/namespaces/plimsoll-system/services/${service}:${port}/proxy/decisions/shop/web?last=5`;
    const may = (method: string, url: string): boolean => {
      const attributes = attributesOf(method, url);
      if (attributes === undefined) return false;
      const resource = attributes.resource.split('/').slice(0, 2).join('/'); // the rest is the proxied path
      return (explain.rules ?? []).some((rule) =>
        allows({ namespace: 'plimsoll-system', rule }, { ...attributes, resource }),
      );
    };
    const [service] = readManifests('deploy/base/service.yaml');
    const name = service?.metadata.name ?? '';
    expect([may('GET', path(name)), may('GET', path('other')), may('GET', path(name, '9090'))]).to.deep.equal(
      [true, false, false],
    );
    expect([may('POST', path(name)), may('DELETE', path(name))]).to.deep.equal([false, false]);
    expect(aggregated(explain)).to.deep.equal([]);
  });

  it('add the verbs for CustomAutoscalers to view, edit and admin', () => {
    const file = 'users/cluster-roles.yaml';
    const [view, edit] = [
      role(file, 'ClusterRole', 'plimsoll-view'),
      role(file, 'ClusterRole', 'plimsoll-edit'),
    ];
    expect(aggregated(view)).to.have.members(['view', 'edit', 'admin']);
    expect(aggregated(edit)).to.have.members(['edit', 'admin']);
    expect(view.rules?.flatMap(({ verbs }) => verbs)).to.have.members(['get', 'list', 'watch']);
    expect(edit.rules?.flatMap(({ verbs }) => verbs)).to.include.members([
      'create',
      'update',
      'patch',
      'delete',
    ]);
    expect(edit.rules?.flatMap(({ resources }) => resources)).to.deep.equal(['customautoscalers']);
  });
});

function isScaleTarget({ metadata }: Manifest): boolean {
  return metadata.labels?.['plimsoll.dev/aggregate-to-scale-targets'] !== undefined;
}

function aggregated({ metadata }: Manifest): string[] {
  const prefix = 'rbac.authorization.k8s.io/aggregate-to-';
  return Object.entries(metadata.labels ?? {})
    .filter(([label, value]) => label.startsWith(prefix) && value === 'true')
    .map(([label]) => label.slice(prefix.length));
}

/** As k8s.io/apiserver reads them. */
const requests: readonly (readonly [method: string, url: string, read: string | undefined])[] = [
  ['GET', '/api/v1/pods?limit=250', 'list  pods'],
  ['GET', '/api/v1/namespaces/shop/pods?watch=1', 'watch  pods in shop'],
  [
    'PATCH',
    '/apis/apps/v1/namespaces/shop/deployments/web/scale',
    'patch apps deployments/scale web in shop',
  ],
  ['POST', '/apis/events.k8s.io/v1/namespaces/shop/events', 'create events.k8s.io events in shop'],
  ['PUT', '/apis/coordination.k8s.io/v1/namespaces/a/leases/b', 'update coordination.k8s.io leases b in a'],
  [
    'GET',
    '/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/pods/%2A/rps',
    'get custom.metrics.k8s.io pods/rps * in shop',
  ],
  [
    'GET',
    '/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/metrics/rps',
    'get custom.metrics.k8s.io metrics rps in shop',
  ],
  [
    'GET',
    '/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/queue',
    'list external.metrics.k8s.io queue in shop',
  ],
  ['GET', '/apis/metrics.k8s.io/v1beta1', undefined],
  ['GET', '/apis', undefined],
];

describe('the authorizer of these tests', () => {
  for (const [method, url, expected] of requests)
    it(`reads ${method} ${url} as ${expected ?? 'no resource'}`, () => {
      const read = attributesOf(method, url);
      const { verb = '', apiGroup = '', resource = '', name = '', namespace = '' } = read ?? {};
      const place = namespace === '' ? '' : ` in ${namespace}`;
      const text = `${verb} ${apiGroup} ${resource}${name === '' ? '' : ` ${name}`}${place}`;
      expect(read === undefined ? undefined : text).to.equal(expected);
    });

  it('minds namespaces and names', () => {
    const rule = { apiGroups: [''], resources: ['pods'], resourceNames: ['a'], verbs: ['get'] };
    const request = { verb: 'get', apiGroup: '', resource: 'pods', name: 'a', namespace: 'shop' };
    expect(allows({ namespace: 'shop', rule }, request)).to.equal(true);
    expect(allows({ namespace: undefined, rule }, request)).to.equal(true);
    expect(allows({ namespace: 'other', rule }, request)).to.equal(false);
    expect(allows({ namespace: 'shop', rule }, { ...request, name: 'b' })).to.equal(false);
    expect(allows({ namespace: 'shop', rule }, { ...request, resource: 'pods/log' })).to.equal(false);
  });
});
