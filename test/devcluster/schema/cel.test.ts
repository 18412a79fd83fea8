import { expect } from 'chai';
import { runtime } from '../../../src/devcluster/apiserver/schema/cel-environment.ts';
import { CelQuantity } from '../../../src/devcluster/apiserver/schema/cel-functions.ts';
import { escapeName, toCel } from '../../../src/devcluster/apiserver/schema/cel-values.ts';

const self = toCel(
  {
    n: 3,
    x: 1.5,
    whole: 2,
    text: 'Hello World',
    list: [3, 1, 2],
    words: ['b', 'a'],
    doubles: [1.5, 2],
    labels: { 'a.b/c': 'x' },
    either: '1Gi',
    at: '2026-01-01T00:00:00Z',
    window: '1m30s',
    nothing: null,
    'is-odd': true,
    namespace: 'ns',
  },
  {
    type: 'object',
    properties: {
      n: { type: 'integer' },
      x: { type: 'number' },
      whole: { type: 'number' },
      text: { type: 'string' },
      list: { type: 'array', items: { type: 'integer' } },
      words: { type: 'array', items: { type: 'string' } },
      doubles: { type: 'array', items: { type: 'number' } },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      either: { 'x-kubernetes-int-or-string': true },
      at: { type: 'string', format: 'date-time' },
      window: { type: 'string', format: 'duration' },
      nothing: { type: 'string', nullable: true },
      'is-odd': { type: 'boolean' },
      namespace: { type: 'string' },
    },
  },
);

const evaluate = (expression: string): unknown => runtime.evaluate(expression, { self }) as unknown;

describe('CEL as Kubernetes has it', () => {
  const holds = [
    // values by their schema
    'self.n + 1 == 4',
    'type(self.n) == int && type(self.x) == double && type(self.whole) == double',
    'type(self.either) == string',
    'self.at < timestamp("2026-01-02T00:00:00Z") && self.at.getFullYear() == 2026',
    'self.window == duration("90s") && self.window < duration("2m")',
    'self.nothing == null && has(self.nothing)',
    'self.is__dash__odd && self.__namespace__ == "ns"',
    'self.labels["a.b/c"] == "x" && "a.b/c" in self.labels',
    '!has(self.missing)',
    'self.?missing.orValue("none") == "none"',
    // quantities
    'quantity(self.either).isGreaterThan(quantity("1023Mi"))',
    'quantity("500m").isLessThan(quantity("0.6"))',
    'quantity("1").compareTo(quantity("1000m")) == 0 && quantity("1") == quantity("1000m")',
    'quantity("1k").compareTo(quantity("1")) == 1 && quantity("-1").sign() == -1 && quantity("0").sign() == 0',
    'quantity("0.1n").isGreaterThan(quantity("0"))',
    'isQuantity("1.5Gi") && !isQuantity("1.5GiB")',
    'quantity("2k").isInteger() && quantity("2k").asInteger() == 2000 && !quantity("1500m").isInteger()',
    'quantity("1500m").asApproximateFloat() == 1.5',
    'quantity("1").add(quantity("500m")) == quantity("1.5") && quantity("1").sub(1) == quantity("0")',
    // strings
    'self.text.charAt(4) == "o" && self.text.charAt(11) == ""',
    'self.text.indexOf("o") == 4 && self.text.lastIndexOf("o") == 7',
    'self.text.lowerAscii() == "hello world" && self.text.upperAscii() == "HELLO WORLD"',
    'self.text.split(" ") == ["Hello", "World"] && ["a", "b"].join("-") == "a-b"',
    'self.text.replace("l", "L") == "HeLLo WorLd" && self.text.replace("l", "L", 1) == "HeLlo World"',
    '" x ".trim() == "x" && self.text.substring(6) == "World" && "abc".reverse() == "cba"',
    'self.text.matches("^[A-Z]") && self.text.contains("lo W")',
    '"%s has %d, %.2f and 100%%".format(["it", 3, 1.5]) == "it has 3, 1.50 and 100%"',
    // regular expressions
    '"a1b22".find("[0-9]+") == "1" && "a".find("[0-9]") == ""',
    '"a1b22".findAll("[0-9]+") == ["1", "22"] && "a1b22".findAll("[0-9]+", 1) == ["1"]',
    '"ABC".find("(?i)b") == "B"',
    // lists
    'self.list.sum() == 6 && self.doubles.sum() == 3.5 && [].sum() == 0',
    'self.list.min() == 1 && self.list.max() == 3 && self.words.min() == "a"',
    '!self.list.isSorted() && [1, 2, 2].isSorted() && [].isSorted()',
    'self.words.indexOf("a") == 1 && self.words.lastIndexOf("z") == -1',
    // macros
    'self.list.all(e, e > 0) && self.list.exists(e, e == 2) && self.list.exists_one(e, e == 3)',
    'self.list.filter(e, e > 1).map(e, e * 2) == [6, 4]',
    'self.labels.all(k, k.size() == 5) && self.labels.exists(k, self.labels[k] == "x")',
    'sets.contains(self.list, [1, 2]) && sets.intersects([1], self.list) && sets.equivalent([1, 1, 2], [2, 1])',
  ];
  for (const expression of holds) {
    it(expression, () => expect(evaluate(expression)).to.equal(true));
  }

  const fails: Record<string, RegExp> = {
    'quantity("abc")': /quantities must match the regular expression/,
    'quantity("1500m").asInteger()': /cannot convert value to integer/,
    '[].min()': /min called on empty list/,
    'self.text.charAt(99)': /index out of range/,
    'self.missing > 1': /No such key: missing/,
    '"%d".format([])': /out of range/,
  };
  for (const [expression, message] of Object.entries(fails)) {
    it(`${expression} fails`, () => expect(() => evaluate(expression)).to.throw(message));
  }

  it('makes quantities of its own type', () =>
    expect(evaluate('quantity("1")')).to.be.instanceOf(CelQuantity));
});

describe('names inside CEL', () => {
  const names: Record<string, string> = {
    plain: 'plain',
    namespace: '__namespace__',
    in: '__in__',
    'a-b': 'a__dash__b',
    'a.b': 'a__dot__b',
    'a/b': 'a__slash__b',
    a__b: 'a__underscores__b',
  };
  for (const [name, escaped] of Object.entries(names)) {
    it(`${name} is ${escaped}`, () => expect(escapeName(name)).to.equal(escaped));
  }
});
