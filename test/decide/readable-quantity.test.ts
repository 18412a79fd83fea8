import { expect } from 'chai';
import fc from 'fast-check';
import { readableQuantity } from '../../src/decide/readable-quantity.ts';
import { compareQuantity, parseQuantity, quantityFromMilli } from '../../src/lib/quantity.ts';

const cases: Record<string, [milli: bigint, format: 'BinarySI' | 'DecimalSI', text: string]> = {
  'nothing is 0': [0n, 'DecimalSI', '0'],
  'a part of a core stays in thousandths': [235n, 'DecimalSI', '235m'],
  'a core and a half too': [1500n, 'DecimalSI', '1500m'],
  'more cores are told to a tenth': [12_346n, 'DecimalSI', '12.3'],
  'whole units stay': [8_000n, 'DecimalSI', '8'],
  'thousands have a suffix': [123_456_000n, 'DecimalSI', '123.5k'],
  'whole binary units stay': [512n * 2n ** 20n * 1000n, 'BinarySI', '512Mi'],
  'bytes become mebibytes': [32_968_617_000n, 'BinarySI', '31.4Mi'],
  'thousandths of bytes too': [32_968_617_500n, 'BinarySI', '31.4Mi'],
  'a whole number of tenths has no more digits': [1_610_612_737n * 1000n, 'BinarySI', '1.5Gi'],
  'what rounds up to the next unit is told in it': [1_048_575_000n, 'BinarySI', '1Mi'],
  'a negative value keeps its sign': [-123_456_000n, 'DecimalSI', '-123.5k'],
  'the smallest that there is can be told': [-(2n ** 63n), 'DecimalSI', '-9.2P'],
  'beyond the largest unit there is no other': [1_234_567n * 10n ** 21n, 'DecimalSI', '1234567E'],
};

describe('a quantity for people', () => {
  for (const [sentence, [milli, format, text]] of Object.entries(cases)) {
    it(sentence, () => expect(readableQuantity(milli, format)).to.equal(text));
  }

  it('is short, and within a twentieth of its unit of the value', () => {
    const milli = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(milli, fc.constantFrom('BinarySI', 'DecimalSI'), (value, format) => {
        const text = readableQuantity(value, format);
        expect(text).to.match(/^\d{1,4}(\.\d)?[a-zA-Z]{0,2}$/);
        // A twentieth of a unit is at most a twentieth of the value.
        const [low, high] = [
          quantityFromMilli((value * 94n) / 100n),
          quantityFromMilli((value * 106n) / 100n + 1n),
        ];
        expect(compareQuantity(parseQuantity(text), low)).to.be.at.least(0);
        expect(compareQuantity(parseQuantity(text), high)).to.be.at.most(0);
      }),
    );
  });
});
