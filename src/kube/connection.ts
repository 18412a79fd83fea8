import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { Agent, ProxyAgent } from 'undici';
import type { Dispatcher } from 'undici';
import { tokenFileOf } from './kubeconfig.ts';

/** What a request needs besides its own path and body. */
export interface Access {
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

export interface ConnectionOptions {
  /** Most connections of each pool; the pool `watches` has no limit. */
  readonly connections: number;
  /** How long credentials are used before they are read again, in milliseconds. */
  readonly credentialsMaxAgeMs: number;
}

/** Agents by the name of their pool, all with the same certificates. */
interface Pools {
  readonly fingerprint: string;
  readonly create: (pool: string) => Dispatcher;
  readonly agents: Map<string, Dispatcher>;
}

/**
 * Credentials and pooled connections. client-node reads the credentials (exec plugins, OIDC, certificates; token files are read
 * here), all of which may change while we run; its own way of sending opens a new TLS connection for each request, so the agents
 * are ours: kept until a certificate, key or CA changes. A watch holds its connection for as long as it lasts: it gets another agent.
 */
export class Connection {
  readonly #load: () => KubeConfig;
  readonly #options: ConnectionOptions;
  #config: KubeConfig | undefined;
  #pools: Pools | undefined;
  #headers: Record<string, string> = {};
  #readAtMs = -Infinity;
  #reading: Promise<void> | undefined;
  #closed = false;

  /** @param load reads the kubeconfig; called again after credentials were refused, since the file may have changed */
  constructor(load: () => KubeConfig, options: ConnectionOptions) {
    this.#load = load;
    this.#options = options;
  }

  /** @param pool names the connections to use; `watches` is for streams */
  async access(pool: string): Promise<Access> {
    if (!this.#closed && performance.now() - this.#readAtMs > this.#options.credentialsMaxAgeMs) {
      this.#reading ??= this.#refresh().finally(() => (this.#reading = undefined));
      await this.#reading;
    }
    if (this.#closed || this.#pools === undefined) throw new Error('the client was closed');
    return { headers: this.#headers, dispatcher: agentOf(this.#pools, pool) };
  }

  /**
   * Reads kubeconfig and credentials anew at the next request: the server did not accept the ones at hand.
   * @param used what was not accepted; nothing is done when there are newer ones already
   */
  forgetCredentials(used?: Access): void {
    if (used !== undefined && used.headers !== this.#headers) return;
    this.#config = undefined;
    this.#readAtMs = -Infinity;
  }

  /** Closes every connection, also those in use; there are none afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    const agents = [...(this.#pools?.agents.values() ?? [])];
    this.#pools = undefined;
    await Promise.all(agents.map((agent) => agent.destroy()));
  }

  /** Credentials that could not be renewed in passing are used on: when they are no longer good, the server says so. */
  async #refresh(): Promise<void> {
    const renews = this.#config !== undefined;
    try {
      await this.#read();
    } catch (error) {
      if (!renews || this.#pools === undefined) throw error;
      this.#readAtMs = performance.now();
    }
  }

  async #read(): Promise<void> {
    const config = (this.#config ??= this.#load());
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    if (this.#closed) throw new Error('the client was closed');
    const headers = { ...headersOf(options), ...tokenFromFile(config) };
    const certificates = certificatesOf(options);
    const fingerprint = createHash('sha256').update(JSON.stringify(certificates)).digest('hex');
    const old = this.#pools;
    if (old?.fingerprint !== fingerprint) {
      this.#pools = { fingerprint, create: this.#creator(config, certificates), agents: new Map() };
      if (old !== undefined) retire(old);
    }
    this.#headers = headers;
    this.#readAtMs = performance.now();
  }

  #creator(config: KubeConfig, certificates: Certificates): (pool: string) => Dispatcher {
    const proxy = config.getCurrentCluster()?.proxyUrl;
    const connect = { ...certificates, keepAlive: true, keepAliveInitialDelay: 30_000, timeout: 10_000 };
    const create = (limits: Agent.Options): Dispatcher =>
      proxy === undefined
        ? new Agent({ ...limits, connect })
        : new ProxyAgent({ ...limits, uri: proxy, requestTls: certificates, connect: { timeout: 10_000 } });
    return (pool) =>
      pool === 'watches'
        ? create({ bodyTimeout: 0, headersTimeout: 30_000 })
        : create({ connections: this.#options.connections, keepAliveTimeout: 30_000 });
  }
}

function agentOf({ agents, create }: Pools, pool: string): Dispatcher {
  const agent = agents.get(pool) ?? create(pool);
  agents.set(pool, agent);
  return agent;
}

/** client-node reads a token file once a minute at most; the kubelet's rotation and a refused token want it as it is now. */
function tokenFromFile(config: KubeConfig): { authorization?: string } {
  const file = tokenFileOf(config);
  return file === undefined ? {} : { authorization: `Bearer ${readFileSync(file, 'utf8').trim()}` };
}

type Certificates = Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'>;

function certificatesOf({ ca, cert, key, rejectUnauthorized, servername }: RequestOptions): Certificates {
  const given = Object.entries({ ca, cert, key, rejectUnauthorized, servername });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function headersOf(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {}))
    headers[name.toLowerCase()] = String(value);
  if (typeof options.auth === 'string')
    headers.authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return headers;
}

/** Lets requests in flight finish; watches are cut, since they come back by themselves with the new certificates. */
function retire({ agents }: Pools): void {
  for (const [pool, agent] of agents) void (pool === 'watches' ? agent.destroy() : agent.close());
}
