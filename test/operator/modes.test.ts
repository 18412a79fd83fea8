import { expect } from 'chai';
import { TestCluster } from '../support/cluster.ts';
import { RunningOperator } from '../support/running-operator.ts';
import { ShiftedClock } from '../support/shifted-clock.ts';
import { eventually } from '../support/wait.ts';

type Mode = 'Active' | 'DryRun' | 'Paused';
const modes: readonly Mode[] = ['Active', 'DryRun', 'Paused'];

/** What stands in AbleToScale while a mode keeps a wish from being written. */
const withheld = {
  DryRun: { up: 'DryRun', down: 'DryRun' },
  Paused: { up: 'ScaleUpSuspended', down: 'ScaleDownSuspended' },
} as const;

/** Down at once, so that a test need not wait for a window. */
const behavior = { scaleDown: { stabilizationWindowSeconds: 0 } };
const kind = 'customautoscalers.plimsoll.dev';

describe('an operator and modes', () => {
  let cluster: TestCluster;
  const running: RunningOperator[] = [];

  before(async () => (cluster = await TestCluster.start()));
  after(async () => {
    await stop();
    await cluster.close();
  });

  async function start(clock?: ShiftedClock, options = {}): Promise<RunningOperator> {
    const operator = await RunningOperator.start(cluster.server.url, options, clock);
    running.push(operator);
    return operator;
  }

  async function stop(): Promise<void> {
    await Promise.all(running.splice(0).map((each) => each.stop()));
  }

  const edit = (name: string, spec: object): unknown =>
    cluster.api.patch(kind, 'default', name, 'merge', { spec });
  const suspendedOf = (name: string) => cluster.condition(name, 'Suspended');
  const reasonsOf = (name: string): string[] =>
    cluster.events(name).map(({ reason }) => String(reason as unknown));

  /** Waits until a wish is told and kept from being written. */
  async function holds(name: string, mode: Exclude<Mode, 'Active'>, from: number, to: number): Promise<void> {
    const reason = withheld[mode][to > from ? 'up' : 'down'];
    await eventually(`${name}: ${reason}`, () => cluster.condition(name, 'AbleToScale')?.reason === reason);
    await eventually(`${name} wants ${to}`, () => cluster.status(name)?.desiredReplicas === to);
    expect(cluster.status(name)).to.include({ mode, currentReplicas: from });
    expect(cluster.replicas(name)).to.equal(from);
  }

  async function scales(name: string, to: number): Promise<void> {
    await eventually(`${name} is scaled to ${to}`, () => cluster.replicas(name) === to);
    await eventually(`${name} is Active`, () => cluster.status(name)?.mode === 'Active');
  }

  /** Two pods that have work for four. @returns the replicas in the end */
  async function begin(name: string, mode: Mode): Promise<number> {
    cluster.deploy(name, 2);
    cluster.load(name, 100);
    cluster.autoscale(name, { mode, behavior });
    if (mode !== 'Active') {
      await holds(name, mode, 2, 4);
      return 2;
    }
    await scales(name, 4);
    cluster.runPods(name, 4);
    cluster.load(name, 50);
    await eventually('it has settled', () => cluster.status(name)?.currentReplicas === 4);
    return 4;
  }

  /** From an active autoscaler there is work for two from then on. */
  async function goOn(name: string, mode: Mode, replicas: number): Promise<void> {
    if (replicas === 4) cluster.load(name, 25);
    const wanted = replicas === 4 ? 2 : 4;
    if (mode === 'Active') await scales(name, wanted);
    else await holds(name, mode, replicas, wanted);
  }

  const pairs = modes.flatMap((from) => modes.filter((to) => to !== from).map((to) => [from, to] as const));
  for (const [from, to] of pairs)
    for (const restart of [false, true])
      it(`goes from ${from} to ${to}${restart ? ', with another operator' : ''}`, async () => {
        if (running.length === 0) await start();
        const name = `${from}-${to}${restart ? '-restart' : ''}`.toLowerCase();
        const replicas = await begin(name, from);
        if (restart) await stop();
        edit(name, { mode: to });
        if (restart) await start();
        await goOn(name, to, replicas);
        const isPaused = suspendedOf(name)?.status;
        if (to === 'Paused') expect(isPaused).to.equal('True');
        else expect(isPaused).to.equal(from === 'Paused' ? 'False' : undefined);
        const told = () => reasonsOf(name).filter((reason) => /^(Paused|Resumed)$/.test(reason));
        const expected = [...(from === 'Paused' ? ['Paused'] : [])];
        if (to === 'Paused') expected.push('Paused');
        else if (from === 'Paused') expected.push('Resumed');
        await eventually('the events', () => told().length >= expected.length);
        expect(told(), 'one event as it begins, one as it ends').to.have.members(expected);
      });

  describe('that is paused', () => {
    /** Less than the time after which watches count as silent. */
    const shortlyBefore = '2027-01-04T12:29:00Z';
    const until = '2027-01-04T12:30:00Z';
    /** Nothing but the end of a pause wakes an autoscaler: the next tick is weeks away. */
    const seldom = { syncPeriodMs: 2_000_000_000 };

    beforeEach(stop);

    function pause(name: string, suspend: object, cpuMillis: number): void {
      cluster.deploy(name, 2);
      cluster.load(name, cpuMillis);
      cluster.autoscale(name, { mode: 'Paused', suspend, behavior });
    }

    it('lets an autoscaler go on as its time is over, and is woken for it', async () => {
      pause('sale', { until, reason: 'the sale' }, 100);
      const clock = new ShiftedClock(shortlyBefore);
      await start(clock, seldom);
      await holds('sale', 'Paused', 2, 4);
      expect(cluster.status('sale')?.suspended).to.deep.equal({
        scaleUp: true,
        scaleDown: true,
        until,
        reason: 'the sale',
      });
      expect(suspendedOf('sale')?.message).to.equal(
        'scaling up and down is suspended until 2027-01-04T12:30:00Z: the sale',
      );
      expect(cluster.status('sale')?.decision?.limits?.at(-1)).to.deep.include({
        limiter: 'suspended',
        from: 4,
        to: 2,
        reason: 'ScaleUpSuspended',
        until,
      });
      clock.pass(60_000);
      await scales('sale', 4);
      expect(cluster.status('sale')).not.to.have.property('suspended');
      expect(suspendedOf('sale')).to.deep.include({ status: 'False', reason: 'PauseEnded' });
      await eventually('the event', () => reasonsOf('sale').includes('Resumed'));
      expect(reasonsOf('sale')).to.have.members([
        'Paused',
        'ScaleUpSuspended',
        'Resumed',
        'SuccessfulRescale',
      ]);
    });

    it('is over for an operator that starts after its end', async () => {
      pause('late', { until }, 100);
      await start(new ShiftedClock(shortlyBefore), seldom);
      await holds('late', 'Paused', 2, 4);
      await stop();
      await start(new ShiftedClock('2027-01-04T13:00:00Z'), seldom);
      await scales('late', 4);
    });

    it('goes on for an operator that starts before its end', async () => {
      pause('early', { until }, 100);
      await start(new ShiftedClock(shortlyBefore), seldom);
      await holds('early', 'Paused', 2, 4);
      await stop();
      const clock = new ShiftedClock(shortlyBefore);
      await start(clock, seldom);
      await eventually('a second decision', async () =>
        /verdict="Computed"\} [1-9]/.test((await running[0]?.metrics()) ?? ''),
      );
      expect(cluster.replicas('early')).to.equal(2);
      expect(reasonsOf('early').toSorted()).to.deep.equal(['Paused', 'ScaleUpSuspended']);
      clock.pass(60_000);
      await scales('early', 4);
    });

    it('ends later, or never, once that is said', async () => {
      pause('longer', { until }, 100);
      const clock = new ShiftedClock(shortlyBefore);
      await start(clock, seldom);
      await holds('longer', 'Paused', 2, 4);
      edit('longer', { suspend: { until: null } });
      await eventually('no end', () => cluster.status('longer')?.suspended?.until === undefined);
      clock.pass(90_000);
      edit('longer', { suspend: { reason: 'the audit' } });
      await eventually('the reason', () => cluster.status('longer')?.suspended?.reason === 'the audit');
      await holds('longer', 'Paused', 2, 4);
      expect(cluster.replicas('longer')).to.equal(2);
      await eventually('the event of other terms', () =>
        cluster
          .events('longer')
          .some(({ message }) => String(message as unknown).endsWith('suspended: the audit')),
      );
    });

    const directions = {
      'scaling up alone lets it scale down': [{ scaleUp: true }, 25, 1],
      'scaling down alone lets it scale up': [{ scaleDown: true }, 100, 4],
    } as const;
    for (const [sentence, [suspend, cpuMillis, to]] of Object.entries(directions))
      it(`${sentence}, and holds back the other direction`, async () => {
        const name = 'scaleUp' in suspend ? 'only-up' : 'only-down';
        pause(name, suspend, cpuMillis);
        await start();
        await eventually(`${name} is scaled`, () => cluster.replicas(name) === to);
        await eventually('the mode', () => cluster.status(name)?.mode === 'Paused');
        cluster.runPods(name, to);
        cluster.load(name, to === 1 ? 100 : 25);
        await holds(name, 'Paused', to, 2);
        expect(await running[0]?.metrics()).to.match(/plimsoll_autoscalers_by_mode\{mode="Paused"\} [1-9]/);
      });
  });
});
