import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { readAnswer } from '../../../src/observe/prometheus/answer.ts';
import { PrometheusFailure, prometheusFailureTypes } from '../../../src/observe/prometheus/failure.ts';
import type { PrometheusFailureType } from '../../../src/observe/prometheus/failure.ts';
import { milliOf } from '../../../src/observe/prometheus/milli.ts';
import { isSeriesSelector } from '../../../src/observe/prometheus/series-selector.ts';

const success = (data: object, more: object = {}): string =>
  JSON.stringify({ status: 'success', data, ...more });
const scalar = (value: unknown): string => success({ resultType: 'scalar', result: [1000.5, value] });
const series = (labels: object, value: unknown = [1000, '1']): object => ({ metric: labels, value });
const vector = (...result: object[]): string => success({ resultType: 'vector', result });

function failureOf(work: () => unknown): PrometheusFailure {
  try {
    const value = work();
    throw new Error(`no failure but ${JSON.stringify(value)}`);
  } catch (error) {
    if (error instanceof PrometheusFailure) return error;
    throw error;
  }
}

describe('an answer of Prometheus', () => {
  const numbers: Record<string, [body: string, value: number, evaluatedAtMs: number]> = {
    'a scalar': [scalar('2.5'), 2.5, 1_000_500],
    'a vector of one series': [vector(series({ job: 'a' })), 1, 1_000_000],
    'an exponent': [scalar('1e+06'), 1_000_000, 1_000_500],
    'a zero': [scalar('0'), 0, 1_000_500],
    'a number with infos': [
      success(
        { resultType: 'vector', result: [series({}, [1000, '7'])] },
        { infos: ['PromQL info: metric might not be a counter, name does not end in _total: "x" (1:6)'] },
      ),
      7,
      1_000_000,
    ],
    'a number with no warnings in the list of them': [
      success({ resultType: 'scalar', result: [1000, '7'] }, { warnings: [] }),
      7,
      1_000_000,
    ],
  };
  for (const [title, [body, value, evaluatedAtMs]] of Object.entries(numbers))
    it(`is a number: ${title}`, () => {
      expect(readAnswer(body)).to.deep.equal({ value, evaluatedAtMs });
    });

  const failures: Record<string, [body: string, type: PrometheusFailureType, message: RegExp]> = {
    'no series': [vector(), 'Empty', /^no series: /],
    'two series': [
      vector(series({ pod: 'b' }), series({ pod: 'a' })),
      'SeveralSeries',
      /^2 series where one is needed \(\{pod="a"\}, \{pod="b"\}\): put sum\(\) or max\(\) around the query$/,
    ],
    'very many series': [
      vector(...Array.from({ length: 500 }, (_, index) => series({ pod: `web-${index}` }))),
      'SeveralSeries',
      /^500 series where one is needed \(\{pod="web-0"\}, \{pod="web-1"\}, \{pod="web-10"\}\.\.\.\)/,
    ],
    NaN: [scalar('NaN'), 'NotFinite', /^the value is NaN$/],
    '+Inf': [scalar('+Inf'), 'NotFinite', /^the value is \+Inf$/],
    '-Inf': [vector(series({}, [1000, '-Inf'])), 'NotFinite', /^the value is -Inf$/],
    'an empty number': [scalar(''), 'NotFinite', /^the value is $/],
    'a word': [scalar('many'), 'NotFinite', /^the value is many$/],
    'a matrix': [success({ resultType: 'matrix', result: [] }), 'WrongType', /^the result is a matrix: /],
    'a string': [
      success({ resultType: 'string', result: [1, 'x'] }),
      'WrongType',
      /^the result is a string: /,
    ],
    'a native histogram': [
      vector({ metric: {}, histogram: [1000, { count: '1', sum: '2' }] }),
      'WrongType',
      /^the result is a native histogram: use histogram_quantile\(\)/,
    ],
    'a warning beside a number': [
      success({ resultType: 'scalar', result: [1000, '0'] }, { warnings: ['store-1 is\nnot reachable'] }),
      'Warning',
      /^the answer may lack data, as the server warns: store-1 is not reachable$/,
    ],
    'an error with status 200': [
      JSON.stringify({ status: 'error', errorType: 'execution', error: 'out of memory' }),
      'Refused',
      /^execution: out of memory$/,
    ],
    nothing: ['', 'Malformed', /^not an answer of Prometheus' HTTP API: nothing$/],
    'a page': ['<html><body>Sign in</body></html>', 'Malformed', /Prometheus' HTTP API: <html>/],
    'a broken object': ['{"status":"success","data":', 'Malformed', /Prometheus' HTTP API/],
    null: ['null', 'Malformed', /Prometheus' HTTP API: null$/],
    'a number alone': ['42', 'Malformed', /Prometheus' HTTP API: 42$/],
    'no data': ['{"status":"success"}', 'Malformed', /Prometheus' HTTP API/],
    'a vector that is none': [success({ resultType: 'vector', result: {} }), 'Malformed', /HTTP API/],
    'a series without a value': [vector({ metric: {} }), 'Malformed', /HTTP API/],
    'a series of null': [success({ resultType: 'vector', result: [null] }), 'Malformed', /HTTP API/],
    'a value that is no text': [scalar(5), 'Malformed', /HTTP API/],
    'a time that is none': [success({ resultType: 'scalar', result: ['x', '1'] }), 'Malformed', /HTTP API/],
  };
  for (const [title, [body, type, message]] of Object.entries(failures))
    it(`is a failure: ${title}`, () => {
      const failure = failureOf(() => readAnswer(body));
      expect(failure.message).to.match(message);
      expect(failure.type).to.equal(type);
    });

  it('brings no more than a line of what a server says into a message', () => {
    const { message } = failureOf(() => readAnswer('x\n\u0007'.repeat(10_000)));
    expect(message.length).to.be.lessThan(300);
    expect(message).not.to.match(/[\n\u0007]/);
  });
});

describe('a number of PromQL in thousandths', () => {
  const values: Record<string, [value: number, milli: bigint]> = {
    'is exact where it can be': [1.5, 1500n],
    'is rounded up: what is there is not nothing': [0.000_01, 1n],
    'has nothing of the noise of doubles': [0.1 + 0.2, 300n],
    'is 0 for zero': [0, 0n],
    'is 0 for minus zero': [-0, 0n],
    'is 0 for the noise below zero': [-1e-17, 0n],
    'goes beyond 64 bits': [1e19, 10n ** 22n],
  };
  for (const [title, [value, milli]] of Object.entries(values))
    it(title, () => {
      expect(milliOf(value)).to.equal(milli);
    });

  it('is none below zero', () => {
    const failure = failureOf(() => milliOf(-3));
    expect(failure.type).to.equal('Negative');
    expect(failure.message).to.match(/^the value is below zero: .*clamp_min\(QUERY, 0\)$/);
  });

  it('is none where thousandths are infinite', () => {
    expect(failureOf(() => milliOf(1e306)).type).to.equal('NotFinite');
  });
});

describe('a query that is a selector of series', () => {
  for (const query of ['up', ' up ', 'job:up:sum', 'up{}', 'up {job="a"}', '{__name__="up",job=~"a|b",}'])
    it(`is ${query}`, () => {
      expect(isSeriesSelector(query)).to.equal(true);
    });
  const others = [
    'sum(up)',
    'up + 1',
    'up[5m]',
    'up offset 5m',
    '1',
    'Inf',
    'nan',
    '-up',
    'up{',
    'up{job="a"} or b',
  ];
  for (const query of [...others, '', '"up"', 'up)', 'up{job="\\"}"}'])
    it(`is not surely ${query}`, () => {
      expect(isSeriesSelector(query)).to.equal(false);
    });
  it('is found out in no time', () => {
    expect(isSeriesSelector(`up{${'a="b" , '.repeat(600)}`)).to.equal(false);
    expect(isSeriesSelector(`up${' '.repeat(4000)}(`)).to.equal(false);
  });
});

describe('the page about the metrics of the operator', () => {
  it('lists every reason why a query gave no number', () => {
    const row = `| \`reason\` of \`plimsoll_prometheus_failures_total\` | ${prometheusFailureTypes.map((type) => `\`${type}\``).join(', ')} |`;
    expect(readFileSync('docs/operator.md', 'utf8')).to.contain(row);
  });
});
