import type { OperatorOptions } from '../../src/operator/options.ts';
import { TestCluster, type TestClusterOptions } from './cluster.ts';
import { type CommandResult, runInProcess } from './in-process.ts';
import { kubeconfigText, temporaryFile } from './local-api.ts';
import { RunningOperator } from './running-operator.ts';

/** A test cluster, the kubeconfig of it, and the operator once it is started. Every test closes it. */
export class Stage {
  readonly cluster: TestCluster;
  /** A file. */
  readonly kubeconfig: string;
  #operator: RunningOperator | undefined;

  private constructor(cluster: TestCluster) {
    this.cluster = cluster;
    this.kubeconfig = temporaryFile('kubeconfig', kubeconfigText(cluster.server.url));
  }

  static async open(options: TestClusterOptions = {}): Promise<Stage> {
    return new Stage(await TestCluster.start(0, options));
  }

  async startOperator(options: Partial<OperatorOptions> = {}): Promise<RunningOperator> {
    this.#operator = await RunningOperator.start(this.cluster.server.url, options);
    return this.#operator;
  }

  /** A command against this cluster, in this process. */
  async run(...argv: readonly string[]): Promise<CommandResult> {
    return runInProcess([...argv, '--kubeconfig', this.kubeconfig]);
  }

  async close(): Promise<void> {
    await this.#operator?.stop();
    await this.cluster.close();
  }
}
