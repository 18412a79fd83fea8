import { once } from 'node:events';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { matchesSelector } from './label-selector.ts';
import type { KubeObject } from './api.ts';
import { appLabel } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import { before, containersOf } from './pod-state.ts';

/** What one pod uses, in whole nanocores and bytes by container; undefined is a pod without a sample. */
export type Usage = Readonly<Record<string, { readonly cpuNano: number; readonly memoryBytes: number }>>;

/** Made anew at each read: of how many pods, and which of them this is. */
export type UsageOf = (pod: { readonly index: number; readonly count: number }) => Usage | undefined;
/** The value of one pod in thousandths, or undefined for none. */
export type MilliOf = (pod: { readonly index: number; readonly count: number }) => number | undefined;

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly milli: number;
  /** When it was measured; now, where it is absent. */
  readonly timestamp?: string;
}

type Answer = { readonly status: number; readonly body: object } | undefined;

/**
 * metrics.k8s.io, custom.metrics.k8s.io and external.metrics.k8s.io over HTTPS on loopback, with the values that a test sets. Who
 * read what is counted, by the client's User-Agent: a test moves on when everybody has seen the present values.
 */
export class MetricsServer {
  readonly #fleet: Fleet;
  readonly #server: Server;
  readonly #usage = new Map<string, UsageOf>();
  readonly #podMetrics = new Map<string, MilliOf>();
  readonly #objectMetrics = new Map<string, () => number | undefined>();
  readonly #external = new Map<string, () => readonly Series[]>();
  readonly #reads = new Map<string, number>();

  constructor(fleet: Fleet, tls: { readonly cert: string; readonly key: string }) {
    this.#fleet = fleet;
    this.#server = createServer(tls, (request, response) => {
      const { status, body } = this.#answer(request) ?? { status: 404, body: notFound };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  }

  async start(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Sets what the pods of an app use; without, they have no samples. */
  usage(namespace: string, app: string, usage: UsageOf): void {
    this.#usage.set(`${namespace}/${app}`, usage);
  }

  podMetric(namespace: string, app: string, metric: string, value: MilliOf): void {
    this.#podMetrics.set(`${namespace}/${app}/${metric}`, value);
  }

  /** @param object `services/web`, `deployments.apps/web` or, for the namespace itself, `` */
  objectMetric(namespace: string, object: string, metric: string, milli: () => number | undefined): void {
    this.#objectMetrics.set(`${namespace}/${object}/${metric}`, milli);
  }

  externalMetric(namespace: string, metric: string, series: () => readonly Series[]): void {
    this.#external.set(`${namespace}/${metric}`, series);
  }

  /** How often a client, known by a part of its User-Agent, read values of a namespace. */
  reads(namespace: string, client: string): number {
    let count = 0;
    for (const [key, times] of this.#reads) {
      const [place, agent = ''] = key.split('\n');
      if ((place === namespace || place === '') && agent.includes(client)) count += times;
    }
    return count;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage): Answer {
    const url = new URL(request.url ?? '/', 'https://localhost');
    const [, , group = '', version = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
    if (rest.length === 0) return discovery[group]?.(`${group}/${version}`);
    const namespace = rest[0] === 'namespaces' ? rest[1] : undefined;
    const key = `${namespace ?? ''}\n${request.headers['user-agent'] ?? ''}`;
    this.#reads.set(key, (this.#reads.get(key) ?? 0) + 1);
    const parts = namespace === undefined ? rest : rest.slice(2);
    const selector = url.searchParams.get('labelSelector') ?? '';
    if (group === 'metrics.k8s.io' && parts[0] === 'pods') return this.#pods(namespace, selector);
    if (namespace === undefined) return undefined;
    if (group === 'external.metrics.k8s.io') return this.#externalValues(namespace, parts[0] ?? '', selector);
    if (group !== 'custom.metrics.k8s.io') return undefined;
    const apiVersion = `${group}/${version}`;
    const [plural = '', name = '', metric = ''] = parts;
    if (name === '*') return this.#valuesOfPods(apiVersion, namespace, metric, selector);
    const object = plural === 'metrics' ? '' : `${plural}/${name}`;
    return this.#valueOfObject(apiVersion, namespace, object, plural === 'metrics' ? name : metric);
  }

  #selected(namespace: string | undefined, selector: string): KubeObject[] {
    return this.#fleet.podsIn(namespace).filter(({ metadata }) => matchesSelector(selector, metadata.labels));
  }

  #place(pod: KubeObject): { key: string; index: number; count: number } {
    const { namespace = '', labels } = pod.metadata;
    const app = labels?.[appLabel] ?? '';
    const count = this.#fleet.podsOf(namespace, app).length;
    return { key: `${namespace}/${app}`, index: this.#fleet.indexOf(pod), count };
  }

  #pods(namespace: string | undefined, selector: string): Answer {
    const items = this.#selected(namespace, selector).flatMap((pod) => {
      const place = this.#place(pod);
      const usage = this.#usage.get(place.key)?.(place);
      return usage === undefined ? [] : [podMetrics(pod, usage)];
    });
    return list('PodMetricsList', 'metrics.k8s.io/v1beta1', items);
  }

  #valuesOfPods(apiVersion: string, namespace: string, metric: string, selector: string): Answer {
    const items = this.#selected(namespace, selector).flatMap((pod) => {
      const place = this.#place(pod);
      const milli = this.#podMetrics.get(`${place.key}/${metric}`)?.(place);
      const described = { kind: 'Pod', apiVersion: '/v1', namespace, name: pod.metadata.name };
      return milli === undefined ? [] : [metricValue(apiVersion, described, metric, milli)];
    });
    return items.length === 0 ? undefined : list('MetricValueList', apiVersion, items);
  }

  #valueOfObject(apiVersion: string, namespace: string, object: string, metric: string): Answer {
    const milli = this.#objectMetrics.get(`${namespace}/${object}/${metric}`)?.();
    if (milli === undefined) return undefined;
    const described = {
      kind: 'Object',
      apiVersion: 'v1',
      namespace,
      name: object.split('/')[1] ?? namespace,
    };
    return list('MetricValueList', apiVersion, [metricValue(apiVersion, described, metric, milli)]);
  }

  #externalValues(namespace: string, metricName: string, selector: string): Answer {
    const series = this.#external.get(`${namespace}/${metricName}`)?.();
    if (series === undefined) return undefined;
    const items = series
      .filter(({ labels }) => matchesSelector(selector, labels))
      .map(({ labels: metricLabels, milli, timestamp = before(0) }) => ({
        metricName,
        metricLabels,
        timestamp,
        value: `${milli}m`,
      }));
    return list('ExternalMetricValueList', 'external.metrics.k8s.io/v1beta1', items);
  }
}

const notFound = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  reason: 'NotFound',
  message: 'no values are set for this',
  code: 404,
};

function list(kind: string, apiVersion: string, items: object[]): Answer {
  return { status: 200, body: { kind, apiVersion, metadata: {}, items } };
}

function podMetrics({ metadata, ...pod }: KubeObject, usage: Usage): object {
  const { name, namespace, labels } = metadata;
  const names = new Set(containersOf({ metadata, ...pod }).map((container) => container.name));
  const containers = Object.entries(usage)
    .filter(([container]) => names.has(container))
    .map(([container, { cpuNano, memoryBytes }]) => ({
      name: container,
      usage: { cpu: `${Math.round(cpuNano)}n`, memory: String(Math.round(memoryBytes)) },
    }));
  return { metadata: { name, namespace, labels }, timestamp: before(0), window: '10s', containers };
}

/** v1beta1 names the metric, v1beta2 holds an object with the name. */
function metricValue(apiVersion: string, describedObject: object, metric: string, milli: number): object {
  const named = apiVersion.endsWith('v1beta1') ? { metricName: metric } : { metric: { name: metric } };
  return { describedObject, ...named, timestamp: before(0), value: `${Math.round(milli)}m` };
}

type Discovery = (groupVersion: string) => Answer;

function resources(...names: (readonly [name: string, kind: string])[]): Discovery {
  return (groupVersion) => ({
    status: 200,
    body: {
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion,
      resources: names.map(([name, kind]) => ({
        name,
        singularName: '',
        namespaced: true,
        kind,
        verbs: ['get', 'list'],
      })),
    },
  });
}

/** What each group says that it serves; the names of custom and external metrics are of no use to an autoscaler. */
const discovery: Readonly<Record<string, Discovery>> = {
  'metrics.k8s.io': resources(['pods', 'PodMetrics']),
  'custom.metrics.k8s.io': resources(['pods/any', 'MetricValueList']),
  'external.metrics.k8s.io': resources(['any', 'ExternalMetricValueList']),
};
