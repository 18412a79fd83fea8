import { expect } from 'chai';
import fc from 'fast-check';
import { parseSample } from '../../../src/observe/pod-scrape/exposition.ts';

const good: Readonly<Record<string, { text: string; labels?: Record<string, string>; value: number }>> = {
  'without labels': { text: ' 1027', value: 1027 },
  'after a tab': { text: '\t3', value: 3 },
  'with labels': { text: '{code="200",method="GET"} 5', labels: { code: '200', method: 'GET' }, value: 5 },
  'with a comma behind the last label': { text: '{code="200",} 5', labels: { code: '200' }, value: 5 },
  'with empty braces': { text: '{} 5', value: 5 },
  'with blanks wherever they may be': {
    text: ' { code = "200" , a="b" }  5 ',
    labels: { code: '200', a: 'b' },
    value: 5,
  },
  'with a brace, a comma and a blank in a value': {
    text: '{path="/a}, b"} 5',
    labels: { path: '/a}, b' },
    value: 5,
  },
  'with escapes': { text: String.raw`{path="\\a\"b\nc"} 5`, labels: { path: '\\a"b\nc' }, value: 5 },
  'with a name that objects have by themselves': {
    text: '{constructor="x",__proto__="y"} 1',
    labels: Object.fromEntries([
      ['constructor', 'x'],
      ['__proto__', 'y'],
    ]),
    value: 1,
  },
  'with a timestamp': { text: '{a="b"} 1.5e3 1395066363000', labels: { a: 'b' }, value: 1500 },
  "with OpenMetrics' timestamp and exemplar": {
    text: '{a="b"} 17 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67 1520879607.7',
    labels: { a: 'b' },
    value: 17,
  },
  'that is negative': { text: ' -.5', value: -0.5 },
  'that is no number': { text: ' NaN', value: Number.NaN },
  'that is infinite': { text: ' +Inf', value: Infinity },
  'that is infinite below zero': { text: ' -Inf', value: -Infinity },
};

describe('parseSample', () => {
  for (const [sentence, { text, labels = {}, value }] of Object.entries(good))
    it(`reads a sample ${sentence}`, () => {
      const sample = parseSample(text);
      expect([...(sample?.labels ?? [])]).to.deep.equal(Object.entries(labels));
      expect(sample?.value).to.be.deep.equal(value);
    });

  for (const text of [
    '',
    ' ',
    ' five',
    ' 0x10',
    ' 1_000',
    ' 5 later',
    ' 5 1 1',
    '{code="200" 5',
    '{code="200"}',
    '{code=200} 5',
    '{code="200"method="GET"} 5',
    '{code="200",,} 5',
    '{,} 5',
    '{code="a\\x"} 5',
    '{code="a\\"} 5',
    '{code="1",code="2"} 5',
    '{"code"="200"} 5',
  ])
    it(`reads no sample from ${JSON.stringify(text)}`, () => expect(parseSample(text)).to.equal(undefined));

  it('reads back whatever labels a client library writes', () => {
    const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,5}$/);
    const value = fc.string({ maxLength: 12, unit: 'binary' });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key }),
        fc.double({ noNaN: true }),
        (labels, number) => {
          const written = labels.map(
            ([key, text]) =>
              `${key}="${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
          );
          const text = Number.isFinite(number) ? String(number) : number > 0 ? '+Inf' : '-Inf';
          const sample = parseSample(`{${written.join(',')}} ${text}`);
          expect([...(sample?.labels ?? [])]).to.deep.equal(labels);
          expect(sample?.value).to.equal(Number(text.replace('Inf', 'Infinity')));
        },
      ),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('{', '}', '"', ',', '=', '\\', ' ', 'a', '1', '.', '#', '\n', 'e', '+'),
        }),
        (text) => void parseSample(text),
      ),
    );
  });
});
