import { expect } from 'chai';
import { EventRecorder } from '../../src/act/events.ts';
import type { EventRecord } from '../../src/decide/decision.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { TestCluster } from '../support/cluster.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { clientOf } from '../support/local-api.ts';

const warning: EventRecord = { type: 'Warning', reason: 'FailedGetResourceMetric', message: 'no metrics' };
const rescale = (replicas: number): EventRecord => ({
  type: 'Normal',
  reason: 'SuccessfulRescale',
  message: `New size: ${replicas}; reason: All metrics below target`,
});
const about = {
  apiVersion: 'plimsoll.dev/v1',
  kind: 'CustomAutoscaler',
  namespace: 'default',
  name: 'web',
  uid: '7f1c7d54-1f0e-4a6b-9a51-1f2a3b4c5d6e',
};

describe('EventRecorder', () => {
  let cluster: TestCluster;
  let client: KubeClient;
  let clock: FakeClock;
  let recorder: EventRecorder;
  const writes: boolean[] = [];

  beforeEach(async () => {
    writes.length = 0;
    cluster = await TestCluster.start();
    client = clientOf(cluster.server.url);
    clock = new FakeClock(Date.parse('2030-01-01T00:00:00.123Z'));
    recorder = new EventRecorder({
      client,
      clock,
      logger: silentLogger,
      instance: 'host-1',
      onWrite: (ok) => writes.push(ok),
    });
  });
  afterEach(async () => {
    await client.close();
    await cluster.close();
  });

  async function record(...events: EventRecord[]): Promise<void> {
    recorder.record(about, events);
    await recorder.flush();
  }

  const stored = () => cluster.api.list('events.events.k8s.io', { namespace: 'default' });

  it('writes an event that kubectl describe finds', async () => {
    await record(rescale(4));
    const [event] = cluster.events('web');
    expect(event).to.deep.include({
      type: 'Normal',
      reason: 'SuccessfulRescale',
      message: rescale(4).message,
    });
    expect(event!.involvedObject).to.deep.include(about);
    expect(event).to.deep.include({
      reportingComponent: 'plimsoll.dev/operator',
      reportingInstance: 'host-1',
    });
    expect(event!.eventTime).to.equal('2030-01-01T00:00:00.123000Z');
  });

  it('counts a repetition in the event that is there', async () => {
    await record(warning);
    clock.advance(15_000);
    await record(warning);
    expect(stored()).to.have.length(1);
    expect(stored()[0]!.series).to.deep.equal({ count: 2, lastObservedTime: '2030-01-01T00:00:15.123000Z' });
  });

  it('writes the count of a warning that comes each second only now and then', async () => {
    for (let second = 0; second < 100; second++) {
      await record(warning);
      clock.advance(1000);
    }
    expect(stored()).to.have.length(1);
    expect((stored()[0]!.series as { count: number }).count).to.be.at.least(90);
    expect(writes).to.have.length.below(8);
  });

  it('writes each rescale at once, also the same one again', async () => {
    for (const replicas of [4, 1, 4]) await record(rescale(replicas));
    expect(
      stored().map(({ note, series }) => [note as string, (series as { count: number } | undefined)?.count]),
    ).to.have.deep.members([
      [rescale(4).message, 2],
      [rescale(1).message, undefined],
    ]);
  });

  it('starts a new event after a long silence', async () => {
    await record(warning);
    clock.advance(360_001);
    await record(warning);
    expect(stored()).to.have.length(2);
  });

  it('goes on counting when the clock is set back', async () => {
    await record(warning);
    clock.set(clock.now() - 3_600_000);
    for (let time = 0; time < 3; time++) {
      clock.advance(15_000);
      await record(warning);
    }
    expect(stored()).to.have.length(1);
    expect((stored()[0]!.series as { count: number }).count).to.equal(4);
  });

  it('loses nothing that is recorded at the moment when the last write ends', async () => {
    for (let microtasks = 0; microtasks < 12; microtasks++) {
      const recorded = Promise.withResolvers<undefined>();
      let written = 0;
      const racing = new EventRecorder({
        client,
        clock,
        logger: silentLogger,
        instance: 'host-1',
        onWrite: () => {
          written += 1;
          if (written > 1) return;
          let moment = Promise.resolve();
          for (let step = 0; step < microtasks; step++) moment = moment.then();
          void moment.then(() => {
            racing.record(about, [{ ...warning, message: `second ${microtasks}` }]);
            recorded.resolve(undefined);
          });
        },
      });
      racing.record(about, [{ ...warning, message: `first ${microtasks}` }]);
      await recorded.promise;
      await racing.flush();
      expect(stored().map(({ note }) => note as string)).to.include(`second ${microtasks}`);
    }
  });

  it('writes what follows a tick without events', async () => {
    recorder.record(about, []);
    await record(warning);
    expect(stored()).to.have.length(1);
  });

  it('keeps other objects and other messages apart', async () => {
    await record(warning, { ...warning, message: 'something else' });
    recorder.record({ ...about, name: 'api', uid: '0c1c7d54-1f0e-4a6b-9a51-1f2a3b4c5d6e' }, [warning]);
    await recorder.flush();
    expect(stored()).to.have.length(3);
  });

  it('writes anew when the event has expired meanwhile', async () => {
    await record(warning);
    cluster.api.delete('events', 'default', stored()[0]!.metadata.name);
    await record(warning);
    expect(stored()).to.have.length(1);
  });

  it('cuts a message that the server would refuse for its length', async () => {
    await record({ ...warning, message: 'x'.repeat(5000) });
    expect(stored()[0]!.note)
      .to.have.length(1024)
      .and.match(/x\.\.\.$/);
  });

  it('counts an event that cannot be written, and goes on', async () => {
    const { port } = cluster.server;
    await cluster.close();
    await record(warning);
    expect(writes).to.deep.equal([false]);
    cluster = await TestCluster.start(port);
    await record(warning);
    expect(writes).to.deep.equal([false, true]);
  });
});
