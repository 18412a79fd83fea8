import { expect } from 'chai';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { operatorIo, tryOperator } from './operator-command.ts';
import type { Labels, Manifest, Overlay } from './manifests.ts';
import { built, ofKind, overlays, readManifests, theOne, withoutKustomize, written } from './manifests.ts';

const clusterScoped = ['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition'];

const everywhere = [
  'Deployment plimsoll',
  'NetworkPolicy plimsoll',
  'Role plimsoll-leader-election',
  'RoleBinding plimsoll-leader-election',
  'Service plimsoll-metrics',
  'ServiceAccount plimsoll',
];
const clusterWide = [
  'ClusterRole plimsoll',
  'ClusterRole plimsoll-edit',
  'ClusterRole plimsoll-explain',
  'ClusterRole plimsoll-scale-targets',
  'ClusterRole plimsoll-view',
  'ClusterRoleBinding plimsoll',
  'ClusterRoleBinding plimsoll-scale-targets',
  'CustomResourceDefinition customautoscalers.plimsoll.dev',
  'Namespace plimsoll-system',
];

/** What an administrator gets with each. */
const installed: Readonly<Record<Overlay, readonly string[]>> = {
  single: [...everywhere, ...clusterWide],
  'high-availability': [...everywhere, ...clusterWide, 'PodDisruptionBudget plimsoll'],
  namespaced: [...everywhere, 'Role plimsoll', 'RoleBinding plimsoll'],
};

const nameOf = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;

function selects(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([label, value]) => labels[label] === value);
}

/** What must hold of the objects of an overlay, built or as they are written. */
const checks: Readonly<Record<string, (objects: readonly Manifest[], overlay: Overlay) => unknown>> = {
  'has these objects and no others, each once': (objects, overlay) => {
    expect(objects.map(nameOf).sort()).to.deep.equal([...installed[overlay]].sort());
    for (const { apiVersion, metadata } of objects) {
      expect(apiVersion).to.match(/^([a-z0-9.]+\/)?v\d+$/);
      expect(metadata.name).to.match(/^[a-z0-9.-]{1,63}$/);
      expect(metadata.labels?.['app.kubernetes.io/name'], metadata.name).to.equal('plimsoll');
    }
  },
  'selects the pods that its Deployment makes, wherever it selects some': (objects) => {
    const { selector, template } = theOne(objects, 'Deployment').spec;
    const budgets = ofKind(objects, 'PodDisruptionBudget');
    const selectors = [
      selector.matchLabels,
      theOne(objects, 'Service').spec.selector,
      theOne(objects, 'NetworkPolicy').spec.podSelector.matchLabels,
      ...budgets.map(({ spec }) => spec.selector.matchLabels),
      ...(template.spec.topologySpreadConstraints ?? []).map((each) => each.labelSelector.matchLabels),
    ];
    for (const each of selectors) {
      expect(Object.keys(each)).to.have.length.greaterThan(1);
      expect(selects(each, template.metadata.labels), JSON.stringify(each)).to.equal(true);
    }
  },
  'leads every port to the one that the operator is told to listen on': (objects) => {
    const [container] = theOne(objects, 'Deployment').spec.template.spec.containers;
    const [port] = container?.ports ?? [];
    expect(container?.args).to.include(`--bind-address=:${port?.containerPort ?? 0}`);
    const service = theOne(objects, 'Service').spec.ports.map(({ targetPort }) => targetPort);
    const { ingress } = theOne(objects, 'NetworkPolicy').spec;
    const allowed = ingress.flatMap((each) => each.ports.map(({ port: name }) => name));
    const probes = [container?.livenessProbe.httpGet.port, container?.readinessProbe.httpGet.port];
    for (const name of [...service, ...allowed, ...probes]) expect(name).to.equal(port?.name);
  },
  'lets the operator reach an API server and DNS, and nothing else': (objects) => {
    const { policyTypes, egress } = theOne(objects, 'NetworkPolicy').spec;
    expect(policyTypes).to.have.members(['Ingress', 'Egress']);
    const ports = new Set(egress.flatMap((each) => each.ports.map(({ port }) => port)));
    expect(ports).to.deep.equal(new Set([443, 6443, 8443, 53]));
  },
  'binds roles and a service account that are there': (objects) => {
    const names = objects.map(nameOf);
    const account = theOne(objects, 'ServiceAccount').metadata;
    const bindings = ofKind(objects, 'RoleBinding', 'ClusterRoleBinding');
    for (const { roleRef, subjects } of bindings) {
      expect(names).to.include(`${roleRef.kind} ${roleRef.name}`);
      expect(roleRef.apiGroup).to.equal('rbac.authorization.k8s.io');
      const expected = { kind: 'ServiceAccount', name: account.name };
      const place = account.namespace === undefined ? {} : { namespace: account.namespace };
      expect(subjects).to.deep.equal([{ ...expected, ...place }]);
    }
    const { serviceAccountName } = theOne(objects, 'Deployment').spec.template.spec;
    expect(serviceAccountName).to.equal(account.name);
  },
  'has the CRD as it is in crds/, or none': (objects) => {
    const [crd, ...more] = ofKind(objects, 'CustomResourceDefinition');
    expect(more).to.deep.equal([]);
    if (crd === undefined) return;
    expect([crd]).to.deep.equal(readManifests('crds/customautoscalers.plimsoll.dev.yaml'));
  },
};

/** What the fields of a pod are to these tests. */
const podFields: Readonly<Record<string, string>> = {
  'metadata.namespace': 'shop',
  'metadata.name': 'plimsoll-7c9d-x2x4',
};

/** What is true only once kustomize has put namespaces and patches in. */
const builtChecks: typeof checks = {
  ...checks,
  'puts what belongs into a namespace into one': (objects, overlay) => {
    const namespace = overlay === 'namespaced' ? 'my-namespace' : 'plimsoll-system';
    for (const { kind, metadata } of objects)
      expect(metadata.namespace, metadata.name).to.equal(
        clusterScoped.includes(kind) ? undefined : namespace,
      );
  },
  'gives the operator flags that it accepts': async (objects, overlay) => {
    const [container] = theOne(objects, 'Deployment').spec.template.spec.containers;
    const env = Object.fromEntries(
      container?.env?.map(({ name, valueFrom }) => [name, podFields[valueFrom.fieldRef.fieldPath]]) ?? [],
    );
    const args = (container?.args ?? []).map((arg) =>
      arg.replace(/\$\((\w+)\)/g, (variable, name: string) => env[name] ?? variable),
    );
    expect(args.includes('--namespace=shop')).to.equal(overlay === 'namespaced');
    expect(args).to.include('--leader-elect');
    expect(await tryOperator(args, operatorIo(env))).to.match(/kubeconfig .* does not exist/);
  },
};

describe('the manifests of deploy/, as they are written', () => {
  for (const overlay of overlays)
    for (const [sentence, check] of Object.entries(checks))
      it(`${overlay} ${sentence}`, () => check(written(`deploy/overlays/${overlay}`), overlay));
});

describe(`the overlays of deploy/${withoutKustomize === undefined ? '' : ` (skipped: ${withoutKustomize})`}`, () => {
  before(function () {
    if (withoutKustomize !== undefined) this.skip();
  });

  for (const overlay of overlays)
    for (const [sentence, check] of Object.entries(builtChecks))
      it(`${overlay} ${sentence}`, () => check(built(`deploy/overlays/${overlay}`), overlay));

  it('high-availability runs two, apart, of which one at a time may go', () => {
    const objects = built('deploy/overlays/high-availability');
    const { replicas, template } = theOne(objects, 'Deployment').spec;
    expect(replicas).to.equal(2);
    const spread = template.spec.topologySpreadConstraints?.map(({ topologyKey }) => topologyKey);
    expect(spread).to.deep.equal(['kubernetes.io/hostname', 'topology.kubernetes.io/zone']);
    expect(theOne(objects, 'PodDisruptionBudget').spec.maxUnavailable).to.equal(1);
  });

  it('namespaced has nothing that lies outside of a namespace', () => {
    const objects = built('deploy/overlays/namespaced');
    expect(objects.filter(({ kind }) => clusterScoped.includes(kind))).to.deep.equal([]);
  });

  describe('of a user', () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plimsoll-deploy-')));
    after(() => rmSync(folder, { recursive: true }));

    function ofUser(kustomization: object): readonly Manifest[] {
      const own = mkdtempSync(join(folder, 'own-'));
      writeFileSync(join(own, 'kustomization.yaml'), JSON.stringify(kustomization));
      return built(own);
    }
    const path = (name: string): string => relative(join(folder, 'own'), realpathSync(`deploy/${name}`));

    it('puts the operator of one namespace into any', () => {
      const objects = ofUser({ namespace: 'shop', resources: [path('overlays/namespaced')] });
      for (const { metadata } of objects) expect(metadata.namespace).to.equal('shop');
      for (const { subjects } of ofKind(objects, 'RoleBinding'))
        expect(subjects[0]?.namespace).to.equal('shop');
    });

    it('names an image', () => {
      const images = [{ name: 'plimsoll', newName: 'registry.example.com/plimsoll', newTag: '1' }];
      const objects = ofUser({ resources: [path('overlays/single')], images });
      const [container] = theOne(objects, 'Deployment').spec.template.spec.containers;
      expect(container?.image).to.equal('registry.example.com/plimsoll:1');
    });

    it('adds the component that lets the operator read pods', () => {
      const objects = ofUser({
        namespace: 'plimsoll-system',
        resources: [path('overlays/single')],
        components: [path('components/pod-scrape')],
      });
      const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
      expect(policies.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`)).to.have.members([
        'plimsoll-system/plimsoll',
        'plimsoll-system/plimsoll-pod-scrape',
      ]);
    });

    it('adds the component for the priority of system components', () => {
      const objects = ofUser({
        namespace: 'plimsoll-system',
        resources: [path('overlays/high-availability')],
        components: [path('components/system-critical')],
      });
      const { spec } = theOne(objects, 'Deployment').spec.template;
      expect(spec.priorityClassName).to.equal('system-cluster-critical');
      expect(theOne(objects, 'ResourceQuota').metadata.namespace).to.equal('plimsoll-system');
    });
  });
});
