import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Plimsoll } from '../../support/processes.ts';
import { ApiFailure, path } from './api.ts';
import type { KubeObject } from './api.ts';
import { featureGates, hpaFlags } from './settings.ts';
import type { Cluster, Stage } from './stage.ts';

/** Where the operator lives, and its Lease. */
export const systemNamespace = 'plimsoll-system';
const account = 'plimsoll';

/** What an administrator applies for an operator that serves all namespaces, but for what needs a kubelet. */
const manifests = [
  'cluster-wide/namespace.yaml',
  'cluster-wide/cluster-role.yaml',
  'cluster-wide/scale-targets.yaml',
  'base/service-account.yaml',
  'base/leader-election.yaml',
];

const plurals: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};

/** Grants the scale subresource of the tests' own kind, as deploy/examples says for any. */
const scaleWorkers: KubeObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: {
    name: 'plimsoll-scale-workers',
    labels: { 'plimsoll.dev/aggregate-to-scale-targets': 'true' },
  },
  rules: [{ apiGroups: ['fleet.example.com'], resources: ['workers/scale'], verbs: ['get', 'patch'] }],
};

/** Operators of the tests, each a process of its own, under the rights of deploy/ where the cluster knows rights. */
export class Operators {
  readonly #stage: Stage;
  readonly #folder = mkdtempSync(join(tmpdir(), 'plimsoll-operators-'));
  readonly #running: Plimsoll[] = [];
  #kubeconfig: Promise<string> | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Starts one that decides each second, by the flags of settings.ts. @param flags win over those */
  async start(flags: Readonly<Record<string, string>> = {}, env: NodeJS.ProcessEnv = {}): Promise<Plimsoll> {
    const all: Record<string, string> = {
      kubeconfig: await (this.#kubeconfig ??= this.#createKubeconfig()),
      ...hpaFlags,
      'feature-gates': Object.entries(featureGates)
        .map(([gate, on]) => `${gate}=${on}`)
        .join(','),
      'bind-address': '127.0.0.1:0',
      'log-format': 'json',
      ...flags,
    };
    const args = Object.entries(all).map(([name, value]) => `--${name}=${value}`);
    const operator = new Plimsoll(['operator', ...args], { env: { ...process.env, ...env } });
    this.#running.push(operator);
    await operator.told(/operator started/);
    return operator;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.map((operator) => operator.stop()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** @returns the file of a user who may do what the operator may */
  async #createKubeconfig(): Promise<string> {
    const { cluster, api } = this.#stage;
    // The dev cluster knows no rights.
    const isBare = cluster.kind === 'dev cluster';
    if (isBare) for (const object of read('cluster-wide/namespace.yaml')) await this.#apply(object);
    if (isBare) return cluster.kubeconfig;
    for (const object of [...manifests.flatMap(read), scaleWorkers])
      await this.#apply(filledIn(object, cluster));
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const tokens = path('v1', 'serviceaccounts', systemNamespace, account, 'token');
    const { status } = await api.create(tokens, { ...request, spec: { expirationSeconds: 7200 } });
    const file = join(this.#folder, 'kubeconfig');
    const { token } = status as { token: string };
    writeFileSync(file, withToken(cluster.kubeconfig, token), { mode: 0o600 });
    return file;
  }

  async #apply(object: KubeObject): Promise<void> {
    const plural = plurals[object.kind] ?? '';
    const isWide = object.kind === 'Namespace' || object.kind.startsWith('Cluster');
    try {
      await this.#stage.api.create(
        path(object.apiVersion, plural, isWide ? undefined : systemNamespace),
        object,
      );
      const place = path(
        object.apiVersion,
        plural,
        isWide ? undefined : systemNamespace,
        object.metadata.name,
      );
      this.#stage.remember(place);
    } catch (error) {
      if (!(error instanceof ApiFailure && error.code === 409)) throw error;
    }
  }
}

/** Where nobody fills in the rules of an aggregated ClusterRole, as with an API server alone, they are those of the tests' kind. */
function filledIn(object: KubeObject, { controllers }: Cluster): KubeObject {
  const isFilledIn = controllers.length > 0 || object.aggregationRule === undefined;
  return isFilledIn ? object : { ...object, rules: scaleWorkers.rules as unknown };
}

/** The objects of a file, in the namespace that an overlay would give them. */
function read(file: string): KubeObject[] {
  const text = readFileSync(new URL(`../../../deploy/${file}`, import.meta.url), 'utf8');
  return parseAllDocuments(text).map((document) => {
    const object = document.toJS() as KubeObject & { subjects?: { namespace?: string }[] };
    for (const subject of object.subjects ?? []) subject.namespace = systemNamespace;
    return object;
  });
}

/** The same cluster with another user. */
function withToken(kubeconfig: string, token: string): string {
  const [document] = parseAllDocuments(readFileSync(kubeconfig, 'utf8'));
  const config = document?.toJS() as KubeObject & {
    'current-context': string;
    contexts: { name: string; context: { cluster: string; user: string } }[];
  };
  const context = config.contexts.find(({ name }) => name === config['current-context']);
  return JSON.stringify({
    ...config,
    users: [{ name: 'operator', user: { token } }],
    contexts: [{ name: 'operator', context: { cluster: context?.context.cluster ?? '', user: 'operator' } }],
    'current-context': 'operator',
  });
}
