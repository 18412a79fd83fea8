import { expect } from 'chai';
import type { TestCluster } from '../support/cluster.ts';
import type { RunningOperator } from '../support/running-operator.ts';
import { Stage } from '../support/stage.ts';
import { eventually } from '../support/wait.ts';

interface Record {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly metrics?: readonly object[];
  readonly limits?: readonly object[];
}

/**
 * kubernetes#138992, enhancements#6107, #6111, kubernetes#109538, #22174: users ask why it scaled, or why not, and find a condition and an
 * event without the numbers. Here inputs, proposals, limits and result are in the status, the log, the metrics and on the command line.
 */
describe('thread 6: why did it scale?', () => {
  let stage: Stage;
  let cluster: TestCluster;
  let operator: RunningOperator;

  before(async () => {
    stage = await Stage.open();
    ({ cluster } = stage);
    cluster.deploy('web', 5);
    cluster.load('web', 90);
    const policies = [{ type: 'Pods', value: 3, periodSeconds: 60 }];
    cluster.autoscale('web', { maxReplicas: 20, behavior: { scaleUp: { policies } } });
    operator = await stage.startOperator();
    await eventually('eight replicas', () => cluster.replicas('web') === 8);
  });
  after(async () => stage.close());

  async function explained(): Promise<readonly Record[]> {
    const argv = ['explain', 'web', '--last', '50', '--operator', operator.url];
    return eventually('the decisions', async () => {
      const { code, stdout } = await stage.run(...argv, '-o', 'json');
      const { decisions } = JSON.parse(code === 0 ? stdout : '{"decisions":[]}') as { decisions: Record[] };
      return decisions.some(({ to }) => to === 8) && decisions;
    });
  }

  const why =
    /^5 -> 8: cpu at 90 % of request against 50 % asks for 9 \(5 pods counted\); 8 instead of 9: scale-up limited to \+3 in 1 m from 5, more in 1 m$/;

  it('is answered by each decision: inputs, each proposal, each limit, the result', async () => {
    const scaled = (await explained()).find(({ from, to }) => from === 5 && to === 8);
    expect(scaled?.reason).to.match(why);
    expect(scaled?.metrics).to.deep.equal([
      {
        metric: 'Resource/cpu',
        current: '90%',
        target: '50%',
        proposedReplicas: 9,
        wins: true,
        pods: { counted: 5, assumed: 0, leftOut: 0 },
      },
    ]);
    const [limit] = scaled?.limits ?? [];
    expect(limit).to.include({ limiter: 'rate', reason: 'ScaleUpLimit', from: 9, to: 8 });
    expect(limit).to.have.property('until');
  });

  it('is answered by one line of the log', async () => {
    const line = await eventually('the line', () => operator.logs.find(({ msg }) => msg === 'scaled'));
    expect(line).to.deep.include({
      ...{ autoscaler: 'default/web', from: 5, to: 8, verdict: 'Computed' },
      metrics: { 'Resource/cpu': 9 },
      limits: ['rate/ScaleUpLimit'],
    });
    expect(line.why).to.match(why);
  });

  it('is counted by what limited it', async () => {
    expect(await operator.metrics()).to.match(
      /plimsoll_decision_limited_total\{reason="ScaleUpLimit"\} [1-9]/,
    );
  });

  it('is answered by the status for a scale that does not come, without a word of the operator', async () => {
    cluster.runPods('web', 8);
    cluster.load('web', 50);
    await eventually('rest', () => cluster.status('web')?.decision?.from === 8);
    const { stdout } = await stage.run('explain', 'web');
    expect(stdout).to.match(/\nstays at 8 /);
  });
});
