import { expect } from 'chai';
import type { LoadResult } from '../../src/report/load-result.ts';
import { kubectlVersion } from '../support/kubectl.ts';
import { Walkthrough } from '../support/walkthrough.ts';

describe('plimsoll load that watches the cluster', function () {
  this.timeout(120_000);
  const walkthrough = new Walkthrough();

  before(async function () {
    if (kubectlVersion === undefined) return this.skip();
    await walkthrough.start();
    walkthrough.startOperator('--sync-period 1s --cpu-initialization-period 2s --initial-readiness-delay 1s');
    await walkthrough.kubectl.run('apply -k examples/walkthrough/');
    await walkthrough.patch('merge', { spec: { maxReplicas: 4 } });
    await walkthrough.rolledOut();
  });
  after(() => walkthrough.stop());

  it('has load, replicas and decisions on one time axis, and the chain from the load to pods that share it', async () => {
    const load = await walkthrough.startLoad('/', [
      ...['--kubeconfig', walkthrough.cluster.kubeconfig],
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
