import type { SpawnOptions } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kubectl } from './kubectl.ts';
import { Plimsoll } from './processes.ts';

/** `plimsoll cluster` as its own process, with a kubectl that talks to it. */
export class ClusterProcess {
  readonly plimsoll: Plimsoll;
  readonly kubeconfig: string;
  readonly server: string;
  readonly kubectl: Kubectl;
  readonly #folder: string;

  private constructor(plimsoll: Plimsoll, folder: string, kubeconfig: string, server: string) {
    this.plimsoll = plimsoll;
    this.#folder = folder;
    this.kubeconfig = kubeconfig;
    this.server = server;
    this.kubectl = new Kubectl(kubeconfig);
  }

  /** @param spawnOptions made for the folder that is to be its home */
  static async start(
    args: readonly string[] = [],
    spawnOptions: (folder: string) => SpawnOptions = () => ({}),
  ): Promise<ClusterProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-cluster-'));
    const kubeconfig = join(folder, 'kubeconfig');
    const flags = ['--port', '0', '--kubeconfig', kubeconfig, '--output', 'json', '--metrics-window', '2s'];
    const plimsoll = new Plimsoll(['cluster', ...flags, ...args], spawnOptions(folder));
    const [line] = await plimsoll.printed(/^\{.*\}$/m);
    const { server } = JSON.parse(line) as { server: string };
    return new ClusterProcess(plimsoll, folder, kubeconfig, server);
  }

  async stop(): Promise<void> {
    await this.plimsoll.stop();
    this.kubectl.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
