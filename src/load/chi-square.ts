/**
 * The probability that a chi-square variable is at least this large: the upper regularized incomplete gamma function
 * Q(df/2, x/2), by its series below a + 1 and by Lentz's continued fraction above (Numerical Recipes, 6.2).
 * @param degrees of freedom, at least 1
 */
export function chiSquareTail(x: number, degrees: number): number {
  if (x <= 0) return 1;
  const [a, half] = [degrees / 2, x / 2];
  const scale = Math.exp(a * Math.log(half) - half - logGamma(a));
  return half < a + 1 ? 1 - scale * series(a, half) : scale * continuedFraction(a, half);
}

/** Pearson's statistic of counts that should be equal. */
export function chiSquareOf(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Wilson's interval at 95 % for a share of which so many of `total` were seen. */
export function shareInterval(count: number, total: number): { low: number; high: number } {
  const z = 1.959964;
  const share = count / total;
  const middle = share + z ** 2 / (2 * total);
  const spread = z * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2));
  const scale = 1 + z ** 2 / total;
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
}

const smallest = 1e-16;

function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 10_000 && term > sum * smallest; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function continuedFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let result = d;
  for (let n = 1; n < 10_000; n += 1) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / nonZero(an * d + b);
    c = nonZero(b + an / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < smallest * 10) break;
  }
  return result;
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

const lanczos = [
  76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2,
  -0.5395239384953e-5,
];

/** ln of the gamma function (Lanczos), for x > 0. */
function logGamma(x: number): number {
  const base = x + 5.5;
  const sum = lanczos.reduce((total, factor, index) => total + factor / (x + index + 1), 1.000000000190015);
  return (x + 0.5) * Math.log(base) - base + Math.log((2.5066282746310005 * sum) / x);
}
