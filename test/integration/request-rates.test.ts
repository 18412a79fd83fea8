import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoResult } from '../../src/report/demo-result.ts';
import { ClusterProcess } from '../support/cluster-process.ts';
import { kubectlVersion } from '../support/kubectl.ts';
import { plimsoll, Plimsoll, unprivileged } from '../support/processes.ts';
import { eventually } from '../support/wait.ts';

describe('plimsoll demo --by requests', function () {
  this.timeout(240_000);
  const home = mkdtempSync(join(tmpdir(), 'plimsoll-home-'));
  after(() => rmSync(home, { recursive: true, force: true }));

  it('scales up and back down by the requests that the pods count themselves', async () => {
    const args = ['demo', '--by', 'requests', '--output', 'json', '--peak', '5s', '--quiet', '20s'];
    const { code, stdout, stderr } = await plimsoll(args, unprivileged(home));
    expect(code, stderr).to.equal(0);
    const result = JSON.parse(stdout) as DemoResult;
    expect(result.replicas.start).to.equal(1);
    expect(result.replicas.peak).to.be.at.least(4);
    expect(result.replicas.end).to.equal(1);
    expect(result.load.requests.failed).to.equal(0);
    const ups = result.events.filter(({ message }) => message.endsWith('http_requests_total above target'));
    expect(ups.map(({ reason }) => reason)).to.include('SuccessfulRescale');
  });
});

/** On one cluster, in order: each test goes on where the one before it ended. */
describe('an app scaled by requests a second', function () {
  this.timeout(240_000);
  let cluster: ClusterProcess;
  let operator: Plimsoll | undefined;
  let load: Plimsoll | undefined;

  function startOperator(): Plimsoll {
    const times = [
      '--sync-period',
      '2s',
      '--downscale-stabilization',
      '10s',
      '--status-metrics-interval',
      '0s',
    ];
    const flags = [
      '--kubeconfig',
      cluster.kubeconfig,
      '--bind-address',
      '127.0.0.1:0',
      '--log-format',
      'json',
    ];
    return new Plimsoll(['operator', ...flags, ...times]);
  }

  const replicas = async (): Promise<number> =>
    Number(await cluster.kubectl.run('get deploy walkthrough -o jsonpath={.spec.replicas}'));

  const condition = async (): Promise<string> =>
    cluster.kubectl.run('get cas walkthrough -o', [
      'jsonpath={.status.conditions[?(@.type=="ScalingActive")].reason}: {.status.conditions[?(@.type=="ScalingActive")].message}',
    ]);

  async function metrics(): Promise<string> {
    const [, health = ''] = (await operator?.told(/"health":"([^"]+)"/)) ?? [];
    return (await fetch(`${health}/metrics`)).text();
  }

  async function scrapes(outcome: string): Promise<number> {
    const found = new RegExp(`^plimsoll_pod_scrapes_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm');
    return Number(found.exec(await metrics())?.[1] ?? 0);
  }

  const atPort = async (port: string | number): Promise<unknown> =>
    cluster.kubectl.run('patch cas walkthrough --type=json -p', [
      JSON.stringify([{ op: 'replace', path: '/spec/metrics/0/podScrape/port', value: port }]),
    ]);

  before(async function () {
    if (kubectlVersion === undefined) return this.skip();
    cluster = await ClusterProcess.start();
    operator = startOperator();
    for (const file of ['deployment', 'service', 'customautoscaler-requests'])
      await cluster.kubectl.run(`apply -f examples/walkthrough/${file}.yaml`);
    await cluster.kubectl.run('rollout status deployment/walkthrough --timeout=60s');
  });
  after(async () => {
    await load?.stop('SIGKILL');
    await operator?.stop();
    await cluster.stop();
  });

  it('goes up under load, on and never down over a restart of the operator', async () => {
    const address = await cluster.kubectl.run(
      'get svc walkthrough -o jsonpath={.metadata.annotations.plimsoll\\.dev/address}',
    );
    const profile = ['--rate', '45', '--ramp', '10s', '--duration', '5m'];
    load = new Plimsoll(['load', `http://${address}/`, ...profile, '--output', 'json']);
    const seen = [
      await eventually('the first step up', async () => ((await replicas()) >= 2 ? replicas() : false)),
    ];
    await operator?.stop('SIGKILL');
    operator = startOperator();
    await eventually('the operator scales on', async () => {
      seen.push(await replicas());
      return (seen.at(-1) ?? 0) >= 5;
    });
    expect(seen.toSorted((a, b) => a - b)).to.deep.equal(seen);
    expect(await scrapes('Ok')).to.be.greaterThan(0);
    expect(await scrapes('FirstSample')).to.be.greaterThan(0);
  });

  it('holds while no pod can be scraped, at the height of the load: it is never taken for a zero', async () => {
    await eventually('six pods are ready', async () => {
      const ready = await cluster.kubectl.run('get deploy walkthrough -o jsonpath={.status.readyReplicas}');
      return Number(ready) >= 5 && Number(ready) === (await replicas());
    });
    const peak = await replicas();
    await atPort(9);
    await eventually('the condition', async () => (await condition()).startsWith('FailedGetPodScrapeMetric'));
    expect(await condition()).to.match(
      /no pod showed metric http_requests_total: \d could not be reached \(walkthrough-/,
    );
    const scraped = await scrapes('Unreachable');
    await eventually('more failures than the stabilization window has decisions', async () => {
      expect(await replicas()).to.equal(peak);
      return (await scrapes('Unreachable')) >= scraped + 8 * peak;
    });
    await atPort('http');
    await eventually('it is measured again', async () => (await condition()).startsWith('ValidMetricFound'));
    expect(await replicas()).to.be.at.least(5);
  });

  it('goes back down when the load is over', async () => {
    const { stdout } = (await load?.stop('SIGINT')) ?? { stdout: '{}' };
    expect((JSON.parse(stdout) as { requests: { failed: number } }).requests.failed).to.equal(0);
    await eventually('one replica', async () => (await replicas()) === 1);
  });
});
