import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { UserError } from '../../../src/lib/errors.ts';
import { selfSignedCertificate } from '../../support/certificate.ts';
import { eventually } from '../../support/wait.ts';
import { registeredMetricsApis, registerMetricsApis, unregisterMetricsApis } from './aggregated-apis.ts';
import { Api, path } from './api.ts';
import type { KubeObject } from './api.ts';
import { Fleet } from './fleet.ts';
import { MetricsServer } from './metrics-server.ts';
import { ReplicaPlayer } from './replica-player.ts';
import { workerDefinition, workloadKinds } from './workloads.ts';
import type { WorkloadKind } from './workloads.ts';

/** A cluster to test on, before anything of ours is in it. */
export interface Cluster {
  readonly kind: 'dev cluster' | 'control plane' | 'existing cluster';
  /** Of an administrator. */
  readonly kubeconfig: string;
  /** The kinds of workloads whose controllers run. */
  readonly controllers: readonly WorkloadKind[];
  /** Whether the built-in HPA runs, with the flags of settings.ts. */
  readonly runsHpa: boolean;
  /** What service accounts asked for and may not do, one line each; undefined where that cannot be known. */
  refusals(): readonly string[] | undefined;
}

const definitions = path('apiextensions.k8s.io/v1', 'customresourcedefinitions');
const ours = parse(
  readFileSync(new URL('../../../crds/customautoscalers.plimsoll.dev.yaml', import.meta.url), 'utf8'),
) as KubeObject;

/**
 * A cluster with the fleet as its node and the tests' metrics in its metrics APIs: the same on the dev cluster, on a real control
 * plane and on an existing cluster. All that it adds is taken away again by `close`.
 */
export class Stage {
  readonly cluster: Cluster;
  readonly api: Api;
  readonly fleet: Fleet;
  readonly metrics: MetricsServer;
  /** Complaints of the fleet: none in a test that went well. */
  readonly complaints: string[] = [];
  readonly #players: ReplicaPlayer[];
  readonly #made: string[] = [];
  #namespaces = 0;

  private constructor(cluster: Cluster, api: Api) {
    this.cluster = cluster;
    this.api = api;
    const log = (line: string): number => this.complaints.push(line);
    this.fleet = new Fleet(api, log);
    this.metrics = new MetricsServer(this.fleet, selfSignedCertificate());
    this.#players = (Object.keys(workloadKinds) as WorkloadKind[])
      .filter((kind) => !cluster.controllers.includes(kind))
      .map((kind) => new ReplicaPlayer(api, kind, log));
  }

  /** @throws UserError when the cluster has metrics APIs, which are not ours to replace */
  static async open(cluster: Cluster): Promise<Stage> {
    const api = await Api.connect(cluster.kubeconfig);
    const taken = await registeredMetricsApis(api);
    if (taken.length > 0)
      throw new UserError(
        `${api.server}: ${taken.join(' and ')} are registered; use a cluster without metrics`,
      );
    const stage = new Stage(cluster, api);
    try {
      await stage.#prepare();
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  async #prepare(): Promise<void> {
    await this.metrics.start();
    for (const definition of [ours, workerDefinition]) await this.#define(definition);
    await this.fleet.start();
    for (const player of this.#players) player.start();
    await registerMetricsApis(this.api, await this.namespace('metrics'), this.metrics.port);
  }

  /** Makes a definition known, unless it is already. */
  async #define(definition: KubeObject): Promise<void> {
    const { name } = definition.metadata;
    if ((await this.api.find(`${definitions}/${name}`)) === undefined) {
      await this.api.create(definitions, definition);
      this.#made.push(`${definitions}/${name}`);
    }
    const { group, names } = definition.spec as { group: string; names: { plural: string } };
    await eventually(`${name} is served`, () => this.api.get(path(`${group}/v1`, names.plural)));
  }

  /** A new namespace of its own for one test. */
  async namespace(purpose: string): Promise<string> {
    this.#namespaces += 1;
    const name = `plimsoll-${purpose}-${process.pid}-${this.#namespaces}`;
    await this.api.create(path('v1', 'namespaces'), {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    });
    this.#made.push(path('v1', 'namespaces', undefined, name));
    return name;
  }

  /** Has an object that a test made taken away by `close`. @param place its path */
  remember(place: string): void {
    this.#made.push(place);
  }

  /** Takes away what `open` and the tests added; on a cluster that is thrown away afterwards only the parts of this process. */
  async close(): Promise<void> {
    await Promise.all(this.#players.map((player) => player.stop())); // before what they watch is taken away
    try {
      if (this.cluster.kind === 'existing cluster') {
        await unregisterMetricsApis(this.api);
        await Promise.all(this.#made.map((made) => this.#remove(made)));
      }
    } finally {
      await this.fleet.stop();
      await this.metrics.stop();
      await this.api.close();
    }
  }

  async #remove(made: string): Promise<void> {
    await this.api.delete(made);
    await eventually(`${made} is gone`, async () => (await this.api.find(made)) === undefined);
  }
}
