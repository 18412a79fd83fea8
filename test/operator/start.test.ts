import { expect } from 'chai';
import { UserError } from '../../src/lib/errors.ts';
import { defaultLeaseTimes } from '../../src/operator/options.ts';
import type { OperatorOptions } from '../../src/operator/options.ts';
import { TestCluster } from '../support/cluster.ts';
import { eventually } from '../support/wait.ts';
import { pageNotFound, sendJson, startLocalApi, statusBody } from '../support/local-api.ts';
import { startProxy } from '../support/proxy.ts';
import { RunningOperator, RunningOperators } from '../support/running-operator.ts';

describe('runOperator at the start', () => {
  let cluster: TestCluster;
  const operators = new RunningOperators();

  beforeEach(async () => (cluster = await TestCluster.start()));
  afterEach(async () => {
    await operators.stop();
    await cluster.close();
  });

  async function failure(options: Partial<OperatorOptions>, server = cluster.server.url): Promise<UserError> {
    const error: unknown = await operators.start(server, options).then(
      () => 'started',
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(UserError);
    expect(error).to.have.property('exitCode', 2);
    expect((error as UserError).message).to.match(/^[^\n]+$/);
    return error as UserError;
  }

  it('asks for the definition when the cluster does not know CustomAutoscalers', async () => {
    const bare = await TestCluster.start(0, { crds: false });
    const error = await failure({}, bare.server.url);
    expect(error.message).to.match(
      /does not know CustomAutoscalers; install them first: kubectl apply -f crds\/$/,
    );
    await bare.close();
  });

  it('names the server that refuses connections', async () => {
    const gone = await TestCluster.start();
    await gone.close();
    const error = await failure({}, gone.server.url);
    expect(error.message).to.contain(`cannot reach the API server at ${gone.server.url}`);
    expect(error.message).to.match(/is the cluster running, and is it the one that the kubeconfig names\?$/);
  });

  it('says which right is missing', async () => {
    const strict = await startLocalApi((_, response) =>
      sendJson(
        response,
        403,
        statusBody(403, 'Forbidden', 'customautoscalers.plimsoll.dev is forbidden: User "me" cannot list'),
      ),
    );
    const error = await failure({}, strict.url);
    expect(error.message).to.match(/is forbidden: User "me" cannot list; grant the operator its ClusterRole/);
    await strict.close();
  });

  it('does not start where it may not see its rivals', async () => {
    const strict = await startLocalApi(({ path }, response) =>
      path.startsWith('/apis/autoscaling/')
        ? sendJson(response, 403, statusBody(403, 'Forbidden', 'horizontalpodautoscalers is forbidden'))
        : { metadata: { resourceVersion: '1' }, items: [] },
    );
    const error = await failure({}, strict.url);
    expect(error.message).to.match(
      /^horizontalpodautoscalers is forbidden; grant the operator its ClusterRole/,
    );
    await strict.close();
  });

  const leases: Record<string, [refused: string, namespace: string, message: RegExp]> = {
    'read the Lease': [
      'GET',
      'default',
      /^Lease default\/it: leases is forbidden; grant the operator its Role/,
    ],
    'create the Lease': [
      'POST',
      'default',
      /^Lease default\/it: .*, or run the only operator .* --leader-elect=false$/,
    ],
    'find the namespace of the Lease': [
      '',
      'nowhere',
      /^Lease nowhere\/it: namespaces "nowhere" not found; create the namespace, or name another with --leader-elect-resource-namespace$/,
    ],
  };
  for (const [title, [refused, namespace, message]] of Object.entries(leases))
    it(`does not start where it cannot ${title}`, async () => {
      const strict = await startLocalApi((_, response) =>
        sendJson(response, 403, statusBody(403, 'Forbidden', 'leases is forbidden')),
      );
      let method = '';
      const proxy = await startProxy(
        (path) => (method === refused && path.includes('/leases') ? strict.url : cluster.server.url),
        (now) => void (method = now),
      );
      const leaderElection = { ...defaultLeaseTimes, namespace, name: 'it' };
      const error = await failure({ leaderElection }, proxy.url);
      expect(error.message).to.match(message);
      expect(cluster.api.list('leases.coordination.k8s.io', {})).to.deep.equal([]);
      await proxy.close();
      await strict.close();
    });

  it('tries the update of a Lease that is there, and changes nothing', async () => {
    const path = '/apis/coordination.k8s.io/v1/namespaces/default/leases/it';
    cluster.api.create('leases.coordination.k8s.io', {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'it', namespace: 'default' },
      spec: { holderIdentity: 'other', leaseDurationSeconds: 15 },
    });
    const before = cluster.api.get('leases.coordination.k8s.io', 'default', 'it');
    const requests: string[] = [];
    const proxy = await startProxy(cluster.server.url, (method, url) => {
      if (url.includes('/leases')) requests.push(`${method} ${url}`);
      return undefined;
    });
    const leaderElection = { ...defaultLeaseTimes, namespace: 'default', name: 'it' };
    const operator = await RunningOperator.start(proxy.url, { leaderElection });
    await operator.stop();
    await proxy.close();
    expect(requests.slice(0, 2)).to.deep.equal([`GET ${path}`, `PUT ${path}?dryRun=All`]);
    expect(cluster.api.get('leases.coordination.k8s.io', 'default', 'it')).to.deep.equal(before);
  });

  it('does without what is not served, and says so once', async () => {
    cluster.deploy('web', 2);
    cluster.load('web', 100);
    cluster.autoscale('web');
    const poor = await startLocalApi((_, response) => pageNotFound(response));
    const missing = /^\/apis\/(autoscaling\/v2\/horizontalpodautoscalers|apps\/v1\/deployments\?)/;
    const proxy = await startProxy(
      (path) => (missing.test(path) ? poor.url : cluster.server.url),
      () => undefined,
    );
    const operator = await RunningOperator.start(proxy.url);
    await eventually('it scales all the same', () => cluster.replicas('web') === 4);
    const said = operator.logs.filter(({ msg }) => String(msg).startsWith('not served'));
    expect(said.map(({ resource }) => resource)).to.have.members(['deployments', 'horizontalpodautoscalers']);
    expect((await operator.get('/readyz')).status).to.equal(200);
    await operator.stop();
    await proxy.close();
    await poor.close();
  });

  it('says that the port of its own is in use', async () => {
    const taken = cluster.server.port;
    const error = await failure({ bindAddress: { host: '127.0.0.1', port: taken } });
    expect(error.message).to.equal(
      `--bind-address 127.0.0.1:${taken}: cannot listen: the port is in use; choose another port, or 0 to serve nothing`,
    );
  });

  it('says that the selector is none', async () => {
    expect((await failure({ selector: 'team in (' })).message).to.match(
      /^--selector "team in \(": .*; give a label selector, such as/,
    );
  });

  it('says that the kubeconfig does not exist', async () => {
    expect((await failure({ kubeconfig: '/nowhere/config' })).message).to.match(
      /^kubeconfig \/nowhere\/config does not exist/,
    );
  });

  it('starts without a metrics API, with a warning', async () => {
    const bare = await startLocalApi(({ path, query }, response) => {
      if (path.startsWith('/apis/metrics.k8s.io')) {
        sendJson(response, 404, {});
        return;
      }
      if (query.has('watch')) {
        response.writeHead(200).flushHeaders();
        return;
      }
      return { metadata: { resourceVersion: '1' }, items: [] };
    });
    const operator = await RunningOperator.start(bare.url);
    expect(operator.logs.map(({ msg }) => msg).join()).to.contain('no metrics API (metrics.k8s.io)');
    await operator.stop();
    await bare.close();
  });
});
