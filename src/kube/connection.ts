import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { Agent, ProxyAgent } from 'undici';
import type { Dispatcher } from 'undici';

/** What a request needs besides its own path and body. */
export interface Access {
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

export interface ConnectionOptions {
  /** Most connections for requests; watches have their own. */
  readonly connections: number;
  /** How long credentials are used before they are read again, in milliseconds. */
  readonly credentialsMaxAgeMs: number;
}

interface Agents {
  readonly fingerprint: string;
  readonly requests: Dispatcher;
  readonly watches: Dispatcher;
}

/**
 * Credentials and pooled connections. client-node reads the credentials (token files, exec plugins, OIDC, certificates), all of
 * which may change while we run; its own way of sending opens a new TLS connection for each request, so the agents are ours:
 * kept until a certificate, key or CA changes. A watch holds its connection for as long as it lasts: it gets another agent.
 */
export class Connection {
  readonly #load: () => KubeConfig;
  readonly #options: ConnectionOptions;
  #config: KubeConfig | undefined;
  #agents: Agents | undefined;
  #headers: Record<string, string> = {};
  #readAtMs = -Infinity;
  #reading: Promise<void> | undefined;
  #closed = false;

  /** @param load reads the kubeconfig; called again after credentials were refused, since the file may have changed */
  constructor(load: () => KubeConfig, options: ConnectionOptions) {
    this.#load = load;
    this.#options = options;
  }

  async access(purpose: 'requests' | 'watches'): Promise<Access> {
    if (!this.#closed && performance.now() - this.#readAtMs > this.#options.credentialsMaxAgeMs) {
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
      await this.#reading;
    }
    if (this.#closed || this.#agents === undefined) throw new Error('the client was closed');
    return { headers: this.#headers, dispatcher: this.#agents[purpose] };
  }

  /** Reads kubeconfig and credentials anew at the next request: the server did not accept the ones at hand. */
  forgetCredentials(): void {
    this.#config = undefined;
    this.#readAtMs = -Infinity;
  }

  /** Closes every connection, also those in use; there are none afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#reading?.catch(() => undefined); // whoever asked for it was told why it failed
    const agents = this.#agents;
    this.#agents = undefined;
    await Promise.all([agents?.requests.destroy(), agents?.watches.destroy()]);
  }

  async #read(): Promise<void> {
    this.#config ??= this.#load();
    const options: RequestOptions = {};
    await this.#config.applyToHTTPSOptions(options);
    const certificates = certificatesOf(options);
    const fingerprint = createHash('sha256').update(JSON.stringify(certificates)).digest('hex');
    const old = this.#agents;
    if (old?.fingerprint !== fingerprint) {
      this.#agents = { fingerprint, ...this.#agentsFor(this.#config, certificates) };
      if (old !== undefined) retire(old);
    }
    this.#headers = headersOf(options);
    this.#readAtMs = performance.now();
  }

  #agentsFor(config: KubeConfig, certificates: Certificates): { requests: Dispatcher; watches: Dispatcher } {
    const proxy = config.getCurrentCluster()?.proxyUrl;
    const connect = { ...certificates, keepAlive: true, keepAliveInitialDelay: 30_000, timeout: 10_000 };
    const create = (limits: Agent.Options): Dispatcher =>
      proxy === undefined
        ? new Agent({ ...limits, connect })
        : new ProxyAgent({ ...limits, uri: proxy, requestTls: certificates, connect: { timeout: 10_000 } });
    return {
      requests: create({ connections: this.#options.connections, keepAliveTimeout: 30_000 }),
      watches: create({ bodyTimeout: 0, headersTimeout: 30_000 }),
    };
  }
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
function retire(agents: Agents): void {
  void agents.requests.close();
  void agents.watches.destroy();
}
