import { expect } from 'chai';
import fc from 'fast-check';
import type { LabelSelector } from '../../../src/decide/references.ts';
import { FamilyReader } from '../../../src/observe/pod-scrape/family-reader.ts';
import type { Family } from '../../../src/observe/pod-scrape/family-reader.ts';
import { sum } from '../../../src/observe/pod-scrape/rate.ts';
import { ScrapeError } from '../../../src/observe/pod-scrape/scrape-error.ts';

const exposition = `# HELP http_requests_total All of them, http_requests_total{code="200"} 7 is an example.
# TYPE http_requests_total counter
http_requests_total{code="200",path="/é"} 10
http_requests_total{code="500",path="/a"} 2
http_requests_totally 99
xhttp_requests_total 99
# TYPE http_requests gauge
http_requests 4
# TYPE latency histogram
latency_bucket{le="1"} 5
latency_bucket{le="+Inf"} 6
latency_sum 12.5
latency_count 6
`;

function read(text: string, name: string, selector?: LabelSelector, pieceLength = text.length || 1): Family {
  const reader = new FamilyReader({ name, ...(selector && { selector }) });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceLength) reader.add(bytes.subarray(at, at + pieceLength));
  return reader.end();
}

const problemOf = (act: () => unknown): string => {
  try {
    act();
    return 'none';
  } catch (error) {
    if (error instanceof ScrapeError) return `${error.problem}: ${error.message}`;
    throw error;
  }
};

describe('FamilyReader', () => {
  const cases: Readonly<
    Record<string, { name: string; selector?: LabelSelector; total: number; count: number; grows: boolean }>
  > = {
    'a counter, all its series': { name: 'http_requests_total', total: 12, count: 2, grows: true },
    'a gauge whose name begins that of a counter': {
      name: 'http_requests',
      total: 4,
      count: 1,
      grows: false,
    },
    "a histogram's count, which grows": { name: 'latency_count', total: 6, count: 1, grows: true },
    'one bucket': {
      name: 'latency_bucket',
      selector: { matchLabels: { le: '1' } },
      total: 5,
      count: 1,
      grows: true,
    },
    'series by a label': {
      name: 'http_requests_total',
      selector: { matchLabels: { code: '500' } },
      total: 2,
      count: 1,
      grows: true,
    },
    'series by values that no label of a pod can have': {
      name: 'http_requests_total',
      selector: { matchExpressions: [{ key: 'path', operator: 'In', values: ['/é', '/b'] }] },
      total: 10,
      count: 1,
      grows: true,
    },
    'series without a value': {
      name: 'http_requests_total',
      selector: {
        matchExpressions: [
          { key: 'code', operator: 'NotIn', values: ['200'] },
          { key: 'path', operator: 'Exists' },
          { key: 'host', operator: 'DoesNotExist' },
        ],
      },
      total: 2,
      count: 1,
      grows: true,
    },
    'nothing of a name that is not there': { name: 'errors_total', total: 0, count: 0, grows: false },
    'nothing where no label fits': {
      name: 'latency_sum',
      selector: { matchLabels: { le: '1' } },
      total: 0,
      count: 0,
      grows: true,
    },
  };
  for (const [sentence, { name, selector, total, count, grows }] of Object.entries(cases))
    it(`reads ${sentence}`, () => {
      const family = read(exposition, name, selector);
      expect(sum(family.series)).to.equal(total);
      expect(family.series.size).to.equal(count);
      expect(family.isCumulative).to.equal(grows);
    });

  it("knows OpenMetrics' counters by the family's name, and lines that end as in Windows", () => {
    const family = read(
      '# TYPE hits counter\r\nhits_total{a="b"} 4.0 1.5\r\nhits_created{a="b"} 1\r\n# EOF\r\n',
      'hits_total',
    );
    expect(family.isCumulative).to.equal(true);
    expect(sum(family.series)).to.equal(4);
  });

  it('reads a last line without an end', () => expect(sum(read('up 1', 'up').series)).to.equal(1));

  it('reads the same however the body is cut into pieces', () => {
    const whole = read(exposition, 'http_requests_total');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (length) => {
        expect(read(exposition, 'http_requests_total', undefined, length)).to.deep.equal(whole);
      }),
    );
  });

  it('tells series apart whatever the order of their labels', () => {
    expect(read('a{x="1",y="2"} 1\n', 'a').series).to.deep.equal(read('a{y="2",x="1"} 1\n', 'a').series);
    expect(read('a{x="1",y="2"} 1\na{x="2",y="1"} 1\n', 'a').series.size).to.equal(2);
  });

  it('parses nothing but the lines of its metric', () => {
    expect(sum(read('b{ this is not even close\nup 1\n', 'up').series)).to.equal(1);
    expect(problemOf(() => read('up{ this is not even close\n', 'up'))).to.match(/^Malformed: up\{ this/);
  });

  it('finds series by values that are written with escapes, and by ones that are empty', () => {
    const text = 'up{a="x\\\\y\\"z",b="1"} 1\nup{a="x"} 2\n';
    const found = (matchLabels: Record<string, string>): number =>
      sum(read(text, 'up', { matchLabels }).series);
    expect(found({ a: 'x\\y"z', b: '1' })).to.equal(1);
    expect(found({ a: 'x', b: '' })).to.equal(2);
    expect(found({ b: 'x' })).to.equal(0);
  });

  it('refuses a series that is given twice', () =>
    expect(problemOf(() => read('up{a="b"} 1\nup{a="b"} 2\n', 'up'))).to.match(/^Malformed: a series twice/));

  it('refuses more than 1000 series, and a line that does not end', () => {
    const series = (count: number): string =>
      Array.from({ length: count }, (_, at) => `up{a="${at}"} 1\n`).join('');
    expect(read(series(1000), 'up').series.size).to.equal(1000);
    expect(problemOf(() => read(series(1001), 'up'))).to.equal('TooLarge: more than 1000 series');
    expect(problemOf(() => read('x'.repeat(70_000), 'up', undefined, 1000))).to.equal(
      'TooLarge: a line of more than 64 KiB',
    );
  });
});
