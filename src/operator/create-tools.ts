import { hostname } from 'node:os';
import { EventRecorder } from '../act/events.ts';
import { Discovery } from '../kube/discovery.ts';
import type { Logger } from '../lib/logger.ts';
import { CustomMetrics } from '../observe/custom-metrics.ts';
import type { PodTable } from '../observe/pod-table.ts';
import { ResourceMetrics } from '../observe/resource-metrics.ts';
import type { OperatorOptions } from './options.ts';
import type { Telemetry } from './telemetry.ts';
import type { Tools } from './tools.ts';

type Parts = Pick<Tools, 'client' | 'clock' | 'table' | 'signal'> & {
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly pods: PodTable;
};

/** What reconciles work with, made of the operator's parts. */
export function createTools(parts: Parts, { syncPeriodMs, controller }: OperatorOptions): Tools {
  const { client, clock, table, signal, logger, telemetry, pods } = parts;
  const discovery = new Discovery({ client, clock });
  const onWrite = (ok: boolean): void => telemetry.eventWritten(ok);
  // Half a period at most: the next tick must not see this one's list.
  const shareMs = Math.min(syncPeriodMs / 2, 5000);
  return {
    client,
    clock,
    table,
    controller,
    signal,
    events: new EventRecorder({ client, clock, logger, instance: hostname(), onWrite }),
    sources: {
      client,
      discovery,
      pods,
      resourceMetrics: new ResourceMetrics({ client, clock, shareMs }),
      customMetrics: new CustomMetrics({ client, discovery }),
      onMetricRead: (read) => telemetry.metricRead(read),
    },
  };
}
