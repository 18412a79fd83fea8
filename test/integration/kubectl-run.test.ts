import { expect } from 'chai';

import { ClusterProcess } from '../support/cluster-process.ts';
import { kubectlVersion } from '../support/kubectl.ts';
import { eventually } from '../support/wait.ts';

/** Another name for the walkthrough's pods; its port is not theirs. */
const web = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: {
    selector: { 'app.kubernetes.io/name': 'walkthrough' },
    ports: [{ name: 'http', port: 80, targetPort: 'http' }],
  },
});

describe('a pod as the client of a Service', function () {
  this.timeout(180_000);
  let cluster: ClusterProcess | undefined;

  before(async function () {
    if (kubectlVersion === undefined) return this.skip();
    cluster = await ClusterProcess.start();
  });
  after(async () => cluster?.stop());

  it('kubectl run load --image=plimsoll finds the Service web by its name, and loads its pods', async () => {
    const { kubectl } = cluster!;
    await kubectl.run('apply -k examples/walkthrough');
    await kubectl.run('scale deployment/walkthrough --replicas=2');
    await kubectl.run('rollout status deployment/walkthrough --timeout=60s');
    await kubectl.run('create -f -', [], web);
    const args = 'load http://web --rate 50 --duration 2s --rotate each --output json';
    expect(await kubectl.run(`run load --image=plimsoll --restart=Never -- ${args}`)).to.include(
      'pod/load created',
    );
    await eventually('the load is done', async () => {
      const phase = await kubectl.run('get pod load -o jsonpath={.status.phase}');
      if (phase === 'Failed') throw new Error(await kubectl.run('logs load'));
      return phase === 'Succeeded';
    });
    const lines = (await kubectl.run('logs load')).split('\n');
    const text = lines.find((line) => line.startsWith('{"requests"'));
    const { requests, perPod } = JSON.parse(text ?? '{}') as {
      requests: object;
      perPod: Record<string, object>;
    };
    expect(requests).to.include({ sent: 100, ok: 100 });
    const pods = (await kubectl.run('get pods -l app.kubernetes.io/name=walkthrough -o name'))
      .trim()
      .split('\n');
    expect(Object.keys(perPod).map((name) => `pod/${name}`)).to.have.members(pods);
  });
});
