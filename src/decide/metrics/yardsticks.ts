import { add, divide, int64, multiply, toInt32 } from '../int64.ts';
import type { Int64 } from '../int64.ts';
import type { Reading } from '../snapshot.ts';
import type { Samples } from './group-pods.ts';
import type { Measurement, Yardstick } from './pod-average.ts';

/** Usage in percent of the requests, cut off to an integer: 54.9 % against 50 % is a ratio of 1.08. */
export function utilization(requests: ReadonlyMap<string, Int64>, targetPercent: number): Yardstick {
  const assumedPercent = Math.max(100, targetPercent);
  return {
    measure: (samples) => measureUtilization(samples, requests, targetPercent),
    assumedUsage: (podName) => divide(multiply(requests.get(podName) ?? 0, assumedPercent), 100),
  };
}

/** Samples of pods that no longer exist are skipped: they have no request. */
function measureUtilization(
  samples: Samples,
  requests: ReadonlyMap<string, Int64>,
  targetPercent: number,
): Reading<Measurement> {
  let usage: Int64 = 0;
  let requested: Int64 = 0;
  let count = 0;
  for (const [name, sample] of samples) {
    const request = requests.get(name);
    if (request === undefined) continue;
    usage = add(usage, sample.value);
    requested = add(requested, request);
    count += 1;
  }
  if (Number(requested) === 0) return { ok: false, message: 'no metrics returned matched known pods' };
  const percent = toInt32(divide(multiply(usage, 100), requested));
  const compared = { of: 'utilization', percent, targetPercent } as const;
  return {
    ok: true,
    value: { usageRatio: percent / targetPercent, averageMilli: divide(usage, count), compared },
  };
}

/** The plain average over all samples, also those of pods that no longer exist. */
export function plainAverage(targetMilli: bigint, format: 'DecimalSI' | 'BinarySI' = 'DecimalSI'): Yardstick {
  const target = int64(targetMilli);
  return {
    measure: (samples) => {
      let usage: Int64 = 0;
      for (const sample of samples.values()) usage = add(usage, sample.value);
      const averageMilli = divide(usage, samples.size);
      const compared = { of: 'average', milli: BigInt(averageMilli), targetMilli, format } as const;
      return {
        ok: true,
        value: { usageRatio: Number(averageMilli) / Number(target), averageMilli, compared },
      };
    },
    assumedUsage: () => target,
  };
}
