import { expect } from 'chai';
import { WorkQueue } from '../../src/lib/work-queue.ts';

/** A queue whose work ends only when the test says so. */
function heldQueue(concurrency: number) {
  const started: string[] = [];
  const errors: unknown[] = [];
  const held = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const queue = new WorkQueue({
    concurrency,
    work: (key) => {
      started.push(key);
      return new Promise((resolve, reject) => held.set(key, { resolve, reject }));
    },
    onError: (error) => errors.push(error),
  });
  const finish = async (key: string): Promise<void> => {
    held.get(key)!.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const fail = async (key: string): Promise<void> => {
    held.get(key)!.reject(new Error('broken'));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, started, errors, finish, fail };
}

describe('WorkQueue', () => {
  it('works on at most `concurrency` keys at a time, in the order of arrival', async () => {
    const { queue, started, finish } = heldQueue(2);
    for (const key of ['a', 'b', 'c']) queue.add(key);
    expect(started).to.deep.equal(['a', 'b']);
    expect(queue.depth).to.equal(1);
    await finish('b');
    expect(started).to.deep.equal(['a', 'b', 'c']);
  });

  it('keeps a key once however often it is added', async () => {
    const { queue, started, finish } = heldQueue(1);
    queue.add('busy');
    for (let time = 0; time < 5; time++) queue.add('a');
    await finish('busy');
    await finish('a');
    expect(started).to.deep.equal(['busy', 'a']);
  });

  it('never works twice on one key at a time, and comes back to one that was added meanwhile', async () => {
    const { queue, started, finish } = heldQueue(4);
    queue.add('a');
    queue.add('a');
    expect(started).to.deep.equal(['a']);
    await finish('a');
    expect(started).to.deep.equal(['a', 'a']);
  });

  it('adds a key when its time has come, earliest first', () => {
    const { queue, started } = heldQueue(4);
    queue.addAt('late', 2000);
    queue.addAt('later', 3000);
    queue.addAt('early', 1000);
    queue.wake(999);
    expect(started).to.deep.equal([]);
    queue.wake(2000);
    expect(started).to.deep.equal(['early', 'late']);
  });

  it('keeps only the last time that was set for a key', () => {
    const { queue, started } = heldQueue(4);
    queue.addAt('a', 1000);
    queue.addAt('a', 5000);
    queue.wake(1000);
    expect(started).to.deep.equal([]);
  });

  it('says how late the latest waiting key is', () => {
    const { queue } = heldQueue(1);
    queue.add('busy');
    queue.addAt('a', 1000);
    queue.wake(1000);
    expect(queue.lagMs(4000)).to.equal(3000);
  });

  it('forgets a removed key', async () => {
    const { queue, started, finish } = heldQueue(1);
    queue.add('busy');
    queue.add('a');
    queue.addAt('b', 0);
    queue.remove('a');
    queue.remove('b');
    queue.wake(1);
    await finish('busy');
    expect(started).to.deep.equal(['busy']);
  });

  it('reports what work threw and goes on', async () => {
    const { queue, started, errors, fail } = heldQueue(1);
    queue.add('a');
    queue.add('b');
    await fail('a');
    expect(errors.map(String)).to.deep.equal(['Error: broken']);
    expect(started).to.deep.equal(['a', 'b']);
  });

  it('stops when what runs has finished, and starts nothing more', async () => {
    const { queue, started, finish } = heldQueue(1);
    queue.add('a');
    queue.add('b');
    let stopped = false;
    const stop = queue.stop().then(() => (stopped = true));
    queue.add('c');
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).to.equal(false);
    await finish('a');
    await stop;
    expect(started).to.deep.equal(['a']);
  });

  describe('with lanes', () => {
    /** A key's lane is its first letter; what was started goes on until the test ends. */
    function lanes(concurrency: number) {
      const started: string[] = [];
      const due: (number | undefined)[] = [];
      const ends = new Map<string, () => void>();
      const laneOfKey = new Map<string, string>();
      const queue = new WorkQueue({
        concurrency,
        laneOf: (key) => laneOfKey.get(key) ?? key.slice(0, 1),
        work: (key, dueMs) => {
          started.push(key);
          due.push(dueMs);
          return new Promise((resolve) => ends.set(key, resolve));
        },
        onError: (error) => {
          throw error;
        },
      });
      const finish = async (key: string): Promise<void> => {
        ends.get(key)!();
        await new Promise((resolve) => setImmediate(resolve));
      };
      return { queue, started, due, finish, laneOfKey };
    }

    it('lets a lane that is full keep none of another waiting', async () => {
      const { queue, started, finish } = lanes(2);
      for (const key of ['s1', 's2', 's3', 's4', 'q1', 'q2', 'q3']) queue.add(key);
      expect(started).to.deep.equal(['s1', 's2', 'q1', 'q2']);
      expect(queue.depth).to.equal(3);
      await finish('q1');
      expect(started.slice(4)).to.deep.equal(['q3']);
      await finish('s1');
      expect(started.slice(5)).to.deep.equal(['s3']);
    });

    it('never works twice on a key that has changed its lane meanwhile, and comes back to it there', async () => {
      const { queue, started, finish, laneOfKey } = lanes(1);
      queue.add('a');
      laneOfKey.set('a', 'z');
      queue.add('a');
      expect(started).to.deep.equal(['a']);
      await finish('a');
      expect(started).to.deep.equal(['a', 'a']);
    });

    it('forgets a removed key in whatever lane it waits', async () => {
      const { queue, started, finish } = lanes(1);
      for (const key of ['a1', 'a2', 'a3']) queue.add(key);
      queue.remove('a2');
      await finish('a1');
      expect(started).to.deep.equal(['a1', 'a3']);
      expect(queue.depth).to.equal(0);
    });

    it('says when a key was due, if it was due at a time', () => {
      const { queue, due } = lanes(5);
      queue.addAt('a', 1000);
      queue.wake(1500);
      queue.add('b');
      expect(due).to.deep.equal([1000, undefined]);
    });
  });
});
