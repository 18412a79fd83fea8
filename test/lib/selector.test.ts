import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parseSelector, selectorFromLabelSelector, SelectorError } from '../../src/lib/selector.ts';
import type { LabelSelectorLike, Selector } from '../../src/lib/selector.ts';

interface Vector {
  selector: string | LabelSelectorLike | null;
  labels: Record<string, string>;
  match: boolean;
  valid: boolean;
}

const file = new URL('../fixtures/conformance/selectors.jsonl.gz', import.meta.url);
const vectors = gunzipSync(readFileSync(file))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

const read = (selector: Vector['selector']): Selector =>
  typeof selector === 'string' ? parseSelector(selector) : selectorFromLabelSelector(selector);

const attempt = (selector: Vector['selector']): Selector | undefined => {
  try {
    return read(selector);
  } catch (error) {
    expect(error).to.be.instanceOf(SelectorError);
    return undefined;
  }
};

describe('label selectors, against the values of Kubernetes 1.36', () => {
  it('are valid and match exactly where Kubernetes says so', () => {
    const wrong = vectors.filter((vector) => {
      const selector = attempt(vector.selector);
      const matches = selector?.matches(vector.labels) ?? false;
      return (selector !== undefined) !== vector.valid || matches !== vector.match;
    });
    expect(wrong).to.deep.equal([]);
    expect(vectors.length).to.be.greaterThan(600);
  });

  it('mean the same when printed and read again', () => {
    const texts = vectors.filter((vector) => vector.valid && typeof vector.selector === 'string');
    const wrong = texts.filter((vector) => {
      const again = parseSelector(read(vector.selector).toString());
      return again.matches(vector.labels) !== vector.match;
    });
    expect(wrong).to.deep.equal([]);
  });
});

describe('label selectors', () => {
  const printed: Record<string, string> = {
    ' b = 2 , a==1': 'a==1,b=2',
    'x in (c,a, b)': 'x in (a,b,c)',
    'x notin (b,)': 'x notin (,b)',
    '!y,x': 'x,!y',
    'n>3,m<4,o!=5': 'm<4,n>3,o!=5',
    '': '',
  };
  for (const [text, canonical] of Object.entries(printed)) {
    it(`print ${JSON.stringify(text)} as ${JSON.stringify(canonical)}`, () => {
      expect(parseSelector(text).toString()).to.equal(canonical);
    });
  }

  it('are empty when nothing is required, and only then', () => {
    expect(parseSelector(' ').empty).to.equal(true);
    expect(selectorFromLabelSelector({}).empty).to.equal(true);
    expect(selectorFromLabelSelector(undefined).empty).to.equal(false);
    expect(selectorFromLabelSelector(null).toString()).to.equal('');
    expect(parseSelector('a').empty).to.equal(false);
  });

  it('treat absent labels as none', () => {
    expect(parseSelector('!a').matches(undefined)).to.equal(true);
    expect(parseSelector('a').matches(undefined)).to.equal(false);
  });

  it('do not mistake what every object inherits for a label', () => {
    expect(parseSelector('constructor').matches({})).to.equal(false);
    expect(() =>
      selectorFromLabelSelector({ matchExpressions: [{ key: 'a', operator: 'toString' }] }),
    ).to.throw(SelectorError);
  });

  const refused: Record<string, string> = {
    'a in': "unable to parse requirement: found '', expected: '('",
    'a in (b': "unable to parse requirement: found '', expected: ',', ')' or identifier",
    'a=b c': "found 'c', expected: ',' or 'end of string'",
    'a,': "found '', expected: identifier after ','",
    'a=b=c': "found '=', expected: ',' or 'end of string'",
    'a=(': "unable to parse requirement: found '(', expected: identifier",
    'a>b':
      "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer",
    'a(b': "unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt",
  };
  for (const [text, message] of Object.entries(refused)) {
    it(`refuse ${JSON.stringify(text)} saying what was found`, () => {
      expect(() => parseSelector(text)).to.throw(SelectorError, message);
    });
  }

  it('refuse an empty list of values in the API object', () => {
    const selector = { matchExpressions: [{ key: 'a', operator: 'In', values: [] }] };
    expect(() => selectorFromLabelSelector(selector)).to.throw(
      "values: Invalid value: []string{}: for 'in', 'notin' operators, values set can't be empty",
    );
  });

  it('refuse an operator that the API does not know', () => {
    const selector = { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] };
    expect(() => selectorFromLabelSelector(selector)).to.throw('"Gt" is not a valid label selector operator');
  });
});

describe('the exact labels of a selector', () => {
  it('are those of its equalities', () => {
    expect(parseSelector('b==2,a=1,c in (3),!d,e!=5').exact).to.deep.equal([
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ]);
  });

  it('are on everything that matches', () => {
    for (const { selector, labels, match } of vectors.filter((vector) => vector.valid && vector.match))
      for (const { key, value } of attempt(selector)?.exact ?? [])
        expect(labels[key], JSON.stringify({ selector, labels, match })).to.equal(value);
  });
});
