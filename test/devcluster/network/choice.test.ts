import { expect } from 'chai';

import { atRandom, byClient } from '../../../src/devcluster/network/choice.ts';
import { seededRandom } from '../../../src/lib/random.ts';

const backends = ['a', 'b', 'c', 'd'].map((host) => ({ host, port: 80 }));

describe('the choice of a backend', () => {
  it('at random gives each backend its part, whoever asks', () => {
    const choose = atRandom(seededRandom(7));
    const counts = new Map<string, number>();
    for (let time = 0; time < 4000; time += 1) {
      const host = choose(backends, 'client')[0]?.host ?? '';
      counts.set(host, (counts.get(host) ?? 0) + 1);
    }
    // 1000 each; the standard deviation is 27, and the seed is fixed.
    for (const { host } of backends) expect(counts.get(host)).to.be.within(900, 1100);
  });

  it('offers every backend, so that the next can be tried', () => {
    for (const choose of [atRandom(Math.random), byClient({ random: Math.random, now: () => 0 })]) {
      expect(choose(backends, 'x').map(({ host }) => host)).to.have.members(['a', 'b', 'c', 'd']);
      expect(choose(backends, 'x')).to.have.length(4);
      expect(choose([], 'x')).to.deep.equal([]);
    }
  });

  describe('by client', () => {
    let nowMs = 0;
    const start = (timeoutSeconds?: number) => {
      nowMs = 0;
      return byClient({ random: seededRandom(3), timeoutSeconds, now: () => nowMs });
    };
    const hosts = (
      choose: ReturnType<typeof start>,
      times: number,
      client: string,
    ): Set<string | undefined> =>
      new Set(Array.from({ length: times }, () => choose(backends, client)[0]?.host));

    it('keeps each client with its backend, and spreads the clients', () => {
      const choose = start();
      const all = new Set<string | undefined>();
      for (let client = 0; client < 40; client += 1) {
        const own = hosts(choose, 10, `10.0.0.${client}`);
        expect(own.size).to.equal(1);
        for (const host of own) all.add(host);
      }
      expect([...all].sort()).to.deep.equal(['a', 'b', 'c', 'd']);
    });

    it('remembers a client for three hours after its last connection unless told otherwise', () => {
      for (const [seconds, told] of [
        [10_800, undefined],
        [60, 60],
      ] as const) {
        const seen = new Set<string | undefined>();
        const choose = start(told);
        const first = choose(backends, 'x')[0]?.host;
        for (let time = 0; time < 5; time += 1) {
          nowMs += seconds * 1000 - 1;
          expect(choose(backends, 'x')[0]?.host).to.equal(first);
        }
        for (let time = 0; time < 40; time += 1) {
          nowMs += seconds * 1000;
          seen.add(choose(backends, 'x')[0]?.host);
        }
        expect(seen.size).to.equal(4);
      }
    });

    it('leaves a backend that is not ready any more, and does not come back to it', () => {
      const choose = start();
      const first = choose(backends, 'x')[0];
      const rest = backends.filter((backend) => backend !== first);
      const second = choose(rest, 'x')[0];
      expect(second).to.not.deep.equal(first);
      expect(choose(backends, 'x')[0]).to.deep.equal(second);
    });

    it('knows a backend by its address: endpoints are read anew each time', () => {
      const choose = start();
      const first = choose(backends, 'x')[0];
      const copies = () => backends.map((backend) => ({ ...backend }));
      for (let time = 0; time < 10; time += 1) expect(choose(copies(), 'x')[0]).to.deep.equal(first);
    });
  });
});
