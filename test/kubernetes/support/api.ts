import type { RequestOptions } from 'node:https';
import { createInterface } from 'node:readline';
import { KubeConfig } from '@kubernetes/client-node';
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';

/** A Kubernetes object as its JSON. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the JSON of any kind
  [field: string]: any;
}

interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  [field: string]: unknown;
}

/** What the server answered when it did not do what was asked. */
export class ApiFailure extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

type Query = Readonly<Record<string, string | number | boolean>>;

const contentTypes = {
  json: 'application/json',
  merge: 'application/merge-patch+json',
} as const;

/** A client of the tests' own: it shares no code with what is tested, but for client-node's reading of a kubeconfig. */
export class Api {
  readonly server: string;
  readonly #dispatcher: Dispatcher;
  readonly #headers: Record<string, string>;

  private constructor(server: string, dispatcher: Dispatcher, headers: Record<string, string>) {
    this.server = server;
    this.#dispatcher = dispatcher;
    this.#headers = headers;
  }

  static async connect(kubeconfig: string): Promise<Api> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const cluster = config.getCurrentCluster();
    if (cluster === null) throw new Error(`${kubeconfig} names no cluster`);
    if (cluster.server.startsWith('http:')) return new Api(cluster.server, new Agent(), {});
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const { ca, cert, key, rejectUnauthorized = true } = options;
    const connect = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), rejectUnauthorized };
    const dispatcher = new Agent({ connect: connect as Agent.Options['connect'] & object });
    // Headers of a kubeconfig's user are text.
    return new Api(cluster.server, dispatcher, { ...(options.headers as Record<string, string>) });
  }

  async get(path: string, query: Query = {}): Promise<KubeObject> {
    return this.#send('GET', path, { query });
  }

  /** Undefined when there is none. */
  async find(path: string): Promise<KubeObject | undefined> {
    try {
      return await this.get(path);
    } catch (error) {
      if (error instanceof ApiFailure && error.code === 404) return undefined;
      throw error;
    }
  }

  async list(path: string, query: Query = {}): Promise<KubeObject[]> {
    return ((await this.get(path, query)).items as KubeObject[] | null) ?? [];
  }

  async text(path: string): Promise<string> {
    return this.#read('GET', path, {});
  }

  async create(path: string, body: object): Promise<KubeObject> {
    return this.#send('POST', path, { body });
  }

  async replace(path: string, body: object): Promise<KubeObject> {
    return this.#send('PUT', path, { body });
  }

  async patch(path: string, body: object): Promise<KubeObject> {
    return this.#send('PATCH', path, { body, contentType: 'merge' });
  }

  async delete(path: string, body: object = {}): Promise<void> {
    await this.#read('DELETE', path, { body });
  }

  /** Follows a collection, from what is there now, until the signal; goes on after the server ended a watch. */
  async watch(
    path: string,
    onEvent: (type: string, object: KubeObject) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const isStopped = (): boolean => signal.aborted;
    while (!isStopped()) {
      try {
        const query = new URLSearchParams({ watch: '1' }).toString();
        const options = { dispatcher: this.#dispatcher, headers: this.#headers, signal, bodyTimeout: 0 };
        const { statusCode, body } = await request(`${this.server}${path}?${query}`, options);
        if (statusCode !== 200) throw failure(statusCode, await body.text());
        for await (const line of createInterface({ input: body })) {
          const { type, object } = JSON.parse(line) as { type: string; object: KubeObject };
          onEvent(type, object);
        }
      } catch (error) {
        if (!isStopped()) throw error;
      }
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  async #send(method: Dispatcher.HttpMethod, path: string, options: SendOptions): Promise<KubeObject> {
    return JSON.parse(await this.#read(method, path, options)) as KubeObject;
  }

  async #read(method: Dispatcher.HttpMethod, path: string, options: SendOptions): Promise<string> {
    const { body, contentType = 'json', query = {} } = options;
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const answer = await request(`${this.server}${path}${search.size > 0 ? `?${search.toString()}` : ''}`, {
      method,
      dispatcher: this.#dispatcher,
      headers: { ...this.#headers, ...(body && { 'content-type': contentTypes[contentType] }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) throw failure(answer.statusCode, `${method} ${path}: ${text}`);
    return text;
  }
}

interface SendOptions {
  readonly query?: Query;
  readonly body?: object;
  readonly contentType?: keyof typeof contentTypes;
}

function failure(code: number, text: string): ApiFailure {
  return new ApiFailure(code, `${code} ${text}`);
}

/** `/apis/apps/v1/namespaces/shop/deployments/web/scale`; a namespace of undefined is the whole cluster. */
export function path(apiVersion: string, plural: string, namespace?: string, ...rest: string[]): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return [`${root}${place}/${plural}`, ...rest].join('/');
}

export const pods = (namespace?: string, ...rest: string[]): string => path('v1', 'pods', namespace, ...rest);
export const autoscalers = (namespace?: string, ...rest: string[]): string =>
  path('plimsoll.dev/v1', 'customautoscalers', namespace, ...rest);
