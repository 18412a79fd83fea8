import { timeText } from '../api/json.ts';
import { wireMetric } from '../api/metric-status.ts';
import type { AutoscalerStatus } from '../decide/status.ts';
import type { TickResult } from './run.ts';

/** The HPA's own status as a recording holds it: conditions without time and message. */
interface RecordedStatus {
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  readonly lastScaleTime: string | null;
  readonly currentMetrics: readonly object[] | null;
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
}

/** What a tick came to, with the keys of `expect`. */
export interface RecordedResult {
  readonly scaledTo: number | null;
  readonly statusWritten: boolean;
  readonly status: RecordedStatus;
  readonly events: readonly { readonly type: string; readonly reason: string }[];
}

export function recordedResult({ scaledTo, statusWritten, status, events }: TickResult): RecordedResult {
  return {
    scaledTo,
    statusWritten,
    status: recordedStatus(status),
    events: events.map(({ type, reason }) => ({ type, reason })),
  };
}

/** A status stands over many ticks; what it looks like need be worked out once. */
let last: { readonly status: AutoscalerStatus; readonly recorded: RecordedStatus } | undefined;

function recordedStatus(status: AutoscalerStatus): RecordedStatus {
  if (last?.status !== status) last = { status, recorded: makeStatus(status) };
  return last.recorded;
}

function makeStatus(status: AutoscalerStatus): RecordedStatus {
  const { currentReplicas = 0, desiredReplicas, lastScaleAtMs, currentMetrics, conditions } = status;
  return {
    currentReplicas,
    desiredReplicas,
    lastScaleTime: lastScaleAtMs === undefined ? null : timeText(lastScaleAtMs),
    currentMetrics: currentMetrics?.map(wireMetric) ?? null,
    conditions: conditions.map(({ type, status: state, reason }) => ({ type, status: state, reason })),
  };
}
