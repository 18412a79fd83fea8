import { expect } from 'chai';
import { askOperator } from '../../src/commands/explain/ask-operator.ts';
import { parseTime } from '../../src/commands/explain/time.ts';
import { errorMessage } from '../../src/lib/errors.ts';
import type { DecisionAnswer } from '../../src/operator/decision-ring.ts';
import type { TestCluster } from '../support/cluster.ts';
import { runInProcess } from '../support/in-process.ts';
import type { CommandResult } from '../support/in-process.ts';
import { clientOf, kubeconfigText, sendJson, startLocalApi, temporaryFile } from '../support/local-api.ts';
import type { RunningOperator } from '../support/running-operator.ts';
import { Stage } from '../support/stage.ts';
import { eventually } from '../support/wait.ts';

/** A Service whose one endpoint is an address of this machine. */
function serve(cluster: TestCluster, url: string, namespace = 'plimsoll-system'): void {
  const { hostname, port } = new URL(url);
  const name = 'plimsoll-metrics';
  if (cluster.api.get('namespaces', undefined, namespace) === undefined)
    cluster.api.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  cluster.api.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { ports: [{ name: 'metrics', port: 8080 }] },
  });
  cluster.api.create('endpointslices.discovery.k8s.io', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [hostname], conditions: { ready: true, serving: true, terminating: false } }],
    ports: [{ name: 'metrics', port: Number(port), protocol: 'TCP' }],
  });
}

describe('plimsoll explain', () => {
  let stage: Stage;
  let cluster: TestCluster;
  let operator: RunningOperator;

  before(async () => {
    stage = await Stage.open();
    ({ cluster } = stage);
    cluster.deploy('web', 2);
    cluster.load('web', 100);
    cluster.autoscale('web');
    operator = await stage.startOperator();
    await eventually('four replicas', () => cluster.replicas('web') === 4);
    cluster.runPods('web', 4);
    cluster.load('web', 50);
    await eventually('rest', () => cluster.status('web')?.decision?.from === 4);
  });
  after(async () => stage.close());

  const explain = (...argv: readonly string[]): Promise<CommandResult> => stage.run('explain', ...argv);

  it('tells the last decision from the status', async () => {
    const { code, stdout } = await explain('web');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^CustomAutoscaler default\/web of Deployment\/web, 4 replicas \(1 to 10\)\n\n/);
    expect(stdout).to.match(/\nstays at 4 {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, \d+ s ago/);
  });

  it('takes a name as kubectl gives it, and prints JSON', async () => {
    const { stdout } = await explain('cas/web', '-o', 'json');
    const { namespace, name, decisions } = JSON.parse(stdout) as Record<string, unknown>;
    expect([namespace, name]).to.deep.equal(['default', 'web']);
    expect(decisions).to.deep.equal([cluster.status('web')?.decision]);
  });

  it('tells earlier ones from an operator on a laptop', async () => {
    const { code, stdout, stderr } = await explain('web', '--last', '50', '--operator', `${operator.url}/`);
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
    expect(stdout).to.match(
      /\n2 -> 4 {2}.* ago\n {2}cpu at 100 % of request against 50 % asks for 4 \(2 pods counted\)/,
    );
    expect(stdout.indexOf('stays at 4')).to.be.lessThan(stdout.indexOf('2 -> 4')); // the newest first
  });

  it('tells what held at a time', async () => {
    const { decisions } = JSON.parse(
      (await explain('web', '--last', '50', '--operator', operator.url, '-o', 'json')).stdout,
    ) as { decisions: { from: number; to: number; since: string }[] };
    const scaled = decisions.find(({ from, to }) => from === 2 && to === 4);
    const { stdout } = await explain(
      'web',
      '--at',
      scaled?.since ?? '',
      '--operator',
      operator.url,
      '-o',
      'json',
    );
    expect((JSON.parse(stdout) as { decisions: unknown[] }).decisions[0]).to.deep.include({ from: 2, to: 4 });
    const early = await explain('web', '--at', '1h', '--operator', operator.url);
    expect(early.code).to.equal(1);
    expect(early.stderr).to.match(
      /the oldest decision .* that is kept is of \d{4}-.*ask for that time or later/,
    );
  });

  it('says what to do when the Service of the operator that was named is not there', async () => {
    const { code, stderr } = await explain('web', '--last', '2', '--service', 'default/other:8080');
    expect(code).to.equal(2);
    expect(stderr).to.match(/no Service other in namespace default; .*--service.*--operator/);
  });

  const told: string[] = [];
  const ask = (laptop: string, server = cluster.server.url): Promise<DecisionAnswer> => {
    const question = { namespace: 'default', name: 'web', last: 50 };
    const signal = AbortSignal.timeout(20_000);
    told.length = 0;
    return askOperator(clientOf(server), question, { laptop, signal, tell: (line) => told.push(line) });
  };

  it('asks one on this machine for a cluster on this machine that has no Service of it, and says so', async () => {
    const { decisions } = await ask(operator.url);
    expect(decisions.map(({ from, to }) => `${from} -> ${to}`)).to.include('2 -> 4');
    expect(told).to.deep.equal([
      `no Service plimsoll-metrics in namespace plimsoll-system and default: asking the operator at ${operator.url}`,
    ]);
  });

  it('says what to do when none answers there', async () => {
    const error = await ask('http://127.0.0.1:1').catch(errorMessage);
    expect(error).to.match(
      /^cannot ask .*: no Service .*, and --operator http:\/\/127\.0\.0\.1:1: cannot reach it: .*--bind-address\?; name/,
    );
  });

  it('asks no one on this machine for a cluster elsewhere', async () => {
    const elsewhere = Object.assign(clientOf(cluster.server.url), { server: 'https://cluster.example' });
    const error = await askOperator(
      elsewhere,
      { namespace: 'default', name: 'web', last: 2 },
      { signal: AbortSignal.timeout(20_000), laptop: operator.url, tell: (line) => told.push(line) },
    ).catch(errorMessage);
    expect(error).to.match(
      /no Service plimsoll-metrics in namespace plimsoll-system and default; .*--service.*--operator/,
    );
  });

  it('asks an operator in the cluster through the API server, also one of a namespace', async () => {
    serve(cluster, operator.url, 'default');
    const { code, stdout, stderr } = await explain('web', '--last', '50', '-o', 'json');
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
    expect((JSON.parse(stdout) as { decisions: unknown[] }).decisions.length).to.be.greaterThan(1);
    const named = await explain('web', '--last', '1', '--service', 'default/plimsoll-metrics:8080');
    expect(named.stdout).to.match(/stays at 4/);
  });

  it('says that the operator cannot be reached through its Service, and what to do', async () => {
    serve(cluster, 'http://127.0.0.1:1');
    const { code, stderr } = await explain('web', '--last', '2');
    expect(code).to.equal(2);
    expect(stderr).to.match(/through Service plimsoll-system\/plimsoll-metrics: .*port-forward.*--operator/);
  });

  it('names the autoscalers that there are when it is none of them', async () => {
    const { code, stderr } = await explain('wbe');
    expect(code).to.equal(2);
    expect(stderr).to.equal('plimsoll: no CustomAutoscaler wbe in namespace default: it has web\n');
    expect((await explain('web', '-n', 'empty')).stderr).to.match(/it has none; name another one with -n/);
  });

  it('says that nothing was decided yet', async () => {
    const lonely = await Stage.open();
    lonely.cluster.autoscale('web');
    const { code, stderr } = await lonely.run('explain', 'web');
    const asked = await lonely.run('explain', 'web', '--last', '2', '--operator', operator.url);
    await lonely.close();
    expect([code, asked.code]).to.deep.equal([1, 0]); // the other cluster's namesake
    expect(stderr).to.match(/has not been decided on yet; is an operator running/);
  });

  it('says that an invalid one is not decided on, and why', async () => {
    const condition = {
      type: 'ScalingActive',
      status: 'False',
      reason: 'InvalidSpec',
      message: 'spec.x: no',
    };
    const lastTransitionTime = '2026-01-31T14:00:00Z';
    const lonely = await Stage.open();
    lonely.cluster.autoscale('web');
    lonely.cluster.api.patch(
      'customautoscalers.plimsoll.dev',
      'default',
      'web',
      'merge',
      { status: { desiredReplicas: 0, conditions: [{ ...condition, lastTransitionTime }] } },
      'status',
    );
    const { code, stderr } = await lonely.run('explain', 'web');
    await lonely.close();
    expect(code).to.equal(1);
    expect(stderr).to.match(/is not decided on until it is mended: spec\.x: no/);
  });

  it('tells the mode that counts, a pause that holds nothing back as yet, and a spec that nobody decided on', async () => {
    const lonely = await Stage.open();
    const head = async (status: object): Promise<string> => {
      const kind = 'customautoscalers.plimsoll.dev';
      lonely.cluster.api.patch(kind, 'default', 'web', 'merge', { status }, 'status');
      const { stdout } = await lonely.run('explain', 'web');
      return stdout.slice(0, stdout.indexOf('\n\n')).replaceAll(/\n +/g, ' ');
    };
    lonely.cluster.autoscale('web', { mode: 'Paused', suspend: { scaleDown: true } });
    const decision = { time: '2026-01-31T14:00:00Z', from: 2, to: 2, reason: 'stays at 2: so' };
    const pause = {
      ...{ type: 'Suspended', status: 'True', reason: 'Paused', message: 'scaling down is suspended' },
      lastTransitionTime: '2026-01-31T14:00:00Z',
    };
    const status = { desiredReplicas: 2, observedGeneration: 1, decision };
    expect(await head({ ...status, mode: 'Paused', conditions: [pause] })).to.match(
      /, mode Paused\nscaling down is suspended$/,
    );
    expect(await head({ mode: 'Active', conditions: [{ ...pause, status: 'False' }] })).to.match(
      / \(1 to 10\)$/,
    );
    lonely.cluster.api.patch('customautoscalers.plimsoll.dev', 'default', 'web', 'merge', {
      spec: { maxReplicas: 7 },
    });
    expect(await head({})).to.match(
      /\nits spec has changed since .* is an operator running that serves it\?$/,
    );
    await lonely.close();
  });

  it('says that the cluster has no such kind', async () => {
    const bare = await Stage.open({ crds: false });
    const { code, stderr } = await bare.run('explain', 'web');
    await bare.close();
    expect(code).to.equal(2);
    expect(stderr).to.match(/the cluster does not know the kind; apply crds\//);
  });

  it('asks again while the operator that answers stands by', async () => {
    const decision = { time: '2000-01-01T12:00:00Z', from: 2, to: 4, reason: '2 -> 4: so' };
    let asked = 0;
    const api = await startLocalApi(({ path }, response) => {
      if (!path.includes('/proxy/'))
        return {
          metadata: {},
          spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 3 },
        };
      asked += 1;
      const status = { kind: 'Status', code: 503, reason: 'StandsBy', message: 'it does not lead' };
      if (asked >= 3) return { decisions: [decision], oldest: decision.time };
      sendJson(response, 503, status);
      return undefined;
    });
    const file = temporaryFile('kubeconfig', kubeconfigText(api.url));
    const { stdout } = await runInProcess(['explain', 'web', '--last', '1', '--kubeconfig', file]);
    await api.close();
    expect(stdout).to.match(/\n2 -> 4 {2}2000-01-01 12:00:00 UTC, .*\n {2}so\n$/);
  });

  const bad: Record<string, { argv: readonly string[]; message: RegExp }> = {
    'a number that is none': { argv: ['--last', 'all'], message: /--last.*whole number from 1 to 50/ },
    'a time that is none': { argv: ['--at', 'noon'], message: /--at.*past, such as/ },
    'a time to come': { argv: ['--at', '2999-01-01T00:00:00Z'], message: /--at.*past/ },
    'an address that is none': { argv: ['--operator', '127.0.0.1:8080'], message: /--operator.*http:/ },
    'an operator that is not there': {
      argv: ['--operator', 'http://127.0.0.1:1'],
      message: /--operator http:\/\/127.0.0.1:1: cannot reach it: .*is it running/,
    },
    'a Service without a port': { argv: ['--service', 'a/b'], message: /--service.*NAMESPACE\/NAME:PORT/ },
  };
  for (const [title, { argv, message }] of Object.entries(bad)) {
    it(`refuses ${title}`, async () => {
      const { code, stdout, stderr } = await explain('web', ...argv);
      expect([code, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.match(message);
      expect(stderr.trimEnd().split('\n')).to.have.length(1);
    });
  }

  it('refuses the address of something else', async () => {
    const other = await startLocalApi(() => ({ hello: 'world' }));
    const { code, stderr } = await explain('web', '--operator', other.url);
    await other.close();
    expect(code).to.equal(2);
    expect(stderr).to.match(/no operator of Plimsoll answers there/);
  });
});

describe('--at', () => {
  const now = Date.UTC(2026, 0, 31, 14);
  const rows: Record<string, number> = {
    '5m': now - 300_000,
    '1h30m': now - 5_400_000,
    '5m ago': now - 300_000,
    '2026-01-31T13:00:00Z': now - 3_600_000,
    '2026-01-31T14:00:00+01:00': now - 3_600_000,
    '2026-01-31T13:00Z': now - 3_600_000,
  };
  for (const [text, ms] of Object.entries(rows))
    it(`reads ${text}`, () => expect(parseTime(text, now)).to.equal(ms));

  for (const text of ['2026-01-31', '12', 'yesterday', '2026-01-31T13:00:00', '-5m', '2026-13-41T00:00:00Z'])
    it(`refuses ${text}`, () => {
      expect(() => parseTime(text, now)).to.throw(/past/);
    });
});
