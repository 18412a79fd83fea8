import { expect } from 'chai';
import type { LoadResult } from '../../../src/report/load-result.ts';
import { listenHttp, type TestServer } from '../../load/servers.ts';
import { TestCluster } from '../../support/cluster.ts';
import { type CommandResult, runInProcess } from '../../support/in-process.ts';
import { kubeconfigText, temporaryFile } from '../../support/local-api.ts';

/** The API server alone: a test plays the controllers, and the Service's address is that of a server of its own. */
describe('plimsoll load --kubeconfig', () => {
  let cluster: TestCluster;
  let server: TestServer;
  let kubeconfig: string;
  before(async () => {
    cluster = await TestCluster.start();
    server = await listenHttp((_, response) => response.setHeader('X-Pod-Name', 'web-0').end());
    kubeconfig = temporaryFile('kubeconfig', kubeconfigText(cluster.server.url));
    for (const name of ['web', 'api']) {
      cluster.deploy(name, 1);
      cluster.autoscale(name);
    }
    serve('web', 'web', { 'plimsoll.dev/address': server.url.host });
    endpoints('web', ['web-0']);
    cluster.api.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'empty' } });
    cluster.api.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'closed' } });
    cluster.deploy('alone', 1, 'closed');
    cluster.autoscale('alone', {}, 'closed');
  });
  after(async () => {
    await server.close();
    await cluster.close();
  });

  function serve(name: string, app: string, annotations: object): void {
    cluster.api.create('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default', annotations },
      spec: { selector: { app }, ports: [{ port: 80 }] },
    } as never);
  }

  function endpoints(service: string, pods: readonly string[]): void {
    cluster.api.create('endpointslices.discovery.k8s.io', {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: service, namespace: 'default', labels: { 'kubernetes.io/service-name': service } },
      addressType: 'IPv4',
      endpoints: pods.map((name) => ({ addresses: ['127.0.0.1'], targetRef: { kind: 'Pod', name } })),
      ports: [],
    });
  }

  const load = async (...flags: string[]): Promise<CommandResult> =>
    runInProcess(['load', server.url.href, '--rate', '20', '--duration', '300ms', '-o', 'json', ...flags]);

  it('watches the autoscaler of several that scales what answers, in the namespace of the context', async () => {
    const { code, stdout, stderr } = await load(
      '--kubeconfig',
      kubeconfig,
      '--expect',
      'replicas.max<=1',
      '--max-lag',
      '1h',
    );
    expect(stderr).to.include(
      'Watching CustomAutoscaler web of Deployment/web, Service web, namespace default.',
    );
    expect(code, stderr).to.equal(0);
    const result = JSON.parse(stdout) as LoadResult;
    expect(result.cluster?.replicas[0]).to.include({ desiredReplicas: 1, readyReplicas: 1 });
    expect(result.perPod['web-0']?.readyAtMs).to.be.within(0, 1000);
    expect(result.reactions).to.include({ loadRoseAtMs: 0, firstStepUpAtMs: null });
  });

  it('watches the one that is named, whatever answers', async () => {
    const { stdout, stderr } = await load('--kubeconfig', kubeconfig, '--autoscaler', 'api');
    expect(stderr).to.include('CustomAutoscaler api of Deployment/api, Service web');
    expect((JSON.parse(stdout) as LoadResult).cluster?.replicas).to.have.length(1);
  });

  it('takes a target on another machine that is an address of the cluster, and no other', async () => {
    cluster.api.patch('services', 'default', 'web', 'merge', {
      spec: { type: 'LoadBalancer' },
    });
    cluster.api.patch('services', 'default', 'web', 'merge', { status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } } }, 'status'); // prettier-ignore
    const flags = ['--rate', '5', '--duration', '1s', '--timeout', '100ms', '--kubeconfig', kubeconfig];
    const own = await runInProcess(['load', 'http://192.0.2.7/', ...flags]);
    expect(own.stderr).to.match(/cannot reach http:\/\/192\.0\.2\.7\//);
    const foreign = await runInProcess(['load', 'http://192.0.2.8/', ...flags, '--autoscaler', 'web']);
    expect(foreign.stderr).to.match(/192\.0\.2\.8 is not a loopback address; give --allow-remote/);
  });

  const refused: Record<string, [flags: () => string[], message: RegExp]> = {
    'a file that is not there': [
      () => ['--kubeconfig', '/no/such/file'],
      /kubeconfig \/no\/such\/file does not exist/,
    ],
    'an autoscaler that there is not': [
      () => ['--kubeconfig', kubeconfig, '--autoscaler', 'wbe'],
      /--autoscaler wbe: namespace default has no such CustomAutoscaler; it has: (web, api|api, web)/,
    ],
    'a namespace without one': [
      () => ['--kubeconfig', kubeconfig, '--namespace', 'empty'],
      /no CustomAutoscaler in namespace empty; name another --namespace/,
    ],
    'a target whose pods no Service selects': [
      () => ['--kubeconfig', kubeconfig, '--namespace', 'closed'],
      /no Service of namespace closed answers at this URL or selects the pods of Deployment\/alone/,
    ],
    'a cluster that does not answer': [
      () => ['--kubeconfig', temporaryFile('gone', kubeconfigText('http://127.0.0.1:1'))],
      /cannot watch the cluster at http:\/\/127\.0\.0\.1:1: .*; check --kubeconfig/,
    ],
  };
  for (const [sentence, [flags, message]] of Object.entries(refused)) {
    it(`refuses ${sentence}, before it sends anything, and ends with 2`, async () => {
      const { code, stdout, stderr } = await load(...flags());
      expect(stderr).to.match(message);
      expect([code, stdout]).to.deep.equal([2, '']);
    });
  }

  it('ends with 130 when it is interrupted before the load began', async () => {
    const flags = ['--rate', '5', '--kubeconfig', kubeconfig];
    const { code, stderr } = await runInProcess(['load', server.url.href, ...flags], {
      signal: AbortSignal.abort(),
    });
    expect(stderr).to.include('interrupted before the load began');
    expect(code).to.equal(130);
  });

  it('asks which one to watch when the address does not tell', async () => {
    const elsewhere = await listenHttp((_, response) => response.end());
    const flags = ['--rate', '5', '--kubeconfig', kubeconfig];
    const { code, stderr } = await runInProcess(['load', elsewhere.url.href, ...flags]);
    await elsewhere.close();
    expect(stderr).to.match(
      /several CustomAutoscalers, .*give --autoscaler with one of: (web, api|api, web)/,
    );
    expect(code).to.equal(2);
  });
});
