import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/wait.ts';
import { apiServerFlags, controllerManagerFlags, etcdFlags, flagArgs, layoutFiles } from './flags.ts';
import type { Flags, Layout } from './flags.ts';
import { Part } from './part.ts';
import type { Programs } from './programs.ts';

export interface ControlPlaneOptions {
  readonly programs: Programs;
  /** The same for the API server and the controllers. */
  readonly featureGates?: Readonly<Record<string, boolean>>;
  /** Further flags of kube-controller-manager, such as `horizontal-pod-autoscaler-sync-period`; they win over ours. */
  readonly controllerFlags?: Flags;
  /** Further flags of kube-apiserver; they win over ours. */
  readonly apiServerFlags?: Flags;
}

/** A request that was refused with 403. */
export interface Refusal {
  readonly user: string;
  readonly verb: string;
  readonly uri: string;
}

/** Time for the API server to be ready, in ms; it needs a few seconds on an idle machine. */
const readyWithinMs = 120_000;

/** etcd, kube-apiserver and kube-controller-manager on loopback, with all their files in one temporary folder. */
export class ControlPlane {
  readonly folder: string;
  readonly server: string;
  /** Of a user in `system:masters`. */
  readonly kubeconfig: string;
  readonly #parts: readonly Part[];

  private constructor(layout: Layout, parts: readonly Part[]) {
    this.folder = layout.folder;
    this.server = `https://127.0.0.1:${layout.apiPort}`;
    this.kubeconfig = join(layout.folder, layoutFiles.kubeconfig);
    this.#parts = parts;
  }

  /** @throws with the end of its log when a part does not come up; nothing is left behind then */
  static async start(options: ControlPlaneOptions): Promise<ControlPlane> {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-controlplane-'));
    const [etcdPort, peerPort, apiPort] = (await freePorts(3)) as [number, number, number];
    const layout: Layout = { folder, etcdPort, peerPort, apiPort };
    const parts: Part[] = [];
    const plane = new ControlPlane(layout, parts);
    try {
      const token = writeFiles(layout);
      await plane.#startParts(layout, parts, options, token);
      return plane;
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  async #startParts(
    layout: Layout,
    parts: Part[],
    { programs, controllerFlags, apiServerFlags: serverFlags, featureGates = {} }: ControlPlaneOptions,
    token: string,
  ): Promise<void> {
    const gates = Object.entries(featureGates).map(([gate, on]) => `${gate}=${on}`);
    const start = (name: string, program: Programs['etcd'], flags: Flags): Part => {
      const part = new Part(name, program, flagArgs(flags), layout.folder);
      parts.push(part);
      return part;
    };
    start('etcd', programs.etcd, etcdFlags(layout));
    const server = { ...apiServerFlags(layout, gates.join(',')), ...serverFlags };
    start('kube-apiserver', programs.apiServer, server);
    const failed = await eventually(
      'the API server is ready',
      async () => {
        const ended = parts.find((part) => !part.running);
        return ended ?? (await statusOf(layout.apiPort, '/readyz', token)) === 200;
      },
      readyWithinMs,
    );
    if (failed instanceof Part) throw new Error(failed.lastWords());
    writeFileSync(this.kubeconfig, kubeconfigText(layout, token));
    if (programs.controllerManager === undefined) return;
    const flags = { ...controllerManagerFlags(layout, gates.join(',')), ...controllerFlags };
    start('kube-controller-manager', programs.controllerManager, flags);
  }

  /** Process ids of what runs. */
  get pids(): number[] {
    return this.#parts.map(({ pid }) => pid);
  }

  /** For `readRefusals`. */
  get auditLog(): string {
    return join(this.folder, layoutFiles.auditLog);
  }

  /** Ends everything at once, as no data is kept, and removes the folder. */
  async stop(): Promise<void> {
    await Promise.all([...this.#parts].reverse().map((part) => part.kill()));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** For `process.on('exit')`, where nothing can be waited for. */
  killNow(): void {
    for (const part of this.#parts) part.killNow();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What service accounts asked for and may not do, so far, by the API server's own notes. */
export function readRefusals(auditLog: string): Refusal[] {
  if (!existsSync(auditLog)) return [];
  return readFileSync(auditLog, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"code":403'))
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ responseStatus }) => responseStatus?.code === 403)
    .map(({ user, verb, requestURI }) => ({ user: user.username, verb, uri: requestURI }));
}

interface AuditEvent {
  readonly user: { readonly username: string };
  readonly verb: string;
  readonly requestURI: string;
  readonly responseStatus?: { readonly code?: number };
}

const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [{ level: 'Metadata', userGroups: ['system:serviceaccounts'] }, { level: 'None' }],
};

/** What the API server reads when it starts. @returns the administrator's token */
function writeFiles({ folder }: Layout): string {
  const token = randomBytes(16).toString('hex');
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const files = {
    tokens: `${token},admin,admin,system:masters\n`,
    privateKey,
    publicKey,
    auditPolicy: JSON.stringify(auditPolicy),
  };
  mkdirSync(join(folder, 'certs'));
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, layoutFiles[name as keyof typeof files]), text, { mode: 0o600 });
  return token;
}

function kubeconfigText({ folder, apiPort }: Layout, token: string): string {
  const cluster = {
    server: `https://127.0.0.1:${apiPort}`,
    'certificate-authority': join(folder, layoutFiles.certificate),
  };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'controlplane', cluster }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'admin', context: { cluster: 'controlplane', user: 'admin' } }],
    'current-context': 'admin',
  });
}

/** All are held before the first is let go, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = servers.map(
    (server) =>
      new Promise<number>((resolve, reject) => {
        server.on('error', reject);
        server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
      }),
  );
  const found = await Promise.all(ports);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return found;
}

/** Undefined while nothing listens. */
function statusOf(port: number, path: string, token: string): Promise<number | undefined> {
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path, headers, rejectUnauthorized: false, timeout: 5000 };
    request(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', () => resolve(undefined))
      .end();
  });
}
