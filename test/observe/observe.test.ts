import { expect } from 'chai';
import type { MetricSpec, Policy } from '../../src/decide/policy.ts';
import type { ObjectReference } from '../../src/decide/references.ts';
import { Discovery } from '../../src/kube/discovery.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { CustomMetrics } from '../../src/observe/custom-metrics.ts';
import { ExternalMetrics } from '../../src/observe/external-metrics.ts';
import { observe } from '../../src/observe/observe.ts';
import type { Observation, Subject } from '../../src/observe/observe.ts';
import { PodScraper } from '../../src/observe/pod-scrape/pod-scrape.ts';
import { podEntry, PodTable } from '../../src/observe/pod-table.ts';
import { Prometheus } from '../../src/observe/prometheus/prometheus.ts';
import { ResourceMetrics } from '../../src/observe/resource-metrics.ts';
import { workload, WorkloadTable } from '../../src/observe/workload-table.ts';
import { rememberWrite } from '../../src/observe/target.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { clientOf, pageNotFound, sendJson, startLocalApi, statusBody } from '../support/local-api.ts';
import type { Answer, LocalApi } from '../support/local-api.ts';

const web: ObjectReference = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const cpu: MetricSpec = {
  type: 'Resource',
  resource: 'cpu',
  target: { type: 'Utilization', averageUtilization: 50 },
};
const average = { type: 'AverageValue', averageMilli: 1000n } as const;

const scale = (selector = 'app=web') => ({
  metadata: { resourceVersion: '42' },
  spec: { replicas: 3 },
  status: { replicas: 2, selector },
});
const usage = (name: string, labels: object) => ({
  metadata: { name, namespace: 'shop', labels },
  timestamp: '2030-01-01T00:00:00Z',
  window: '15s',
  containers: [{ name: 'app', usage: { cpu: '100m' } }],
});

const scalePath = '/apis/apps/v1/namespaces/shop/deployments/web/scale';
const metricsPath = '/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods';
const customRoot = '/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop';
const externalPath = '/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/queue_length';

/** What a healthy cluster answers. */
const healthy: Record<string, object> = {
  '/api/v1': { resources: [{ name: 'services', kind: 'Service', namespaced: true }] },
  '/apis/apps': { versions: [{ version: 'v1' }], preferredVersion: { version: 'v1' } },
  '/apis/apps/v1': { resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true }] },
  [scalePath]: scale(),
  [metricsPath]: {
    items: [usage('web-1', { app: 'web' }), usage('gone', { app: 'web' }), usage('db', { app: 'db' })],
  },
  '/apis/custom.metrics.k8s.io': { versions: [{ version: 'v1beta1' }, { version: 'v1beta2' }] },
  [`${customRoot}/pods/*/rps`]: {
    items: [{ describedObject: { name: 'web-1' }, timestamp: '2030-01-01T00:00:00Z', value: '1500m' }],
  },
  [`${customRoot}/services/front/hits`]: {
    items: [{ describedObject: { name: 'front' }, timestamp: '2030-01-01T00:00:07Z', value: '7' }],
  },
  [`${customRoot}/metrics/hits`]: { items: [{ describedObject: { name: 'shop' }, value: '9' }] },
  [externalPath]: { items: [{ value: '3' }, { value: '500m' }] },
};

describe('observe', () => {
  let api: LocalApi;
  let client: KubeClient;
  let clock: FakeClock;
  let answers: Map<string, object | Answer>;
  let deployments: WorkloadTable;
  let look: (
    policy?: Partial<Policy>,
    subject?: Partial<Subject>,
    signal?: AbortSignal,
  ) => Promise<Observation>;

  beforeEach(async () => {
    answers = new Map(Object.entries(healthy));
    api = await startLocalApi((request, response) => {
      const answer = answers.get(decodeURIComponent(request.path)) ?? pageNotFoundAnswer;
      return typeof answer === 'function' ? (answer as Answer)(request, response) : answer;
    });
    client = clientOf(api.url, { timeoutMs: 300 });
    clock = new FakeClock();
    const discovery = new Discovery({ client, clock });
    const pods = new PodTable();
    pods.replace(
      ['web-1', 'web-2'].map((name) =>
        podEntry({ metadata: { namespace: 'shop', name, labels: { app: 'web' } }, spec: {}, status: {} }),
      ),
    );
    deployments = new WorkloadTable(() => true);
    const limits = { timeoutMs: 300 };
    const sources = {
      client,
      discovery,
      pods,
      workloads: { Deployment: deployments },
      resourceMetrics: new ResourceMetrics({
        ...{ client, clock, limits, pods, mayListAll: true, syncPeriodMs: 2000 },
        signal: new AbortController().signal,
      }),
      customMetrics: new CustomMetrics({ client, discovery, limits }),
      externalMetrics: new ExternalMetrics({ client, limits }),
      prometheus: new Prometheus({
        ...{ clock, limits, syncPeriodMs: 2000, servers: [], signal: new AbortController().signal },
      }),
      podScraper: new PodScraper({
        ...{ clock, syncPeriodMs: 2000, mayLoopback: true, signal: new AbortController().signal },
        limits: { timeoutMs: 300, deadlineMs: 300, concurrency: 2 },
      }),
    };
    look = (policy = {}, subject = {}, signal = new AbortController().signal) => {
      const full: Policy = {
        namespace: 'shop',
        name: 'web',
        target: web,
        minReplicas: 1,
        maxReplicas: 9,
        metrics: [cpu],
        ...policy,
      };
      const status = { desiredReplicas: 0, currentMetrics: null, conditions: [] };
      const known = { policy: full, status, rivals: [], fresh: false, othersOf: () => [] };
      return observe(sources, { ...known, ...subject }, signal);
    };
  });
  afterEach(async () => {
    await client.close();
    await api.close();
  });

  it('reads the scale, selects the pods, and takes the usage by labels, also of pods that are gone', async () => {
    const { snapshot, scalePath: path } = await look();
    expect(path).to.equal(scalePath);
    expect(snapshot.target).to.deep.equal({
      ok: true,
      value: { specReplicas: 3, statusReplicas: 2, selector: 'app=web', resourceVersion: '42' },
    });
    expect(snapshot.pods.map(({ name }) => name)).to.deep.equal(['web-1', 'web-2']);
    const [metric] = snapshot.metrics;
    expect(metric).to.have.property('type', 'Resource');
    if (metric?.type !== 'Resource' || !metric.usage.ok) throw new Error('usage was read');
    expect(metric.usage.value.map(({ name }) => name)).to.deep.equal(['web-1', 'gone']);
  });

  it('goes by the names of the pods where metrics bear no labels', async () => {
    answers.set(metricsPath, { items: [usage('web-1', {}), usage('db', {})] });
    const { snapshot } = await look();
    expect(snapshot.metrics[0]).to.have.nested.property('usage.value').with.length(1);
  });

  const deployment = (resourceVersion: string, replicas: number) =>
    workload({
      metadata: { namespace: 'shop', name: 'web', resourceVersion },
      spec: { replicas, selector: { matchLabels: { app: 'web' } } },
      status: { replicas },
    });
  const asked = (): number => api.requests.filter(({ path }) => path === scalePath).length;

  it('takes the scale of a Deployment from the watch, whatever version its reference names', async () => {
    deployments.upsert(deployment('40', 4));
    const { snapshot, scalePath: path } = await look({ target: { ...web, apiVersion: 'apps/v1beta1' } });
    expect(snapshot.target).to.deep.equal({
      ok: true,
      value: { specReplicas: 4, statusReplicas: 4, selector: 'app=web', resourceVersion: '40' },
    });
    expect(path).to.equal(scalePath);
    expect(asked()).to.equal(0);
  });

  it('asks for the scale when it must be fresh', async () => {
    deployments.upsert(deployment('40', 4));
    const { snapshot } = await look({}, { fresh: true });
    expect(snapshot.target).to.have.nested.property('value.specReplicas', 3);
  });

  it('asks for the scale as long as the watch has not shown our own write', async () => {
    deployments.upsert(deployment('40', 4));
    rememberWrite({ Deployment: deployments }, { namespace: 'shop', target: web }, '42');
    expect((await look()).snapshot.target).to.have.nested.property('value.specReplicas', 3);
    deployments.upsert(deployment('43', 5));
    expect((await look()).snapshot.target).to.have.nested.property('value.specReplicas', 5);
    expect(asked()).to.equal(1);
  });

  it('finds a target whatever version its reference names', async () => {
    const { snapshot } = await look({ target: { ...web, apiVersion: 'apps/v99' } });
    expect(snapshot.target.ok).to.equal(true);
  });

  it('tries every served version of a kind, and takes the first that answers', async () => {
    answers.set('/apis/apps', {
      versions: [{ version: 'v2' }, { version: 'v1' }],
      preferredVersion: { version: 'v2' },
    });
    answers.set('/apis/apps/v2', {
      resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true }],
    });
    expect((await look()).scalePath).to.equal(scalePath);
  });

  const broken: Record<string, { target?: ObjectReference; answer?: Answer; message: string }> = {
    'does not exist': {
      answer: (_, response) =>
        sendJson(response, 404, statusBody(404, 'NotFound', 'deployments.apps "web" not found')),
      message: 'deployments.apps "web" not found',
    },
    'is of an unknown kind': {
      target: { apiVersion: 'x.y/v1', kind: 'Zed', name: 'z' },
      message: 'no matches for kind "Zed" in group "x.y"',
    },
    'has no apiVersion that can be read': {
      target: { apiVersion: 'a/b/c', kind: 'Zed', name: 'z' },
      message: 'invalid API version in scale target reference: unexpected GroupVersion string: a/b/c',
    },
  };
  for (const [title, { target = web, answer, message }] of Object.entries(broken)) {
    it(`says why when the target ${title}, and selects nothing`, async () => {
      if (answer !== undefined) answers.set(scalePath, answer);
      const observation = await look({ target });
      expect(observation.snapshot.target).to.deep.equal({ ok: false, message });
      expect(observation.snapshot.pods).to.deep.equal([]);
      expect(observation).not.to.have.property('scalePath');
    });
  }

  for (const selector of ['', 'app in (']) {
    it(`selects nothing by the selector "${selector}", and leaves it to be judged`, async () => {
      answers.set(scalePath, scale(selector));
      const { snapshot } = await look();
      expect(snapshot.pods).to.deep.equal([]);
      expect(snapshot.target).to.have.nested.property('value.selector', selector);
    });
  }

  it('gives a missing metrics API as the bare cause, in the words of Kubernetes', async () => {
    answers.delete(metricsPath);
    const { snapshot } = await look();
    expect(snapshot.metrics).to.deep.equal([
      {
        type: 'Resource',
        usage: {
          ok: false,
          message: 'the server could not find the requested resource (get pods.metrics.k8s.io)',
        },
      },
    ]);
  });

  it('gives a metrics API that does not answer in time as a failed reading', async () => {
    answers.set(metricsPath, () => undefined);
    const { snapshot } = await look();
    expect(snapshot.metrics[0])
      .to.have.nested.property('usage.message')
      .that.matches(/^no answer from .* within 300 ms/);
  });

  it('gives an answer that makes no sense as a failed reading', async () => {
    answers.set(metricsPath, {
      items: [{ ...usage('web-1', {}), containers: [{ name: 'app', usage: { cpu: 'much' } }] }],
    });
    const { snapshot } = await look();
    expect(snapshot.metrics[0]).to.have.nested.property('usage.ok', false);
  });

  it('reads every type of metric in the order of the policy', async () => {
    const metrics: MetricSpec[] = [
      {
        type: 'External',
        metric: { name: 'queue_length', selector: { matchLabels: { queue: 'a' } } },
        target: average,
      },
      {
        type: 'Object',
        metric: { name: 'hits' },
        describedObject: { apiVersion: 'v1', kind: 'Service', name: 'front' },
        target: average,
      },
      { type: 'Pods', metric: { name: 'rps', selector: { matchLabels: { path: 'x' } } }, target: average },
      { type: 'ContainerResource', resource: 'cpu', container: 'app', target: average },
      { type: 'Unknown', given: 'Magic' },
    ];
    const { snapshot } = await look({ metrics });
    const [external, object, pods, container, unknown] = snapshot.metrics;
    expect(external).to.deep.equal({ type: 'External', milli: { ok: true, value: [3000n, 500n] } });
    expect(object).to.deep.equal({
      type: 'Object',
      milli: { ok: true, value: 7000n },
      timestampMs: Date.parse('2030-01-01T00:00:07Z'),
    });
    expect(pods).to.have.nested.property('samples.value[0].milli', 1500n);
    expect(container).to.have.nested.property('usage.ok', true);
    expect(unknown).to.deep.equal({ type: 'Unknown' });
    const queryOf = (path: string) =>
      Object.fromEntries(api.requests.find((request) => decodeURIComponent(request.path) === path)!.query);
    expect(queryOf(externalPath)).to.deep.equal({ labelSelector: 'queue=a' });
    expect(queryOf(`${customRoot}/pods/*/rps`)).to.deep.equal({
      labelSelector: 'app=web',
      metricLabelSelector: 'path=x',
    });
  });

  it('reads the metric of a namespace at the place of its own that it has', async () => {
    const describedObject = { apiVersion: 'v1', kind: 'Namespace', name: 'another' };
    const { snapshot } = await look({
      metrics: [{ type: 'Object', metric: { name: 'hits' }, describedObject, target: average }],
    });
    expect(snapshot.metrics).to.deep.equal([{ type: 'Object', milli: { ok: true, value: 9000n } }]);
  });

  it('says that there is no custom metrics API', async () => {
    answers.delete('/apis/custom.metrics.k8s.io');
    const { snapshot } = await look({
      metrics: [{ type: 'Pods', metric: { name: 'rps' }, target: average }],
    });
    expect(snapshot.metrics).to.deep.equal([
      {
        type: 'Pods',
        samples: { ok: false, message: 'no custom metrics API (custom.metrics.k8s.io) registered' },
      },
    ]);
  });

  it('says that there is no external metrics API', async () => {
    answers.delete(externalPath);
    const { snapshot } = await look({
      metrics: [{ type: 'External', metric: { name: 'queue_length' }, target: average }],
    });
    expect(snapshot.metrics[0]).to.have.nested.property(
      'milli.message',
      'the server could not find the requested resource (get queue_length.external.metrics.k8s.io)',
    );
  });

  it('wants exactly one answer for one object', async () => {
    answers.set(`${customRoot}/services/front/hits`, { items: [] });
    const describedObject = { apiVersion: 'v1', kind: 'Service', name: 'front' };
    const { snapshot } = await look({
      metrics: [{ type: 'Object', metric: { name: 'hits' }, describedObject, target: average }],
    });
    expect(snapshot.metrics[0]).to.have.nested.property(
      'milli.message',
      'the custom metrics API server returned 0 results when we asked for exactly one',
    );
  });

  it('shares one list of pod metrics among all who ask in a tick, and asks anew in the next', async () => {
    const lists = (): number => api.requests.filter(({ path }) => path === metricsPath).length;
    await Promise.all([look(), look({ name: 'other' }), look()]);
    expect(lists()).to.equal(1);
    clock.advance(1000);
    await look();
    expect(lists()).to.equal(2);
  });

  it('ends when the operator ends', async () => {
    answers.set(scalePath, () => undefined);
    const controller = new AbortController();
    const ended = look({}, {}, controller.signal).catch((error: unknown) => error);
    controller.abort();
    expect(await ended).to.have.property('type', 'Aborted');
  });
});

const pageNotFoundAnswer: Answer = (_, response) => pageNotFound(response);
