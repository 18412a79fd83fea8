import { expect } from 'chai';
import type { LoadOptions } from '../../src/load/load-options.ts';
import { simulate } from './simulated.ts';
import { steady } from './running.ts';

const answersAtOnce = { answeredAtMs: (sentAtMs: number): number => sentAtMs + 1 };
const off = { type: 'off' } as const;
const tenPerSecond = { profile: steady(10, 2000), connections: 10, rotation: off };

describe('connections before a run begins', () => {
  const waits: Record<string, [options: Omit<LoadOptions, 'url'>, waits: boolean]> = {
    'are opened when the first second would open them all': [tenPerSecond, false],
    'are not opened when it would not': [{ ...tenPerSecond, connections: 11 }, true],
    'are not opened when each request has its own': [{ ...tenPerSecond, rotation: { type: 'each' } }, true],
    'are not opened in a closed loop': [{ durationMs: 2000, connections: 10, rotation: off }, true],
  };
  for (const [sentence, [options, isPartOfLatency]] of Object.entries(waits)) {
    it(`${sentence}${isPartOfLatency ? '' : ', and the first requests do not wait for them'}`, async () => {
      const { latencyMs, connectMs } = await simulate({ ...answersAtOnce, connectMs: 300 }, options);
      expect(connectMs.p50).to.be.closeTo(300, 1);
      const [least, most] = isPartOfLatency ? ([300, 330] as const) : ([0, 25] as const);
      expect(latencyMs.max).to.be.within(least, most);
    });
  }

  it('are counted once, in the first second, and used in turn', async () => {
    const perPod: string[] = [];
    const podOf = (_: number, index: number): string => perPod[perPod.push(`pod-${index}`) - 1]!;
    const result = await simulate({ ...answersAtOnce, podOf }, tenPerSecond);
    expect(result.connections.opened).to.equal(10);
    expect(result.timeline[0]).to.include({ opened: 10, offeredPerSecond: 9.9 });
    expect(Object.values(result.perPod).map(({ requests }) => requests)).to.deep.equal(Array(10).fill(2));
  });

  it('are given up when they do not stand in time, and opened again when they are needed', async () => {
    const result = await simulate(
      { ...answersAtOnce, connectMs: 2500 },
      { ...tenPerSecond, timeoutMs: 5000 },
    );
    expect(result.connections.opened).to.equal(20);
    expect(result.requests).to.deep.equal({ sent: 20, ok: 20, failed: 0, dropped: 0 });
    expect(result.latencyMs.max).to.be.within(2400, 2600);
  });
});
