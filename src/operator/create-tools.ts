import { EventRecorder } from '../act/events.ts';
import { Discovery } from '../kube/discovery.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { CustomMetrics } from '../observe/custom-metrics.ts';
import { ExternalMetrics } from '../observe/external-metrics.ts';
import type { Sources } from '../observe/observe.ts';
import { Prometheus } from '../observe/prometheus/prometheus.ts';
import { isLoopbackServer } from '../observe/pod-scrape/address.ts';
import { PodScraper } from '../observe/pod-scrape/pod-scrape.ts';
import { ResourceMetrics } from '../observe/resource-metrics.ts';
import type { AutoscalerTable } from './autoscaler-table.ts';
import type { Caches } from './caches.ts';
import type { Term } from './leadership.ts';
import type { OperatorOptions } from './options.ts';
import type { TargetIndex } from './target-index.ts';
import type { Telemetry } from './telemetry.ts';
import type { Tools } from './tools.ts';

export interface Parts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly caches: Caches;
  readonly table: AutoscalerTable;
  readonly targets: TargetIndex;
  /** This process, as events name it. */
  readonly instance: string;
  readonly options: OperatorOptions;
  /** Ends what a stop does not wait for. */
  readonly signal: AbortSignal;
}

/** What the reconciles of one term work with, made of the operator's parts. */
export function createTools(parts: Parts, { signal: lost, fence }: Term): Tools {
  const { client, clock, logger, table, targets, telemetry, instance, options } = parts;
  const signal = AbortSignal.any([parts.signal, lost]);
  const write = { signal, ...(fence === undefined ? {} : { fence }) };
  const events = new EventRecorder({
    ...{ client, clock, logger, instance, ...write },
    onWrite: (ok) => telemetry.eventWrite(ok),
    onDrop: (reason) => telemetry.eventDropped(reason),
  });
  const sources = createSources(parts, signal);
  telemetry.observeScrapes(() => sources.podScraper.keptPods);
  const rivalsUnseen = (): string | undefined => parts.caches.rivalsUnseen();
  return { client, sources, table, targets, rivalsUnseen, events, options, clock, write };
}

function createSources({ client, clock, caches, options, telemetry }: Parts, signal: AbortSignal): Sources {
  const { pods, workloads } = caches;
  const { syncPeriodMs, namespace } = options;
  const discovery = new Discovery({ client, clock });
  const limits = { timeoutMs: options.metricTimeoutMs };
  const shared = { client, clock, limits, signal };
  return {
    ...{ client, discovery, pods, workloads },
    resourceMetrics: new ResourceMetrics({
      ...shared,
      ...{ syncPeriodMs, pods },
      mayListAll: namespace === undefined,
    }),
    customMetrics: new CustomMetrics({ client, discovery, limits }),
    externalMetrics: new ExternalMetrics({ client, limits }),
    podScraper: new PodScraper({
      ...{ clock, syncPeriodMs, signal },
      limits: {
        timeoutMs: options.podScrapeTimeoutMs,
        deadlineMs: options.metricTimeoutMs,
        concurrency: options.podScrapeConcurrency,
      },
      mayLoopback: isLoopbackServer(client.server),
      onScrape: (report) => telemetry.scraped(report),
    }),
    prometheus: new Prometheus({
      ...{ clock, limits, signal, syncPeriodMs },
      servers: options.prometheusServers,
      onRequest: (request) => telemetry.prometheusRequest(request),
      onFailure: (server, type) => telemetry.prometheusFailure(server, type),
    }),
  };
}
