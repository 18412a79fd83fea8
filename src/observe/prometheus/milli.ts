import { PrometheusFailure } from './failure.ts';

/**
 * A number of PromQL in thousandths. Rounded up as quantities are, so that what is there never counts as nothing; but by 15 digits, since
 * 0.1 + 0.2 of the server must not be one thousandth more than 0.3.
 * @throws PrometheusFailure for a value below zero: no count of replicas fits it, and External's arithmetic takes it for an overflow
 */
export function milliOf(value: number): bigint {
  const milli = Math.ceil(Number((value * 1000).toPrecision(15)));
  if (!Number.isFinite(milli)) throw new PrometheusFailure('NotFinite', `the value is ${value}`);
  if (milli < 0)
    throw new PrometheusFailure(
      'Negative',
      'the value is below zero: where that means nothing, put clamp_min(QUERY, 0)',
    );
  return BigInt(milli);
}
