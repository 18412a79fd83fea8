import { formatCount } from '../report/format.ts';
import type { Balance, BalanceTest } from '../report/load-result.ts';
import { chiSquareOf, chiSquareTail, shareInterval } from './chi-square.ts';

/** A fair balancer is called uneven so often. */
const falseAlarmRatio = 0.05;
/** Fewer expected in a cell, and the chi-square distribution does not hold (Cochran's rule). */
const leastPerPod = 5;
/** Chance alone is hardly ever so even: the balancer takes turns. */
const tooEven = 0.999;

type Judgement = Pick<Balance, 'verdict' | 'words' | 'test'>;

/**
 * Whether the pods had equal chances.
 * @param counts what each pod had of what the balancer spreads, pods that had none included
 */
export function testBalance(unit: BalanceTest['unit'], counts: Readonly<Record<string, number>>): Judgement {
  const values = Object.values(counts);
  if (values.length === 0) return { verdict: 'unknown', words: 'no answer named its pod' };
  if (values.length === 1) return { verdict: 'onePod', words: 'only one pod answered: nothing to compare' };
  const total = values.reduce((sum, value) => sum + value, 0);
  const needed = leastPerPod * values.length;
  if (total < needed) {
    const words = `too few ${unit} to tell: ${total} ${unit === 'connections' ? 'opened' : 'answered'} in this time, ${needed} needed for ${formatCount(values.length, 'pod')}`;
    return { verdict: 'tooFew', words };
  }
  const test = measure(unit, counts);
  return { ...judge(test), test };
}

function measure(unit: BalanceTest['unit'], counts: Readonly<Record<string, number>>): BalanceTest {
  const values = Object.values(counts);
  const total = values.reduce((sum, value) => sum + value, 0);
  const chiSquare = chiSquareOf(values);
  return {
    unit,
    counts,
    shares: Object.fromEntries(
      Object.entries(counts).map(([pod, count]) => [
        pod,
        { share: count / total, ...shareInterval(count, total) },
      ]),
    ),
    maxOverMean: maxOverMean(values),
    jainIndex: jainIndex(values),
    chiSquare,
    pValue: chiSquareTail(chiSquare, values.length - 1),
  };
}

function judge({ unit, pValue }: BalanceTest): Omit<Judgement, 'test'> {
  const p = `p ${pValue < 0.001 ? '< 0.001' : pValue.toFixed(3)}`;
  if (pValue < falseAlarmRatio)
    return { verdict: 'uneven', words: `uneven: chance hardly explains how ${unit} were spread (${p})` };
  if (pValue > tooEven)
    return {
      verdict: 'fair',
      words: `fair: ${unit} were spread more evenly than by chance, as by taking turns (${p})`,
    };
  return { verdict: 'fair', words: `fair: chance explains how ${unit} were spread (${p})` };
}

/** The largest count over the mean; null when there is nothing to compare. */
export function maxOverMean(counts: readonly number[]): number | null {
  const total = sum(counts);
  return total === 0 ? null : (largest(counts) * counts.length) / total;
}

/** Jain, Chiu and Hawe's index: (sum x)^2 / (n sum x^2). */
export function jainIndex(counts: readonly number[]): number | null {
  const squares = sum(counts.map((count) => count * count));
  return squares === 0 ? null : sum(counts) ** 2 / (counts.length * squares);
}

/** Not `Math.max(...values)`: there may be more of them than a call can have arguments. */
function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
