import { expect } from 'chai';
import { parseRateTable } from '../../src/lib/load-profile-csv.ts';

const source = { name: 'trace.csv', longestMs: 3_600_000 };

const twoRates = [
  { durationMs: 60_000, perSecond: 10 },
  { durationMs: 30_000, perSecond: 2.5 },
];

describe('table of rates', () => {
  const tables: Record<string, string> = {
    'seconds without a header': '0,10\n60,2.5\n90,0\n',
    'seconds that do not begin at zero': '100,10\n160,2.5\n190,0',
    durations: '0s,10\n1m,2.5\n1m30s,0\n',
    timestamps: '2030-01-01T00:00:00Z,10\n2030-01-01T00:01:00Z,2.5\n2030-01-01T00:01:30Z,0\n',
    'a header in another order, with other columns': 'pods,rate,seconds\n3,10,0\n3,2.5,60\n1,0,90\n',
    'a header in quotes and line ends of Windows': '"time","perSecond"\r\n0,10\r\n60,2.5\r\n90,0\r\n',
    'milliseconds, as load --output csv writes them':
      'fromMs,toMs,offeredPerSecond,web-1\n0,60000,10,3\n60000,90000,2.5,3\n',
    'cells in quotes, with commas in them': '"note","seconds","rate"\n"a, b","0","10"\n,"60","2.5"\n,90,0\n',
    'comments and empty lines': '# requests of a Monday\n\n0,10\n\n60,2.5\n90,0\n',
  };
  for (const [sentence, text] of Object.entries(tables)) {
    it(`takes ${sentence}`, () => expect(parseRateTable(text, source)).to.deep.equal(twoRates));
  }

  const refused: Record<string, [text: string, message: RegExp]> = {
    'an empty file': ['', /^trace\.csv, line 1: found ""; allowed is a time and a rate, or a header/],
    'a header of other names': [
      'when,what\n0,10\n',
      /found "when,what"; allowed .* one of seconds, .* perSecond, rate/,
    ],
    'one row': ['0,10\n', /at least two rows are needed/],
    'a rate that is none': ['0,10\n60,many\n90,0\n', /^trace\.csv, line 2: found "many"; allowed is a rate/],
    'a negative rate': ['0,-1\n60,0\n', /line 1: found "-1"; allowed is a rate/],
    'a rate that is missing': ['0,10\n60\n', /line 2: found ""; allowed is a rate/],
    'a time that is none': [
      '0,10\nsoon,5\n',
      /line 2: found "soon"; allowed is a time in seconds, a duration or a timestamp/,
    ],
    'a time that goes back, with its line in the file': [
      '# x\n0,10\n60,5\n\n50,5\n',
      /line 5: the time must be later/,
    ],
    'an end before the last row': ['fromMs,toMs,rate\n1000,900,5\n', /line 2: the time must be later/],
    'an end that is none': ['fromMs,toMs,rate\n1000,,5\n', /line 2: found ""; allowed is a time/],
    'a header alone': ['fromMs,toMs,rate\n', /at least two rows are needed/],
    'a time that cannot be meant': [
      '# by hand\n0,10\n60,2\n1700000000,5\n',
      /^trace\.csv, line 4: the time is \S+ after the first one; allowed is 1h0m0s$/,
    ],
    'the same time twice': ['0,10\n0,5\n', /line 2: the time must be later/],
  };
  for (const [sentence, [text, message]] of Object.entries(refused)) {
    it(`refuses ${sentence}`, () => {
      expect(() => parseRateTable(text, source))
        .to.throw(message)
        .with.property('exitCode', 2);
    });
  }
});
