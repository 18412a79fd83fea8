import { expect } from 'chai';
import { Memory, type Moment } from '../../../src/commands/watch/moment.ts';

const moment = (atMs: number): Moment => ({ atMs, autoscalers: [], pods: [], usage: new Map(), events: [] });

describe('memory of the watch', () => {
  const memory = new Memory();
  for (let second = 0; second <= 3600; second += 1) memory.add(moment(second * 1000));

  it('keeps 15 minutes', () => {
    expect(memory.oldestMs).to.equal(2_700_000);
    expect(memory.until(3_600_000, 3_600_000).length).to.be.within(900, 970);
  });

  it('knows what was at a time, and the oldest for a time before that', () => {
    expect(memory.at(3_000_400)?.atMs).to.equal(3_000_000);
    expect(memory.at(0)?.atMs).to.be.within(2_600_000, 2_700_000);
    expect(new Memory().at(5)).to.equal(undefined);
  });

  it('gives a stretch of time that ends at a moment', () => {
    const times = memory.until(3_000_000, 3000).map(({ atMs }) => atMs);
    expect(times).to.deep.equal([2_998_000, 2_999_000, 3_000_000]);
  });
});
