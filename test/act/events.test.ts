import { expect } from 'chai';
import { EventRecorder } from '../../src/act/events.ts';
import type { EventRecorderOptions } from '../../src/act/events.ts';
import type { EventRecord } from '../../src/decide/decision.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { KubeError } from '../../src/kube/errors.ts';
import { createLogger, silentLogger } from '../../src/lib/logger.ts';
import { TestCluster } from '../support/cluster.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { clientOf, sendJson, startLocalApi, statusBody } from '../support/local-api.ts';
import { eventually } from '../support/wait.ts';

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
  const drops: string[] = [];
  const warnings: string[] = [];
  const logger = createLogger({ format: 'json', stream: { write: (line) => warnings.push(line) } });

  beforeEach(async () => {
    writes.length = 0;
    drops.length = 0;
    warnings.length = 0;
    cluster = await TestCluster.start();
    client = clientOf(cluster.server.url);
    clock = new FakeClock(Date.parse('2030-01-01T00:00:00.123Z'));
    recorder = recorderOf({});
  });
  afterEach(async () => {
    await client.close();
    await cluster.close();
  });

  function recorderOf(options: Partial<EventRecorderOptions>): EventRecorder {
    return new EventRecorder({
      client,
      clock,
      logger,
      instance: 'host-1',
      onWrite: (ok) => writes.push(ok),
      onDrop: (why) => drops.push(why),
      ...options,
    });
  }

  /** Lets the pauses between tries pass until everything was written or given up. */
  async function finish(of: EventRecorder): Promise<void> {
    const flushed = { yet: false };
    const flush = of.flush().then(() => (flushed.yet = true));
    while (!flushed.yet) {
      await eventually('a write, or a pause between two tries', () => flushed.yet || clock.sleeping > 0);
      clock.advance(10_000);
    }
    await flush;
  }

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

  it('tells of an object whose name is as long as names may be, wherever it is cut', async () => {
    const name = `${'a'.repeat(229)}-${'c'.repeat(23)}`;
    recorder.record({ ...about, name }, [warning]);
    await recorder.flush();
    expect(drops).to.deep.equal([]);
    expect(cluster.events(name)[0]?.metadata.name).to.match(/^a{229}\.[0-9a-f]{16}$/);
  });

  it('writes an event once, also when a try only seemed to fail', async () => {
    const creates: string[] = [];
    const api = await startLocalApi(({ body }, response) => {
      creates.push((JSON.parse(body) as { metadata: { name: string } }).metadata.name);
      const [code, reason] =
        creates.length === 1 ? ([500, 'InternalError'] as const) : ([409, 'AlreadyExists'] as const);
      sendJson(response, code, statusBody(code, reason, 'as a test says'));
    });
    const other = clientOf(api.url);
    const unsure = recorderOf({ client: other });
    unsure.record(about, [warning]);
    await finish(unsure);
    expect(creates).to.have.length(2);
    expect(new Set(creates).size).to.equal(1);
    expect(writes).to.deep.equal([true]);
    await other.close();
    await api.close();
  });

  it('writes when the server is back', async () => {
    const { port } = cluster.server;
    await cluster.close();
    recorder.record(about, [warning]);
    await eventually('a pause between two tries', () => clock.sleeping > 0);
    cluster = await TestCluster.start(port);
    await finish(recorder);
    expect(stored()).to.have.length(1);
    expect(writes).to.deep.equal([true]);
  });

  it('gives up an event after some tries, counts it, and goes on', async () => {
    const { port } = cluster.server;
    await cluster.close();
    recorder.record(about, [warning]);
    await finish(recorder);
    expect(writes).to.deep.equal([false]);
    expect(drops).to.deep.equal(['Failed']);
    cluster = await TestCluster.start(port);
    await record(warning);
    expect(writes).to.deep.equal([false, true]);
  });

  it('gives up at once what the server will never take', async () => {
    recorder.record({ ...about, namespace: 'nowhere' }, [warning]);
    await recorder.flush();
    expect(drops).to.deep.equal(['Failed']);
  });

  it('stops one object after 25 events, and lets one more through every five minutes', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ ...warning, message: `no ${n}` }));
    await record(...many(30));
    expect(stored()).to.have.length(25);
    expect(drops).to.deep.equal(Array.from({ length: 5 }, () => 'RateLimited'));
    expect(warnings, 'logged once').to.have.length(1);
    clock.advance(300_000);
    await record({ ...warning, message: 'one more' }, { ...warning, message: 'too many' });
    expect(stored()).to.have.length(26);
    recorder.record({ ...about, name: 'api', uid: 'another' }, [warning]);
    await recorder.flush();
    expect(stored()).to.have.length(27);
  });

  it('still tells of a rescale after hours of the same warning', async () => {
    for (let tick = 0; tick < 4 * 240; tick++) {
      await record(warning);
      clock.advance(15_000);
    }
    await record(rescale(4));
    expect(drops).to.deep.equal([]);
    expect(stored()).to.have.length(2);
    expect(writes).to.have.length.below(60);
  });

  it('keeps no object waiting for another, and each in order', async () => {
    const held = Promise.withResolvers<undefined>();
    const notes: string[] = [];
    const api = await startLocalApi(({ body }, response) => {
      const { regarding, note } = JSON.parse(body) as { regarding: { name: string }; note: string };
      const answer = () => {
        notes.push(`${regarding.name} ${note}`);
        sendJson(response, 201, {});
      };
      if (regarding.name === 'slow') void held.promise.then(answer);
      else answer();
    });
    const other = clientOf(api.url);
    const several = recorderOf({ client: other });
    const numbered = (name: string) =>
      several.record({ ...about, name, uid: name }, [rescale(1), rescale(2), rescale(3)]);
    numbered('slow');
    numbered('web');
    await eventually('the events of the object that is not slow', () => notes.length === 3);
    held.resolve(undefined);
    await several.flush();
    const expected = ['web', 'slow'].flatMap((name) => [1, 2, 3].map((n) => `${name} ${rescale(n).message}`));
    expect(notes).to.deep.equal(expected);
    await other.close();
    await api.close();
  });

  it('drops the oldest when too many wait, and counts each', async () => {
    const held = Promise.withResolvers<undefined>();
    const notes: string[] = [];
    const api = await startLocalApi(({ body }, response) => {
      void held.promise.then(() => {
        notes.push((JSON.parse(body) as { note: string }).note);
        sendJson(response, 201, {});
      });
    });
    const other = clientOf(api.url);
    const full = recorderOf({ client: other });
    for (let n = 0; n < 1010; n++)
      full.record({ ...about, uid: `${n}` }, [{ ...warning, message: `of ${n}` }]);
    expect(drops).to.deep.equal(['QueueFull', 'QueueFull']); // 8 are being written
    expect(warnings, 'logged once').to.have.length(1);
    held.resolve(undefined);
    await full.flush();
    expect(notes).to.have.length(1008);
    expect(notes).to.not.include.members(['of 8']);
    await other.close();
    await api.close();
  });

  it('writes nothing once its fence is down, and counts what it drops', async () => {
    const fenced = recorderOf({
      fence: () => {
        throw new KubeError('the lease is lost', { type: 'Fenced' });
      },
    });
    fenced.record(about, [rescale(1), rescale(2)]);
    await fenced.flush();
    expect(stored()).to.deep.equal([]);
    expect(drops).to.deep.equal(['Stopped', 'Stopped']);
  });
});
