import { expect } from 'chai';
import { defaultControllerOptions } from '../../src/operator/options.ts';
import type { OperatorOptions } from '../../src/operator/options.ts';
import { TestCluster } from '../support/cluster.ts';
import { temporaryFile } from '../support/local-api.ts';
import { PrometheusApi, vector } from '../support/prometheus-api.ts';
import type { PrometheusReply } from '../support/prometheus-api.ts';
import { RunningOperator } from '../support/running-operator.ts';
import { eventually } from '../support/wait.ts';

const query = 'sum(rate(http_requests_total[1m]))';
const requests = {
  type: 'Prometheus',
  prometheus: { server: 'main', query, target: { type: 'AverageValue', averageValue: '10' } },
};
const instantly = {
  scaleUp: { policies: [{ type: 'Pods', value: 10, periodSeconds: 1 }] },
  scaleDown: { stabilizationWindowSeconds: 0 },
};

describe('an operator with a Prometheus server', () => {
  let cluster: TestCluster;
  let prometheus: PrometheusApi;
  let operator: RunningOperator | undefined;
  /** Requests a second, as the server tells. */
  let rate: number;

  beforeEach(async () => {
    cluster = await TestCluster.start();
    rate = 20;
    prometheus = await PrometheusApi.start(() => vector(rate));
  });
  afterEach(async () => {
    await operator?.stop();
    await prometheus.close();
    await cluster.close();
  });

  async function start(options: Partial<OperatorOptions> = {}): Promise<RunningOperator> {
    const servers = [{ name: 'main', url: prometheus.url }];
    const controller = {
      ...defaultControllerOptions,
      featureGates: { ...defaultControllerOptions.featureGates, HPAScaleToZero: true },
    };
    operator = await RunningOperator.start(cluster.server.url, {
      ...{ prometheusServers: servers, controller, statusMetricsIntervalMs: 0 },
      ...options,
    });
    return operator;
  }

  /** Plays the controllers while it waits. */
  async function replicasReach(count: number): Promise<void> {
    await eventually(`${count} replicas`, () => {
      cluster.runPods('web', cluster.replicas('web'));
      return cluster.replicas('web') === count;
    });
  }

  /** So many questions more have an answer. */
  async function asked(more: number): Promise<void> {
    const before = prometheus.questions.length;
    await eventually('further questions', () => prometheus.questions.length >= before + more);
  }

  it('scales by a query, shows it, and asks once for two that ask the same', async () => {
    for (const name of ['web', 'twin']) {
      cluster.deploy(name, 2);
      cluster.autoscale(name, { metrics: [requests], behavior: instantly });
    }
    const running = await start();
    rate = 40;
    await replicasReach(4);
    await eventually('the status shows it', () => cluster.status('web')?.targets === '10/10 (avg)');
    expect(cluster.status('web')?.currentMetrics).to.deep.equal([
      { type: 'Prometheus', prometheus: { server: 'main', query, current: { averageValue: '10' } } },
    ]);
    await eventually('both', () => cluster.replicas('twin') === 4);
    rate = 20;
    await replicasReach(2);
    expect(prometheus.mostPending).to.equal(1);
    const metrics = await running.metrics();
    expect(metrics).to.match(/^plimsoll_prometheus_requests_total\{server="main",code="200"\} [1-9]\d*$/m);
    expect(metrics).to.match(/^plimsoll_prometheus_request_duration_seconds_count\{server="main"\} [1-9]/m);
    expect(metrics).not.to.contain('plimsoll_prometheus_failures_total{');
  });

  const outages: Record<string, [reply: PrometheusReply, reason: string]> = {
    'is out of order': [(response) => response.writeHead(503).end(), 'Refused'],
    'says nothing': [() => undefined, 'Timeout'],
    'has lost its series': [{ status: 'success', data: { resultType: 'vector', result: [] } }, 'Empty'],
    'has part of the data': [{ ...vector(0), warnings: ['store-2: connection refused'] }, 'Warning'],
  };
  for (const [title, [reply, reason]] of Object.entries(outages))
    it(`keeps what is there at the peak when the server ${title}, over a restart too, and goes on after`, async () => {
      cluster.deploy('web', 2);
      cluster.autoscale('web', { metrics: [requests], behavior: instantly });
      const options = { metricTimeoutMs: 300 };
      await start(options);
      rate = 60;
      await replicasReach(6);
      prometheus.reply = () => reply;
      await eventually('the failure is told', () => {
        const { status, reason: why } = cluster.condition('web', 'ScalingActive') ?? {};
        return status === 'False' && why === 'FailedGetPrometheusMetric';
      });
      await operator?.stop();
      const second = await start(options);
      await asked(3);
      expect(cluster.replicas('web')).to.equal(6);
      expect(await second.metrics()).to.match(
        new RegExp(`^plimsoll_prometheus_failures_total\\{server="main",reason="${reason}"\\} [1-9]`, 'm'),
      );
      prometheus.reply = () => vector(rate);
      rate = 90;
      await replicasReach(9);
    });

  it('falls back when it is told to, and comes back when the server does', async () => {
    cluster.deploy('web', 2);
    const onError = { type: 'Fallback', afterSeconds: 1, replicas: 5 };
    cluster.autoscale('web', { metrics: [{ ...requests, onError }], behavior: instantly });
    await prometheus.close();
    await start();
    await replicasReach(5);
    expect(cluster.condition('web', 'MetricFailing')?.message).to.contain(query);
    const { port } = new URL(prometheus.url);
    prometheus = await PrometheusApi.start(() => vector(20), undefined, Number(port));
    await replicasReach(2);
  });

  it('goes to zero and comes back above the activation alone, over a restart at zero and an outage', async () => {
    cluster.deploy('web', 1);
    const metrics = [{ ...requests, activation: '5' }];
    cluster.autoscale('web', { minReplicas: 0, metrics, behavior: instantly });
    rate = 0;
    await start();
    await replicasReach(0);
    await eventually('it is marked', () => cluster.condition('web', 'ScaledToZero')?.status === 'True');
    await operator?.stop();
    rate = 5;
    await start();
    await asked(2);
    expect(cluster.replicas('web')).to.equal(0);
    prometheus.reply = () => (response) => response.writeHead(500).end();
    await asked(2);
    expect(cluster.replicas('web')).to.equal(0);
    prometheus.reply = () => vector(rate);
    rate = 25;
    await replicasReach(3);
  });

  it('names a server that is not registered, and those that are', async () => {
    cluster.deploy('web', 2);
    const { target } = requests.prometheus;
    cluster.autoscale('web', { metrics: [{ type: 'Prometheus', prometheus: { query, target } }] });
    await start();
    await eventually('a condition', () => cluster.condition('web', 'ScalingActive')?.status === 'False');
    expect(cluster.condition('web', 'ScalingActive')?.message).to.contain(
      'no Prometheus server "default" is registered with the operator by --prometheus (registered: "main")',
    );
    expect(cluster.replicas('web')).to.equal(2);
    expect(prometheus.questions).to.deep.equal([]);
  });

  it('keeps nobody else waiting while the server hangs', async () => {
    for (let index = 0; index < 30; index++) {
      cluster.deploy(`slow${index}`, 1);
      const own = { ...requests.prometheus, query: `sum(a${index})` };
      cluster.autoscale(`slow${index}`, { metrics: [{ type: 'Prometheus', prometheus: own }] });
    }
    cluster.deploy('web', 2);
    cluster.load('web', 50);
    cluster.autoscale('web');
    const other = await PrometheusApi.start(() => vector(40));
    cluster.deploy('shop', 2);
    cluster.autoscale('shop', {
      metrics: [{ type: 'Prometheus', prometheus: { ...requests.prometheus, server: 'other' } }],
    });
    prometheus.reply = () => () => undefined;
    const prometheusServers = [
      { name: 'main', url: prometheus.url },
      { name: 'other', url: other.url },
    ];
    const running = await start({ prometheusServers, concurrentSyncs: 2, metricTimeoutMs: 3000 });
    await eventually('it is asked', () => prometheus.questions.length >= 2);
    cluster.load('web', 100);
    await eventually(
      'the others scale',
      () => cluster.replicas('web') === 4 && cluster.replicas('shop') === 4,
    );
    await running.stop();
    operator = undefined;
    await other.close();
  });

  it('tells the token to the server and nobody else', async () => {
    cluster.deploy('web', 2);
    cluster.autoscale('web', { metrics: [requests] });
    prometheus.reply = ({ authorization = '' }) => ({
      status: 'error',
      errorType: 'x',
      error: authorization,
    });
    const tokenFile = temporaryFile('token', 'top-secret');
    const running = await start({ prometheusServers: [{ name: 'main', url: prometheus.url, tokenFile }] });
    await eventually('a condition', () => cluster.condition('web', 'ScalingActive')?.status === 'False');
    expect(prometheus.questions[0]?.authorization).to.equal('Bearer top-secret');
    const told = JSON.stringify([running.logs, cluster.status('web'), cluster.events('web')]);
    expect(told).to.contain('Bearer [token]');
    expect(told + (await running.metrics())).not.to.contain('top-secret');
  });
});
