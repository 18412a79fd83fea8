import { expect } from 'chai';
import { TestCluster } from '../support/cluster.ts';
import { RunningOperators, type RunningOperator } from '../support/running-operator.ts';
import { ShiftedClock } from '../support/shifted-clock.ts';
import { eventually } from '../support/wait.ts';

/** Nothing but a schedule wakes an autoscaler: the next tick is weeks away. */
const seldom = { syncPeriodMs: 2_000_000_000 };

describe('an operator and schedules', () => {
  let cluster: TestCluster;
  const operators = new RunningOperators();

  beforeEach(async () => (cluster = await TestCluster.start()));
  afterEach(async () => {
    await operators.stop();
    await cluster.close();
  });

  async function startAt(time: string): Promise<{ operator: RunningOperator; clock: ShiftedClock }> {
    const clock = new ShiftedClock(time);
    const operator = await operators.start(cluster.server.url, seldom, clock);
    return { operator, clock };
  }

  const office = {
    name: 'office',
    start: '0 8 * * 1-5',
    timeZone: 'Europe/Berlin',
    duration: '10h',
    minReplicas: 5,
  };
  const night = {
    name: 'night',
    start: '0 22 * * *',
    timeZone: 'Europe/Berlin',
    duration: '8h',
    replicas: 0,
  };

  it('wakes an autoscaler as a window opens, and says what comes next', async () => {
    cluster.deploy('web', 2);
    cluster.load('web', 50);
    cluster.autoscale('web', { schedules: [office] });
    const { clock } = await startAt('2027-01-04T07:59:15+01:00');
    await eventually('the first status', () => cluster.status('web')?.nextTransition !== undefined);
    expect(cluster.status('web')?.nextTransition).to.deep.equal({
      time: '2027-01-04T07:00:00Z',
      schedule: 'office',
      type: 'Opens',
    });
    expect(cluster.replicas('web')).to.equal(2);
    clock.pass(45_000);
    await eventually('the minimum of the window', () => cluster.replicas('web') === 5);
    await eventually('the next transition', () => cluster.status('web')?.nextTransition?.type === 'Closes');
    expect(cluster.status('web')?.nextTransition?.time).to.equal('2027-01-04T17:00:00Z');
    const [event] = cluster.events('web');
    expect(event?.message).to.equal(
      'New size: 5; reason: Current number of replicas below the minimum of schedule office',
    );
  });

  it('brings a target to zero, and back by another operator, though none ran as the window closed', async () => {
    cluster.deploy('web', 3);
    cluster.load('web', 50);
    cluster.autoscale('web', { minReplicas: 2, schedules: [night] });
    const { operator: first } = await startAt('2027-01-04T22:00:00+01:00');
    await eventually('zero replicas', () => cluster.replicas('web') === 0);
    await eventually('the mark', () => cluster.condition('web', 'ScaledToZero')?.status === 'True');
    await first.stop();
    await startAt('2027-01-05T09:00:00+01:00');
    await eventually('the minimum', () => cluster.replicas('web') === 2);
  });

  it('leaves a target at zero that somebody switched off', async () => {
    cluster.deploy('web', 0);
    cluster.autoscale('web', { schedules: [office] });
    await startAt('2027-01-04T12:00:00+01:00');
    await eventually('a status', () => cluster.condition('web', 'ScalingActive') !== undefined);
    expect(cluster.condition('web', 'ScalingActive')?.reason).to.equal('ScalingDisabled');
    expect(cluster.replicas('web')).to.equal(0);
  });
});
