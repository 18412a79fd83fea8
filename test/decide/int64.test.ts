import { expect } from 'chai';
import fc from 'fast-check';
import { add, ceilToReplicas, divide, int64, multiply, toInt32 } from '../../src/decide/int64.ts';

const any64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
  fc.bigInt({ min: -1000n, max: 1000n }),
);
const wrapped = (value: bigint) => BigInt.asIntN(64, value);

describe('64-bit integers', () => {
  it('add, multiply and divide as bigints that wrap around do', () => {
    fc.assert(
      fc.property(any64, any64, (a, b) => {
        expect(BigInt(add(int64(a), int64(b)))).to.equal(wrapped(a + b));
        expect(BigInt(multiply(int64(a), int64(b)))).to.equal(wrapped(a * b));
        if (b !== 0n) expect(BigInt(divide(int64(a), int64(b)))).to.equal(wrapped(a / b));
      }),
    );
  });

  it('stay plain numbers as long as these are exact', () => {
    expect(add(1, 2)).to.equal(3);
    expect(int64(2n ** 53n - 1n)).to.equal(2 ** 53 - 1);
    expect(int64(2n ** 53n)).to.equal(2n ** 53n);
    expect(int64(-(2n ** 53n) + 1n)).to.equal(-(2 ** 53) + 1);
    expect(int64(-(2n ** 53n))).to.equal(-(2n ** 53n));
    expect(add(2 ** 53 - 1, 1)).to.equal(2n ** 53n);
  });

  it('divide toward zero', () => {
    expect([divide(7, 2), divide(-7, 2)]).to.deep.equal([3, -3]);
  });

  it('keep their lower half where Go would', () => {
    expect(toInt32(-5)).to.equal(-5);
    expect([toInt32(2 ** 31 - 1), toInt32(2 ** 31)]).to.deep.equal([2 ** 31 - 1, -(2 ** 31)]);
    expect(toInt32(2 ** 32 + 7)).to.equal(7);
    expect(toInt32(2n ** 62n + 9n)).to.equal(9);
  });
});

describe('replica counts', () => {
  const cases: Record<string, [number, number]> = {
    'are rounded up': [1.0000001, 2],
    'are whole already': [3, 3],
    'end at the largest int32': [Infinity, 2 ** 31 - 1],
    'end at the smallest int32': [-1e300, -(2 ** 31 - 1)],
    'are nothing where there is no number': [NaN, 0],
    'have no negative zero': [-0.5, 0],
  };
  for (const [sentence, [value, expected]] of Object.entries(cases)) {
    it(sentence, () => {
      expect(Object.is(ceilToReplicas(value), expected)).to.equal(true);
    });
  }
});
