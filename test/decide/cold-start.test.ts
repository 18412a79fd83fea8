import { expect } from 'chai';
import { coldStartOf, rememberWaking } from '../../src/decide/cold-start.ts';
import type { PodFacts } from '../../src/decide/snapshot.ts';
import * as given from './builders.ts';

const wokeAtMs = given.now - 20 * given.seconds + 300;
const woken = given.history({ wokeAtMs });
const readyAt = (atMs: number, changes: Partial<PodFacts> = {}): PodFacts =>
  given.pod('web-0', { ready: { status: 'True', sinceMs: atMs }, ...changes });

describe('rememberWaking', () => {
  it('begins as the target leaves zero, and is void when it goes back', () => {
    const up = rememberWaking(given.noHistory, { from: 0, to: 3 }, given.now);
    expect(up).to.deep.equal({ ...given.noHistory, wokeAtMs: given.now });
    expect(rememberWaking(up, { from: 3, to: 5 }, given.now + 1)).to.equal(up);
    expect(rememberWaking(up, { from: 3, to: 0 }, given.now + 1)).to.deep.equal(given.noHistory);
  });

  it('leaves a history without it as it is', () => {
    expect(rememberWaking(given.noHistory, { from: 3, to: 0 }, given.now)).to.equal(given.noHistory);
  });
});

describe('coldStartOf', () => {
  it('is the time until the first pod was ready, whenever that is seen', () => {
    const pods = [readyAt(given.now - 4 * given.seconds), readyAt(given.now - 2 * given.seconds)];
    expect(coldStartOf(woken, pods, 3)).to.deep.equal({
      history: given.noHistory,
      coldStart: { atMs: given.now - 4 * given.seconds, seconds: 15.7 },
    });
  });

  it('is 0 where a pod was ready within the second', () => {
    const { coldStart } = coldStartOf(woken, [readyAt(wokeAtMs - 300)], 1);
    expect(coldStart).to.deep.equal({ atMs: wokeAtMs, seconds: 0 });
  });

  const waiting: Record<string, readonly PodFacts[]> = {
    'no pod is there': [],
    'no pod is ready': [given.pod('web-0', { ready: { status: 'False', sinceMs: given.now } })],
    'the ready ones are of before': [readyAt(wokeAtMs - 5 * given.seconds)],
    'the ready ones are deleted': [readyAt(given.now, { deleting: true })],
  };
  for (const [title, pods] of Object.entries(waiting))
    it(`waits while ${title}`, () => {
      expect(coldStartOf(woken, pods, 3)).to.deep.equal({ history: woken });
    });

  it('is void once the target is at zero again', () => {
    expect(coldStartOf(woken, [readyAt(given.now)], 0)).to.deep.equal({ history: given.noHistory });
  });
});
