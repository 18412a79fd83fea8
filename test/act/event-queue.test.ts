import { expect } from 'chai';
import { EventQueue } from '../../src/act/event-queue.ts';

/** A queue whose work a test ends by hand. */
function handQueue(options: { concurrency: number; maxWaiting?: number }) {
  const started: string[] = [];
  const dropped: string[] = [];
  const ends = new Map<string, () => void>();
  const queue = new EventQueue<string>({
    maxWaiting: 100,
    ...options,
    work: (item) => {
      started.push(item);
      return new Promise((resolve) => ends.set(item, resolve));
    },
    onOverflow: (item) => dropped.push(item),
  });
  const end = async (item: string): Promise<void> => {
    ends.get(item)?.();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { queue, started, dropped, end };
}

describe('EventQueue', () => {
  it('works for each object in order, and for several at the same time', async () => {
    const { queue, started, end } = handQueue({ concurrency: 2 });
    for (const item of ['a1', 'a2', 'b1', 'c1']) queue.add(item.slice(0, 1), item);
    expect(started).to.deep.equal(['a1', 'b1']);
    await end('b1');
    expect(started).to.deep.equal(['a1', 'b1', 'c1']);
    await end('a1');
    expect(started).to.deep.equal(['a1', 'b1', 'c1', 'a2']);
  });

  it('takes turns, so that one object with much to say keeps nobody waiting', async () => {
    const { queue, started, end } = handQueue({ concurrency: 1 });
    for (const item of ['a1', 'a2', 'a3', 'b1']) queue.add(item.slice(0, 1), item);
    for (const item of ['a1', 'a2', 'b1']) await end(item);
    expect(started.slice(0, 4)).to.deep.equal(['a1', 'a2', 'b1', 'a3']);
  });

  it('drops the oldest when too many wait', () => {
    const { queue, dropped } = handQueue({ concurrency: 1, maxWaiting: 2 });
    for (const item of ['a1', 'b1', 'c1', 'd1']) queue.add(item.slice(0, 1), item);
    expect(dropped).to.deep.equal(['b1']);
    expect(queue.size).to.equal(2);
  });

  it('hands back what waits when it is cleared', () => {
    const { queue, started } = handQueue({ concurrency: 1 });
    for (const item of ['a1', 'a2', 'b1']) queue.add(item.slice(0, 1), item);
    expect(queue.clear()).to.have.members(['a2', 'b1']);
    expect(queue.size).to.equal(0);
    expect(started).to.deep.equal(['a1']);
  });

  it('is idle when all is done, also what was added meanwhile', async () => {
    const { queue, end } = handQueue({ concurrency: 1 });
    await queue.idle();
    queue.add('a', 'a1');
    let isIdle = false;
    const idle = queue.idle().then(() => (isIdle = true));
    queue.add('a', 'a2');
    await end('a1');
    expect(isIdle).to.equal(false);
    await end('a2');
    await idle;
  });
});
