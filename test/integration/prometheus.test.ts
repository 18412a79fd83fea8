import { expect } from 'chai';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { MetricStatus } from '../../src/api/generated/custom-autoscaler.ts';
import { kubectlVersion } from '../support/kubectl.ts';
import { temporaryFile } from '../support/local-api.ts';
import { prometheusProgram, RealPrometheus } from '../support/prometheus.ts';
import { eventually } from '../support/wait.ts';
import { Walkthrough } from '../support/walkthrough.ts';

interface Autoscaler {
  readonly status?: {
    readonly currentMetrics?: readonly MetricStatus[];
    readonly conditions?: readonly { type: string; status: string; reason: string; message: string }[];
  };
}

const example = 'examples/walkthrough/customautoscaler-prometheus.yaml';

const missing =
  prometheusProgram === undefined
    ? 'no Prometheus server on the PATH or in $PROMETHEUS; .ci/deploy-tools gets one'
    : kubectlVersion === undefined
      ? 'no kubectl on the PATH'
      : undefined;

/** In order, on one cluster. */
describe(`the walkthrough by a real Prometheus server${missing === undefined ? '' : ` (skipped: ${missing})`}`, function () {
  this.timeout(240_000);
  const walkthrough = new Walkthrough();
  let prometheus: RealPrometheus;
  let configFile: string;
  let finder: ChildProcess | undefined;

  before(async function () {
    if (missing !== undefined) this.skip();
    await walkthrough.start();
    const podsFile = temporaryFile('pods.yml', '');
    const config = readFileSync('examples/walkthrough/prometheus.yml', 'utf8');
    configFile = temporaryFile('prometheus.yml', config.replace('/tmp/walkthrough-pods.yml', podsFile));
    const env = { ...process.env, KUBECONFIG: walkthrough.cluster.kubeconfig };
    finder = spawn('sh', ['examples/walkthrough/prometheus-pods.sh', podsFile], { env, stdio: 'ignore' });
    prometheus = await RealPrometheus.start(configFile);
    await walkthrough.kubectl.run('apply -k examples/walkthrough/');
    await walkthrough.kubectl.run(`apply -f ${example}`);
    await walkthrough.rolledOut();
    walkthrough.startOperator(
      `--sync-period 1s --metric-timeout 2s --downscale-stabilization 20s --prometheus main=${prometheus.url}`,
    );
  });
  after(async () => {
    if (missing !== undefined) return;
    finder?.kill('SIGKILL');
    await walkthrough.stop();
    await prometheus.stop();
  });

  const autoscaler = async (): Promise<Autoscaler> =>
    JSON.parse(await walkthrough.kubectl.run('get cas walkthrough -o json')) as Autoscaler;

  async function ask(query: string): Promise<void> {
    await walkthrough.patch('json', [
      { op: 'replace', path: '/spec/metrics/0/prometheus/query', value: query },
    ]);
  }

  /** The condition ScalingActive. */
  const active = async () =>
    (await autoscaler()).status?.conditions?.find(({ type }) => type === 'ScalingActive');

  it('scales from 1 pod to 6 with 48 requests a second', async () => {
    await walkthrough.startLoad('/?cpu=1', ['--rate', '48', '--ramp', '2s', '--duration', '10m']);
    await eventually('six pods', async () => (await walkthrough.replicas()) === 6);
    const [metric] = (await autoscaler()).status?.currentMetrics ?? [];
    expect(metric?.type).to.equal('Prometheus');
    expect(metric?.prometheus?.query).to.match(/^sum\(rate\(http_requests_total/);
    await eventually('the value is that of the load', async () => {
      const [rate] = await prometheus.values('sum(rate(http_requests_total{job="walkthrough"}[10s]))');
      return Math.abs(Number(rate) - 48) < 8;
    });
  });

  it('keeps the 6 pods when both the server and the operator are killed at the peak, and goes on after', async () => {
    const place = await prometheus.kill();
    await eventually(
      'the failure is told',
      async () => (await active())?.reason === 'FailedGetPrometheusMetric',
    );
    const operator = await walkthrough.replaceOperator();
    await operator.told(/"why":"stays at 6: /);
    expect((await active())?.message).to.match(/of server main: cannot reach http:\/\/127\.0\.0\.1:\d+: /);
    expect(await walkthrough.replicas()).to.equal(6);
    prometheus = await RealPrometheus.start(configFile, place);
    // Until a scrape or two there is no series, and then not yet of all pods: the stabilization window bears that.
    await eventually('it answers again', async () => (await active())?.status === 'True');
    expect(await walkthrough.replicas()).to.equal(6);
  });

  it('goes back to 1 pod when the load ends', async () => {
    expect((await walkthrough.endLoad()).requests.ok).to.be.above(100);
    await eventually('one pod', async () => (await walkthrough.replicas()) === 1, 90_000);
  });

  it('says what is wrong with a query in the words of the server', async () => {
    const wrong: Record<string, RegExp> = {
      'http_requests_total{': /answered 400, bad_data: .*parse error/,
      'up{job="nobody"}': /no series/,
      'up or vector(1)': /2 series where one is needed/,
      'vector(0) / 0': /the value is NaN/,
      'http_requests_total[1m]': /the result is a matrix/,
      '"many"': /the result is a string/,
      '-1': /the value is below zero: .*clamp_min/,
    };
    for (const [query, message] of Object.entries(wrong)) {
      await ask(query);
      await eventually(`the message about ${query}`, async () =>
        message.test((await active())?.message ?? ''),
      );
    }
    expect(await walkthrough.replicas()).to.equal(1);
    const guarded = 'sum(rate(x[1m])) and on() (count(count by (instance) (rate(x[1m]))) >= 3)';
    expect(readFileSync('docs/request-rates.md', 'utf8')).to.contain(guarded);
    const right: Record<string, string> = {
      // Of a selector the server is asked for the age of the sample too.
      'up{job="walkthrough"}': '1',
      [guarded.replaceAll('rate(x[1m])', 'up').replace('3', '1')]: '1',
    };
    for (const [query, value] of Object.entries(right)) {
      await ask(query);
      await eventually(`the value of ${query}`, async () => {
        const [metric] = (await autoscaler()).status?.currentMetrics ?? [];
        const { query: asked, current } = metric?.prometheus ?? {};
        return asked === query && current?.averageValue === value;
      });
    }
  });
});
