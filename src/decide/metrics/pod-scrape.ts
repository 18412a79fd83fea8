import { int64 } from '../int64.ts';
import type { MetricSpec } from '../policy.ts';
import type { FailedProposal, Proposal } from '../proposal.ts';
import type { NotScraped, PodMetricSample, Reading } from '../snapshot.ts';
import type { Sample } from './group-pods.ts';
import { notScrapedText } from './not-scraped.ts';
import { proposeByAverage } from './pod-average.ts';
import { failed } from './tick.ts';
import type { Tick } from './tick.ts';
import { plainAverage } from './yardsticks.ts';

type PodScrapeSpec = Extract<MetricSpec, { type: 'PodScrape' }>;

/** What each pod shows at its own endpoint, held against an average: a pod without a sample counts as in a metric of pods. */
export function proposePodScrape(
  { metric, target }: PodScrapeSpec,
  samples: Reading<readonly PodMetricSample[]>,
  tick: Tick,
  notScraped: readonly NotScraped[] = [],
): Proposal {
  if (!samples.ok) return failure(`unable to scrape metric ${metric.name}: ${samples.message}`);
  const because = notScraped.length === 0 ? '' : `: ${notScrapedText(notScraped)}`;
  if (samples.value.length === 0) return failure(`no pod showed metric ${metric.name}${because}`);
  const byPod = new Map<string, Sample>();
  for (const { podName, milli, timestampMs, windowMs } of samples.value)
    byPod.set(podName, { value: int64(milli), timestampMs, windowMs });
  const found = proposeByAverage(tick, byPod, false, plainAverage(target.averageMilli ?? 0n));
  if (!found.ok) return failure(found.message);
  const { replicas, measured } = found.value;
  const inputs = notScraped.length === 0 ? found.value.inputs : { ...found.value.inputs, notScraped };
  const status = { type: 'PodScrape', metric, averageMilli: BigInt(measured.averageMilli) } as const;
  return { ok: true, replicas, description: `scraped metric ${metric.name}`, status, inputs };
}

function failure(message: string): FailedProposal {
  return failed('FailedGetPodScrapeMetric', message, `failed to get scraped metric value: ${message}`);
}
