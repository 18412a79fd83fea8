import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { eventually } from './wait.ts';

/** Where a Prometheus server may be: `$PROMETHEUS`, or on the PATH. */
const places = [
  process.env.PROMETHEUS,
  ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'prometheus')),
];

/** The program; undefined when there is none. Debian has it in the package `prometheus`. */
export const prometheusProgram = places.find((file) => file !== undefined && isProgram(file));

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, or no program.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A real Prometheus server on a free port of loopback. */
export class RealPrometheus {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #folder: string;
  #stderr = '';

  /** @param port default: a free one; @param folder its data, kept by `kill` and removed by `stop` */
  static async start(
    configFile: string,
    { port, folder }: { port?: number; folder?: string } = {},
  ): Promise<RealPrometheus> {
    const started = new RealPrometheus(
      configFile,
      port ?? (await freePort()),
      folder ?? mkdtempSync(join(tmpdir(), 'plimsoll-prometheus-')),
    );
    await eventually('Prometheus is ready', async () => {
      if (started.#ended !== undefined) return true;
      return (await fetch(`${started.url}/-/ready`)).ok;
    });
    if (started.#ended !== undefined) throw new Error(started.#ended);
    return started;
  }

  private constructor(configFile: string, port: number, folder: string) {
    this.url = `http://127.0.0.1:${port}`;
    this.#folder = folder;
    const flags = [`--config.file=${configFile}`, `--storage.tsdb.path=${folder}`];
    this.#process = spawn(prometheusProgram ?? '', [...flags, `--web.listen-address=127.0.0.1:${port}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
  }

  /** Why it is not there any more. */
  get #ended(): string | undefined {
    return this.#process.exitCode === null ? undefined : `prometheus ended: ${this.#stderr}`;
  }

  /** What a query gives: the values of its series. */
  async values(query: string): Promise<readonly string[]> {
    const response = await fetch(`${this.url}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
    return data.result.map(({ value: [, text] }) => text);
  }

  /** Ends it at once. @returns what starts it again where it was */
  async kill(): Promise<{ port: number; folder: string }> {
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
    return { port: Number(new URL(this.url).port), folder: this.#folder };
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
