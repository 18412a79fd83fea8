import { expect } from 'chai';
import fc from 'fast-check';
import { readHistory, wireHistory } from '../../src/api/history.ts';
import type { History } from '../../src/decide/history.ts';

const atMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const time = '2026-01-02T03:04:05.678Z';
const later = '2026-01-02T03:04:06.000Z';
const history: History = {
  recommendations: [{ atMs, replicas: 0 }],
  scaleUps: [{ atMs, change: 3, outdated: false }],
  scaleDowns: [],
};
const wire = {
  asOf: later,
  recommendations: [{ time, replicas: 0 }],
  scaleUps: [{ time, change: 3 }],
  scaleDowns: [],
};

describe('wireHistory', () => {
  it('writes times to the millisecond, so that a restart decides as before', () => {
    expect(wireHistory(history, atMs + 322)).to.deep.equal(wire);
  });

  it('writes nothing where nothing is to be remembered', () => {
    expect(wireHistory(undefined, atMs)).to.equal(undefined);
  });
});

describe('what is remembered of metrics', () => {
  const remembering: History = {
    ...history,
    metrics: {
      'Resource/cpu': { lastGood: { atMs, replicas: 3, aboveTarget: true, nonZero: false } },
      'External/queue': { failingSinceMs: atMs, zeroSinceMs: atMs, actedSampleAtMs: atMs },
    },
    steppedUpAtMs: atMs,
    wokeAtMs: atMs,
  };
  const record = {
    ...wire,
    metrics: [
      { metric: 'Resource/cpu', lastGood: { time, replicas: 3, aboveTarget: true, nonZero: false } },
      { metric: 'External/queue', failingSince: time, zeroSince: time, actedSampleTime: time },
    ],
    steppedUpTime: time,
    wokeTime: time,
  };

  it('is a list by metric on the wire', () => {
    expect(wireHistory(remembering, atMs + 322)).to.deep.equal(record);
  });

  it('is read as it was written', () => {
    expect(readHistory(record)).to.deep.equal({ asOfMs: atMs + 322, history: remembering });
  });

  it('is no more than what a spec may have', () => {
    const metrics = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`External/q${index}`, {}]));
    expect(wireHistory({ ...history, metrics }, atMs)?.metrics).to.have.length(100);
  });

  it('leaves out an entry without its metric, and says so', () => {
    expect(readHistory({ ...record, metrics: [{ failingSince: time }] })).to.deep.include({ damaged: true });
  });

  it('takes times that are none as absent', () => {
    const metrics = [
      { metric: 'Resource/cpu', failingSince: 'noon', lastGood: { time: 'noon', replicas: 3 } },
    ];
    const read = readHistory({ ...record, metrics, steppedUpTime: 5, wokeTime: null });
    expect(read?.history).to.deep.equal({ ...history, metrics: { 'Resource/cpu': {} } });
  });
});

describe('readHistory', () => {
  it('reads what was written', () => {
    const times = fc.integer({ min: 0, max: 4e12 });
    const event = fc.record({
      atMs: times,
      change: fc.integer({ min: 1, max: 1e6 }),
      outdated: fc.constant(false),
    });
    const any: fc.Arbitrary<History> = fc.record({
      recommendations: fc.array(fc.record({ atMs: times, replicas: fc.nat() })),
      scaleUps: fc.array(event),
      scaleDowns: fc.array(event),
    });
    fc.assert(
      fc.property(any, times, (one, asOfMs) => {
        const sent: unknown = JSON.parse(JSON.stringify(wireHistory(one, asOfMs)));
        expect(readHistory(sent)).to.deep.equal({ asOfMs, history: one });
      }),
    );
  });

  it('reads lists that the server left out as empty', () => {
    expect(readHistory({ asOf: later })).to.deep.equal({
      asOfMs: atMs + 322,
      history: { recommendations: [], scaleUps: [], scaleDowns: [] },
    });
  });

  const unreadable: Record<string, unknown> = {
    nothing: undefined,
    null: null,
    text: 'yesterday',
    'a list': [],
    'no time at which it was complete': { recommendations: wire.recommendations },
    'a time that is none': { ...wire, asOf: 'yesterday' },
    'a number for a time': { ...wire, asOf: 5 },
  };
  for (const [title, value] of Object.entries(unreadable)) {
    it(`relies on nothing of ${title}`, () => {
      expect(readHistory(value)).to.equal(undefined);
    });
  }

  const wrong: Record<string, object> = {
    'a time that is none': { time: 'noon', replicas: 3 },
    'no time': { replicas: 3 },
    'no count': { time },
    'a count that is text': { time, replicas: '3' },
    'a negative count': { time, replicas: -1 },
    'a fraction': { time, replicas: 2.5 },
    'a count that no int32 holds': { time, replicas: 2 ** 31 },
    'a list instead of an entry': [],
  };
  for (const [title, entry] of Object.entries(wrong)) {
    it(`leaves out an entry with ${title}, and says so`, () => {
      const recommendations = [entry, { time, replicas: 3 }];
      expect(readHistory({ ...wire, recommendations })).to.deep.equal({
        asOfMs: atMs + 322,
        history: { ...history, recommendations: [{ atMs, replicas: 3 }] },
        damaged: true,
      });
    });
  }

  it('leaves out a change of nothing, and a list that is none', () => {
    const read = readHistory({ ...wire, scaleUps: [{ time, change: 0 }], scaleDowns: 'none' });
    expect(read).to.deep.include({ damaged: true });
    expect(read?.history).to.deep.include({ scaleUps: [], scaleDowns: [] });
  });
});
