import { expect } from 'chai';
import type { OperatorOptions } from '../../src/operator/options.ts';
import { defaultLeaseTimes } from '../../src/operator/options.ts';
import { TestCluster } from '../support/cluster.ts';
import type { LocalApi } from '../support/local-api.ts';
import { pageNotFound, startLocalApi } from '../support/local-api.ts';
import type { Proxy } from '../support/proxy.ts';
import { startProxy } from '../support/proxy.ts';
import { RunningOperator } from '../support/running-operator.ts';
import { eventually } from '../support/wait.ts';
import type { Attributes, Grant } from './authorizer.ts';
import { allows, attributesOf, grantsOf } from './authorizer.ts';
import type { Manifest, Overlay } from './manifests.ts';
import { written } from './manifests.ts';

const apps = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  ReplicaSet: 'replicasets',
} as const;
type Kind = keyof typeof apps;

const home: Readonly<Record<Overlay, string>> = {
  single: 'plimsoll-system',
  'high-availability': 'plimsoll-system',
  namespaced: 'shop',
};

/** The rights of an overlay, in the namespace that it is put into. */
function rightsOf(overlay: Overlay): Grant[] {
  const inNamespace = ({ metadata, ...rest }: Manifest): Manifest => ({
    ...rest,
    metadata: { ...metadata, namespace: home[overlay] },
  });
  return grantsOf(written(`deploy/overlays/${overlay}`).map(inNamespace));
}

/** An adapter with a custom metric of pods and of objects, and an external metric. */
async function startAdapter(): Promise<LocalApi> {
  const groups = ['custom.metrics.k8s.io', 'external.metrics.k8s.io'];
  const value = { value: '10', metricName: 'queue', timestamp: '2026-01-01T00:00:00Z' };
  return startLocalApi(({ path }, response) => {
    const [, , group = '', version, ...rest] = path.split('/');
    if (!groups.includes(group)) {
      pageNotFound(response);
      return;
    }
    if (version === undefined) return { versions: [{ version: 'v1beta2' }, { version: 'v1beta1' }] };
    const pods = rest.includes('pods') ? [{ describedObject: { kind: 'Pod', name: 'web-0' } }] : [{}];
    return { items: pods.map((item) => ({ ...item, ...value })) };
  });
}

/** An API server that lets requests through to which the rights of an overlay suffice, and breaks off the others. */
class GuardedCluster {
  /** What the operator was refused. */
  readonly refused: Attributes[] = [];
  /** What it did, each with the grants that would have sufficed. */
  readonly seen: { readonly attributes: Attributes; readonly grants: readonly Grant[] }[] = [];
  readonly grants: readonly Grant[];
  readonly cluster: TestCluster;
  readonly #adapter: LocalApi;
  readonly #conflicts = new Set<string>();
  #proxy!: Proxy;

  private constructor(grants: readonly Grant[], cluster: TestCluster, adapter: LocalApi) {
    this.grants = grants;
    this.cluster = cluster;
    this.#adapter = adapter;
  }

  static async start(grants: readonly Grant[]): Promise<GuardedCluster> {
    const cluster = new GuardedCluster(grants, await TestCluster.start(), await startAdapter());
    const server = (path: string): string =>
      /^\/apis\/(custom|external)\.metrics/.test(path) ? cluster.#adapter.url : cluster.cluster.server.url;
    cluster.#proxy = await startProxy(server, (method, url) => cluster.#admit(method, url));
    return cluster;
  }

  get url(): string {
    return this.#proxy.url;
  }

  /** A workload whose pods use twice what they should: something to write. */
  addWorkload(kind: Kind, spec: object = {}): void {
    const name = kind.toLowerCase();
    const { api } = this.cluster;
    if (kind === 'Deployment') this.cluster.deploy(name, 2, 'shop');
    else {
      const labels = { app: name };
      const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app' }] } };
      const common = { replicas: 2, selector: { matchLabels: labels }, template };
      const metadata = { name, namespace: 'shop' };
      const own = kind === 'StatefulSet' ? { serviceName: name } : {};
      api.create(`${apps[kind]}.apps`, {
        apiVersion: 'apps/v1',
        kind,
        metadata,
        spec: { ...common, ...own },
      });
      this.#runPods(kind);
    }
    this.cluster.load(name, 100, 'shop');
    const scaleTargetRef = { apiVersion: 'apps/v1', kind, name };
    this.cluster.autoscale(name, { scaleTargetRef, ...spec }, 'shop');
  }

  #runPods(kind: Exclude<Kind, 'Deployment'>): void {
    const name = kind.toLowerCase();
    this.cluster.deploy(`${name}-pods`, 2, 'shop'); // pods that run, by hand made this workload's
    for (const { metadata } of this.cluster.api.list('pods', {
      namespace: 'shop',
      labelSelector: `app=${name}-pods`,
    }))
      this.cluster.api.patch('pods', 'shop', metadata.name, 'merge', { metadata: { labels: { app: name } } });
    this.cluster.api.patch(
      `${apps[kind]}.apps`,
      'shop',
      name,
      'merge',
      { status: { replicas: 2 } },
      'status',
    );
  }

  async close(): Promise<void> {
    await this.#proxy.close();
    await this.#adapter.close();
    await this.cluster.close();
  }

  #admit(method: string, url: string): Promise<void> | undefined {
    const attributes = attributesOf(method, url);
    if (attributes === undefined) return undefined;
    const grants = this.grants.filter((grant) => allows(grant, attributes));
    this.seen.push({ attributes, grants });
    if (grants.length === 0) {
      this.refused.push(attributes);
      return Promise.reject(new Error(`not allowed: ${JSON.stringify(attributes)}`));
    }
    this.#conflictOnce(attributes);
    return undefined;
  }

  /** Somebody else is faster at the first write of each scale, so that it is read anew. */
  #conflictOnce({ verb, resource, name, namespace }: Attributes): void {
    if (verb !== 'patch' || !resource.endsWith('/scale') || this.#conflicts.has(resource)) return;
    this.#conflicts.add(resource);
    const plural = resource.replace('/scale', '');
    this.cluster.api.patch(`${plural}.apps`, namespace, name, 'merge', {
      metadata: { annotations: { touched: 'yes' } },
    });
  }
}

/** Each verb on each resource that a role has, with what is used of it. */
function unused({ grants, seen }: GuardedCluster): string[] {
  return grants.flatMap((grant) =>
    grant.rule.verbs.flatMap((verb) =>
      (grant.rule.resources ?? []).flatMap((resource) => {
        const isUsed = seen.some(
          ({ attributes, grants: used }) =>
            used.includes(grant) &&
            attributes.verb === verb &&
            (resource === '*' || attributes.resource === resource),
        );
        return isUsed ? [] : [`${verb} ${grant.rule.apiGroups?.join() ?? ''} ${resource}`];
      }),
    ),
  );
}

const metric = { name: 'queue' };
const perPod = { type: 'AverageValue', averageValue: '1' };
const metrics = [
  { type: 'Pods', pods: { metric, target: perPod } },
  {
    type: 'Object',
    object: {
      describedObject: { apiVersion: 'v1', kind: 'Namespace', name: 'shop' },
      metric,
      target: { type: 'Value', value: '1' },
    },
  },
  { type: 'External', external: { metric, target: perPod } },
  { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 50 } } },
];

describe('the operator under the roles of deploy/', function () {
  this.timeout(120_000);
  for (const overlay of ['single', 'namespaced'] as const)
    it(`of ${overlay} does its work, is refused nothing, and uses every verb on every resource`, async () => {
      const guarded = await GuardedCluster.start(rightsOf(overlay));
      const { cluster } = guarded;
      for (const name of new Set(['shop', home[overlay]]))
        cluster.api.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      guarded.addWorkload('Deployment', { metrics });
      guarded.addWorkload('StatefulSet');
      guarded.addWorkload('ReplicaSet');
      cluster.autoscale('missing', {}, 'shop'); // tells of it again and again: a series of events
      const leaderElection: OperatorOptions['leaderElection'] = {
        ...defaultLeaseTimes,
        retryPeriodMs: 100,
        namespace: home[overlay],
        name: 'plimsoll',
      };
      const operator = await RunningOperator.start(guarded.url, {
        leaderElection,
        ...(overlay === 'namespaced' ? { namespace: 'shop' } : {}),
      });
      try {
        await eventually('every right is used, or something is refused', () => {
          return guarded.refused.length > 0 || unused(guarded).length === 0;
        }).catch(() => undefined); // what is unused is told below
        expect(guarded.refused).to.deep.equal([]);
        expect(unused(guarded)).to.deep.equal([]);
      } finally {
        await operator.stop();
        await guarded.close();
      }
    });
});
