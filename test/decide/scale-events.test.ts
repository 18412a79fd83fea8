import { expect } from 'chai';
import { rememberRescale } from '../../src/decide/scale-events.ts';
import { behavior, history, noHistory, now, seconds } from './builders.ts';

const rules = behavior({ policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] });
const event = (ageSeconds: number, change: number, outdated = false) => ({
  atMs: now - ageSeconds * seconds,
  change,
  outdated,
});

describe('scale events', () => {
  it('go to the list of their direction, as positive changes', () => {
    const up = rememberRescale(noHistory, rules, { from: 2, to: 5 }, now);
    expect(up).to.deep.equal(history({ scaleUps: [event(0, 3)] }));
    const down = rememberRescale(noHistory, rules, { from: 5, to: 1 }, now);
    expect(down).to.deep.equal(history({ scaleDowns: [event(0, 4)] }));
  });

  it('are not kept without behavior', () => {
    expect(rememberRescale(noHistory, undefined, { from: 2, to: 5 }, now)).to.equal(noHistory);
  });

  it('write over the last one older than the longest period, and mark the others', () => {
    const scaleUps = [event(70, 1), event(61, 2), event(60, 3)];
    const next = rememberRescale(history({ scaleUps }), rules, { from: 1, to: 2 }, now);
    expect(next.scaleUps).to.deep.equal([event(70, 1, true), event(0, 1), event(60, 3)]);
  });

  it('never touch the other direction', () => {
    const scaleDowns = [event(70, 1)];
    const next = rememberRescale(history({ scaleDowns }), rules, { from: 1, to: 2 }, now);
    expect(next.scaleDowns).to.equal(scaleDowns);
  });

  it('are kept as long as the longest of the periods', () => {
    const twoPeriods = behavior({
      policies: [
        { type: 'Pods', value: 1, periodSeconds: 15 },
        { type: 'Pods', value: 1, periodSeconds: 60 },
      ],
    });
    const scaleUps = [event(59, 1)];
    const next = rememberRescale(history({ scaleUps }), twoPeriods, { from: 1, to: 2 }, now);
    expect(next.scaleUps).to.deep.equal([event(59, 1), event(0, 1)]);
  });
});
