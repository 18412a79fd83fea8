import { expect } from 'chai';
import { conditionEvents } from '../../src/decide/condition-events.ts';
import type { Condition } from '../../src/decide/status.ts';

const of = (type: string, status: 'True' | 'False', message = 'so it is'): Condition => ({
  ...{ type, status, message, reason: 'R', lastTransitionAtMs: 0 },
});

describe('events of conditions', () => {
  const cases: Readonly<Record<string, readonly [Condition[], Condition[], string[]]>> = {
    'tell of a pause as it begins': [[], [of('Suspended', 'True')], ['Normal Paused: So it is']],
    'tell nothing while it stays': [[of('Suspended', 'True')], [of('Suspended', 'True')], []],
    'tell of other terms': [
      [of('Suspended', 'True')],
      [of('Suspended', 'True', 'longer')],
      ['Normal Paused: Longer'],
    ],
    'tell of its end': [[of('Suspended', 'True')], [of('Suspended', 'False')], ['Normal Resumed: So it is']],
    'tell nothing after it': [[of('Suspended', 'False')], [of('Suspended', 'False', 'x')], []],
    'tell of a foreign writer once, whatever it does next': [
      [of('ForeignWriter', 'True')],
      [of('ForeignWriter', 'True', 'at noon')],
      [],
    ],
    'tell of a foreign writer that is new': [
      [of('ForeignWriter', 'False')],
      [of('ForeignWriter', 'True')],
      ['Warning ForeignWriter: So it is'],
    ],
    'tell nothing of its end': [[of('ForeignWriter', 'True')], [of('ForeignWriter', 'False')], []],
    'tell nothing of what has events of its own': [[], [of('AbleToScale', 'True')], []],
  };
  for (const [sentence, [before, after, expected]] of Object.entries(cases))
    it(sentence, () => {
      const events = conditionEvents(before, after);
      expect(events.map(({ type, reason, message }) => `${type} ${reason}: ${message}`)).to.deep.equal(
        expected,
      );
    });
});
