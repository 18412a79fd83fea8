import type { LoadResult } from '../../src/report/load-result.ts';
import { ClusterProcess } from './cluster-process.ts';
import type { Kubectl } from './kubectl.ts';
import { Plimsoll } from './processes.ts';

/**
 * The walkthrough on a cluster of its own, with an operator and a load, each its own process. What to apply is up to the test, which
 * stops it all in the end, whether it was started or not.
 */
export class Walkthrough {
  #cluster: ClusterProcess | undefined;
  #operator: Plimsoll | undefined;
  #operatorFlags: readonly string[] = [];
  #load: Plimsoll | undefined;

  /** A cluster with nothing in it. */
  async start(): Promise<void> {
    this.#cluster = await ClusterProcess.start();
  }

  async stop(): Promise<void> {
    await this.#load?.stop('SIGKILL');
    await this.#operator?.stop();
    await this.#cluster?.stop();
  }

  /** @throws Error before the start */
  get cluster(): ClusterProcess {
    if (this.#cluster === undefined) throw new Error('the walkthrough was not started');
    return this.#cluster;
  }

  get kubectl(): Kubectl {
    return this.cluster.kubectl;
  }

  /** @param flags beside those that say where the cluster is, where to listen and how to log, divided by spaces */
  startOperator(flags: string): void {
    this.#operatorFlags = flags.split(' ');
    this.#runOperator();
  }

  #runOperator(): void {
    const where = ['--kubeconfig', this.cluster.kubeconfig, '--bind-address', '127.0.0.1:0'];
    this.#operator = new Plimsoll(['operator', ...where, '--log-format', 'json', ...this.#operatorFlags]);
  }

  /** Kills the operator and starts one like it. @returns the new one */
  async replaceOperator(): Promise<Plimsoll> {
    await this.operator.stop('SIGKILL');
    this.#runOperator();
    return this.operator;
  }

  /** @throws Error before the start of one */
  get operator(): Plimsoll {
    if (this.#operator === undefined) throw new Error('no operator was started');
    return this.#operator;
  }

  /** What the operator that runs now serves at /metrics. */
  async metrics(): Promise<string> {
    const [, health = ''] = await this.operator.told(/"health":"([^"]+)"/);
    return (await fetch(`${health}/metrics`)).text();
  }

  /** Waits until all pods of the Deployment are ready. */
  async rolledOut(): Promise<void> {
    await this.kubectl.run('rollout status deployment/walkthrough --timeout=60s');
  }

  /** Those that are asked for. */
  async replicas(): Promise<number> {
    return Number(await this.kubectl.run('get deploy walkthrough -o jsonpath={.spec.replicas}'));
  }

  async patch(type: 'json' | 'merge', patch: object): Promise<void> {
    await this.kubectl.run(`patch cas walkthrough --type=${type} -p`, [JSON.stringify(patch)]);
  }

  /** Loads the Service. @param path such as `/?cpu=1` */
  async startLoad(path: string, flags: readonly string[]): Promise<Plimsoll> {
    const address = await this.kubectl.run(
      'get svc walkthrough -o jsonpath={.metadata.annotations.plimsoll\\.dev/address}',
    );
    this.#load = new Plimsoll(['load', `http://${address}${path}`, ...flags, '--output', 'json']);
    return this.#load;
  }

  /** Ends the load as its user does. @throws Error when there is none */
  async endLoad(): Promise<LoadResult> {
    if (this.#load === undefined) throw new Error('no load was started');
    return JSON.parse((await this.#load.stop('SIGINT')).stdout) as LoadResult;
  }
}
