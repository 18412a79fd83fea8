import { expect } from 'chai';
import fc from 'fast-check';
import { formatDuration, formatSpan, parseDuration } from '../../src/lib/duration.ts';

describe("Go's durations", () => {
  const read: Record<string, number | undefined> = {
    '15s': 15_000,
    '1m30s': 90_000,
    '2h': 7_200_000,
    '1.5s': 1500,
    '250ms': 250,
    '-3s': -3000,
    '0': 0,
    '15': undefined,
    '': undefined,
    s: undefined,
    '1d': undefined,
    '1s 2s': undefined,
  };
  for (const [text, ms] of Object.entries(read)) {
    it(`read "${text}" as ${ms === undefined ? 'none' : `${ms} ms`}`, () => {
      expect(parseDuration(text)).to.equal(ms);
    });
  }

  const printed: Record<number, string> = {
    0: '0s',
    250: '250ms',
    1500: '1.5s',
    90_000: '1m30s',
    300_000: '5m0s',
    3_600_000: '1h0m0s',
    [-3000]: '-3s',
  };
  for (const [ms, text] of Object.entries(printed)) {
    it(`print ${ms} ms as ${text}`, () => {
      expect(formatDuration(Number(ms))).to.equal(text);
    });
  }

  const spans: Record<number, string> = {
    0: '0 s',
    400: '0 s',
    1500: '2 s',
    90_000: '1 m 30 s',
    300_000: '5 m',
    3_900_000: '1 h 5 m',
    3_602_000: '1 h 2 s',
    [-2000]: '-2 s',
    [-400]: '0 s',
  };
  for (const [ms, text] of Object.entries(spans)) {
    it(`tell a person ${ms} ms as ${text}`, () => {
      expect(formatSpan(Number(ms))).to.equal(text);
    });
  }

  it('are read as they were printed', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).to.be.closeTo(ms, 1e-6);
      }),
    );
  });
});
