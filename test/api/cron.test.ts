import { expect } from 'chai';
import { parseCron } from '../../src/api/cron.ts';

const every = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
const always = {
  minute: every(0, 59),
  hour: every(0, 23),
  dayOfMonth: every(1, 31),
  month: every(1, 12),
  dayOfWeek: every(0, 6),
};

describe('parseCron', () => {
  const read: Readonly<Record<string, object>> = {
    '* * * * *': {},
    '0 8 * * 1-5': { minute: [0], hour: [8], dayOfWeek: [1, 2, 3, 4, 5] },
    '*/15 8-18/5 1,15 jan,dec *': {
      minute: [0, 15, 30, 45],
      hour: [8, 13, 18],
      dayOfMonth: [1, 15],
      month: [1, 12],
    },
    '0 0 * * 7': { minute: [0], hour: [0], dayOfWeek: [0] },
    '0 0 * * sunday': { minute: [0], hour: [0], dayOfWeek: [0] },
    '0 22-1 * * *': { minute: [0], hour: [22, 23, 0, 1] },
    '0 0 L * *': { minute: [0], hour: [0], dayOfMonth: ['L'] },
    '0 0 L-2,15W,LW * *': { minute: [0], hour: [0], dayOfMonth: ['L-2', '15W', 'LW'] },
    '0 0 * * 1#2,5L': { minute: [0], hour: [0], dayOfWeek: ['1#2', '5L'] },
    '0  0  29  2  ?': { minute: [0], hour: [0], dayOfMonth: [29], month: [2] },
  };
  for (const [text, fields] of Object.entries(read))
    it(`reads ${text}`, () => {
      expect(parseCron(text)).to.deep.equal({ ok: true, fields: { ...always, ...fields } });
    });

  const wrong: Readonly<Record<string, RegExp>> = {
    '': /five fields/,
    '0 8 * *': /five fields/,
    '0 0 8 * * 1': /five fields/,
    '@daily': /five fields/,
    ' 0 8 * * *': /five fields/,
    '0\t8 * * *': /five fields/,
    '60 8 * * *': /cron expression: 60 is no value of the field minute$/,
    '0 24 * * *': /hour/,
    '0 8 0 * *': /day of month/,
    '0 8 * 13 *': /month/,
    '0 8 * * 8': /week day/,
    '*/0 * * * *': /minute/,
    '0 8 1, * *': /day of month/,
    '0 8 30 feb *': /impossible day/,
    '0 8 H * *': /day of month/,
  };
  for (const [text, problem] of Object.entries(wrong))
    it(`refuses ${JSON.stringify(text)}`, () => {
      const parsed = parseCron(text);
      expect(parsed.ok ? '' : parsed.problem).to.match(problem);
    });
});
