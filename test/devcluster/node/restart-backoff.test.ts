import { expect } from 'chai';

import { RestartBackoff } from '../../../src/devcluster/node/restart-backoff.ts';

describe('the backoff of restarts', () => {
  it('is 0, 10 s, 20 s and so on up to 5 min, as the kubelet', () => {
    const backoff = new RestartBackoff();
    const seconds = Array.from({ length: 9 }, () => backoff.nextMs(100) / 1000);
    expect(seconds).to.deep.equal([0, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('starts anew for a container that ran for ten minutes', () => {
    const backoff = new RestartBackoff();
    for (let count = 0; count < 5; count += 1) backoff.nextMs(0);
    expect(backoff.nextMs(600_000)).to.equal(0);
    expect(backoff.nextMs(599_999)).to.equal(10_000);
  });
});
