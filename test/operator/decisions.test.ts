import { expect } from 'chai';
import { TestCluster } from '../support/cluster.ts';
import { RunningOperator } from '../support/running-operator.ts';
import { eventually } from '../support/wait.ts';

describe('the decisions of a running operator', () => {
  let cluster: TestCluster;
  let operator: RunningOperator;

  beforeEach(async () => {
    cluster = await TestCluster.start();
    cluster.deploy('web', 2);
    cluster.load('web', 50);
    cluster.autoscale('web');
    operator = await RunningOperator.start(cluster.server.url);
    await eventually('a decision', () => cluster.status('web')?.decision !== undefined);
  });
  afterEach(async () => {
    await operator.stop();
    await cluster.close();
  });

  const version = (): string | undefined =>
    cluster.api.get('customautoscalers.plimsoll.dev', 'default', 'web')?.metadata.resourceVersion;

  interface Run {
    readonly to: number;
    readonly reason: string;
    readonly evaluations: number;
  }

  async function kept(last = 50): Promise<readonly Run[]> {
    const { text } = await operator.get(`/decisions/default/web?last=${last}`);
    return (JSON.parse(text) as { decisions: Run[] }).decisions;
  }

  it('are evaluated anew without a write to the status while they come out alike', async () => {
    const before = version();
    const [first] = await kept();
    cluster.load('web', 52); // within the tolerance, in the words of the decision
    await eventually('an evaluation of what drifted', async () =>
      (await kept())[0]?.reason.includes('at 52 %'),
    );
    await eventually('two more', async () => {
      const [run] = await kept();
      return (run?.evaluations ?? 0) >= (first?.evaluations ?? 0) + 2;
    });
    expect(version()).to.equal(before);
    expect(cluster.status('web')?.decision?.reason).to.contain('at 50 %');
  });

  it('are in the status as soon as they come out otherwise', async () => {
    cluster.load('web', 100);
    await eventually('the scale', () => cluster.replicas('web') === 4);
    await eventually('the decision', () => cluster.status('web')?.decision?.to === 4);
    expect((await kept()).map(({ to }) => to)).to.include.members([4, 2]);
  });

  it('are forgotten with their autoscaler', async () => {
    cluster.api.delete('customautoscalers.plimsoll.dev', 'default', 'web');
    await eventually(
      'nothing kept',
      async () => (await operator.get('/decisions/default/web')).status === 404,
    );
  });
});
