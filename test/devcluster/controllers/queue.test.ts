import { expect } from 'chai';

import { createKeyQueue } from '../../../src/devcluster/controllers/queue.ts';
import { eventually } from '../../support/wait.ts';

describe('the queue of a controller', () => {
  it('works once on a key that is added several times', async () => {
    const worked: string[] = [];
    const queue = createKeyQueue({
      name: 'q',
      log: () => undefined,
      work: (key) => {
        worked.push(key);
        return undefined;
      },
    });
    for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
    expect(worked).to.deep.equal([]);
    await eventually('both are done', () => worked.length === 2);
    expect(worked).to.deep.equal(['a', 'b']);
    queue.stop();
  });

  it('tries again what failed, later each time, and says so', async () => {
    const lines: string[] = [];
    let tries = 0;
    const queue = createKeyQueue({
      name: 'q',
      log: (line) => lines.push(line),
      retryMs: 1,
      work: () => {
        tries += 1;
        if (tries < 4) throw new Error('conflict');
        return undefined;
      },
    });
    queue.add('a');
    await eventually('it worked', () => tries === 4);
    expect(lines).to.deep.equal([1, 2, 4].map((delayMs) => `q: a: conflict; again in ${delayMs} ms`));
    queue.stop();
  });

  it('comes back to a key when its work asks for it', async () => {
    let tries = 0;
    const queue = createKeyQueue({
      name: 'q',
      log: () => undefined,
      work: () => {
        tries += 1;
        return tries < 3 ? { requeueAfterMs: 1 } : undefined;
      },
    });
    queue.add('a');
    await eventually('it was worked on three times', () => tries === 3);
    queue.stop();
  });

  it('does nothing more once it is stopped', async () => {
    let worked = 0;
    const queue = createKeyQueue({
      name: 'q',
      log: () => undefined,
      work: () => {
        worked += 1;
        return undefined;
      },
    });
    queue.add('a');
    queue.addAfter('b', 0);
    queue.stop();
    queue.add('c');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(worked).to.equal(0);
  });
});
