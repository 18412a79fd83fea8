import { expect } from 'chai';
import type { LoadResult } from '../../src/report/load-result.ts';
import { ClusterProcess } from '../support/cluster-process.ts';
import { kubectlVersion } from '../support/kubectl.ts';
import { Plimsoll } from '../support/processes.ts';

describe('plimsoll load that watches the cluster', function () {
  this.timeout(120_000);
  let cluster: ClusterProcess;
  let operator: Plimsoll | undefined;
  let load: Plimsoll | undefined;

  before(async function () {
    if (kubectlVersion === undefined) return this.skip();
    cluster = await ClusterProcess.start();
    const quick = '--sync-period 1s --cpu-initialization-period 2s --initial-readiness-delay 1s'.split(' ');
    operator = new Plimsoll([
      'operator',
      '--kubeconfig',
      cluster.kubeconfig,
      '--bind-address',
      '127.0.0.1:0',
      ...quick,
    ]);
    await cluster.kubectl.run('apply -k examples/walkthrough/');
    await cluster.kubectl.run('patch cas walkthrough --type=merge -p', ['{"spec":{"maxReplicas":4}}']);
    await cluster.kubectl.run('rollout status deployment/walkthrough --timeout=60s');
  });
  after(async () => {
    await load?.stop('SIGKILL');
    await operator?.stop();
    await cluster.stop();
  });

  it('has load, replicas and decisions on one time axis, and the chain from the load to pods that share it', async () => {
    const address = await cluster.kubectl.run(
      'get svc walkthrough -o jsonpath={.metadata.annotations.plimsoll\\.dev/address}',
    );
    load = new Plimsoll([
      ...['load', `http://${address}/`, '--kubeconfig', cluster.kubeconfig, '--output', 'json'],
      ...['--profile', '2/s for 3s, 45/s for 10m', '--max-lag', '1h'],
      ...['--expect', 'replicas.max<=4', '--expect', 'flaps=0', '--expect', 'time-to-scale<10m'],
    ]);
    await load.told(
      /^Watching CustomAutoscaler walkthrough of Deployment\/walkthrough, Service walkthrough,/m,
    );
    await load.told(/(?: ready=4\/4\n[^\n]*){4}/); // a line each 5 s
    const { code, stdout, stderr } = await load.stop('SIGINT');
    expect(code, stderr).to.equal(130);
    const {
      cluster: told,
      reactions,
      verdicts,
      perPod,
      balance,
      requests,
    } = JSON.parse(stdout) as LoadResult;

    expect(told?.replicas[0]).to.include({ desiredReplicas: 1, readyReplicas: 1 });
    expect(told?.replicas.at(-1)).to.include({ desiredReplicas: 4, readyReplicas: 4 });
    expect(told?.replicas.at(-1)?.targets).to.match(/^cpu: \d+%\/80%$/);
    expect(told?.events.map(({ reason }) => reason)).to.include.members([
      'SuccessfulRescale',
      'ScalingReplicaSet',
    ]);
    const { loadRoseAtMs, metricSeenAtMs, firstStepUpAtMs, podReadyAtMs, firstResponseAtMs, ...later } =
      reactions!;
    const chain = [loadRoseAtMs, metricSeenAtMs, firstStepUpAtMs, podReadyAtMs, firstResponseAtMs];
    expect(chain[0]).to.equal(3000);
    expect(chain, 'none is missing, in this order').to.deep.equal(chain.toSorted((a, b) => a! - b!));
    expect(chain).not.to.include(null);
    expect(later.peakReadyAtMs).to.be.at.least(podReadyAtMs!);
    expect(later.balancedAtMs).to.be.above(later.peakReadyAtMs!);
    expect(verdicts.map(({ met }) => met)).to.deep.equal([true, true, true]);
    expect(Object.keys(perPod)).to.have.length(4);
    for (const pod of Object.values(perPod)) expect(pod.readyAtMs).to.be.a('number');
    expect(balance.pods).to.equal(4);
    expect(balance.test?.unit).to.equal('connections');
    expect(requests.failed).to.equal(0);
  });
});
