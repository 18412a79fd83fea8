import { expect } from 'chai';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { MetricStatus } from '../../src/api/generated/custom-autoscaler.ts';
import { ClusterProcess } from '../support/cluster-process.ts';
import { kubectlVersion } from '../support/kubectl.ts';
import { temporaryFile } from '../support/local-api.ts';
import { Plimsoll } from '../support/processes.ts';
import { prometheusProgram, RealPrometheus } from '../support/prometheus.ts';
import { eventually } from '../support/wait.ts';

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
  let cluster: ClusterProcess;
  let prometheus: RealPrometheus;
  let configFile: string;
  let finder: ChildProcess | undefined;
  let operator: Plimsoll | undefined;
  let load: Plimsoll | undefined;

  before(async function () {
    if (missing !== undefined) this.skip();
    cluster = await ClusterProcess.start();
    const podsFile = temporaryFile('pods.yml', '');
    const config = readFileSync('examples/walkthrough/prometheus.yml', 'utf8');
    configFile = temporaryFile('prometheus.yml', config.replace('/tmp/walkthrough-pods.yml', podsFile));
    const env = { ...process.env, KUBECONFIG: cluster.kubeconfig };
    finder = spawn('sh', ['examples/walkthrough/prometheus-pods.sh', podsFile], { env, stdio: 'ignore' });
    prometheus = await RealPrometheus.start(configFile);
    await cluster.kubectl.run('apply -k examples/walkthrough/');
    await cluster.kubectl.run(`apply -f ${example}`);
    await cluster.kubectl.run('rollout status deployment/walkthrough --timeout=60s');
    operator = startOperator();
  });
  after(async () => {
    if (missing !== undefined) return;
    finder?.kill('SIGKILL');
    await load?.stop('SIGKILL');
    await operator?.stop();
    await prometheus.stop();
    await cluster.stop();
  });

  function startOperator(): Plimsoll {
    const flags = [
      '--kubeconfig',
      cluster.kubeconfig,
      '--bind-address',
      '127.0.0.1:0',
      '--log-format',
      'json',
    ];
    const quick = ['--sync-period', '1s', '--metric-timeout', '2s', '--downscale-stabilization', '20s'];
    return new Plimsoll(['operator', ...flags, ...quick, '--prometheus', `main=${prometheus.url}`]);
  }

  const replicas = async (): Promise<number> =>
    Number(await cluster.kubectl.run('get deploy walkthrough -o jsonpath={.spec.replicas}'));

  const autoscaler = async (): Promise<Autoscaler> =>
    JSON.parse(await cluster.kubectl.run('get cas walkthrough -o json')) as Autoscaler;

  async function ask(query: string): Promise<void> {
    const patch = [{ op: 'replace', path: '/spec/metrics/0/prometheus/query', value: query }];
    await cluster.kubectl.run('patch cas walkthrough --type=json -p', [JSON.stringify(patch)]);
  }

  /** The condition ScalingActive. */
  const active = async () =>
    (await autoscaler()).status?.conditions?.find(({ type }) => type === 'ScalingActive');

  it('scales from 1 pod to 6 with 48 requests a second', async () => {
    const path = 'get svc walkthrough -o jsonpath={.metadata.annotations.plimsoll\\.dev/address}';
    const address = await cluster.kubectl.run(path);
    const profile = ['--rate', '48', '--ramp', '2s', '--duration', '10m', '--output', 'json'];
    load = new Plimsoll(['load', `http://${address}/?cpu=1`, ...profile]);
    await eventually('six pods', async () => (await replicas()) === 6);
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
    await operator?.stop('SIGKILL');
    operator = startOperator();
    await operator.told(/"why":"stays at 6: /);
    expect((await active())?.message).to.match(/of server main: cannot reach http:\/\/127\.0\.0\.1:\d+: /);
    expect(await replicas()).to.equal(6);
    prometheus = await RealPrometheus.start(configFile, place);
    // Until a scrape or two there is no series, and then not yet of all pods: the stabilization window bears that.
    await eventually('it answers again', async () => (await active())?.status === 'True');
    expect(await replicas()).to.equal(6);
  });

  it('goes back to 1 pod when the load ends', async () => {
    const { stdout } = (await load?.stop('SIGINT')) ?? { stdout: '' };
    expect((JSON.parse(stdout) as { requests: { ok: number } }).requests.ok).to.be.above(100);
    await eventually('one pod', async () => (await replicas()) === 1, 90_000);
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
    expect(await replicas()).to.equal(1);
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
