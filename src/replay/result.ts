import { wireStatus } from '../api/status.ts';
import type { AutoscalerObject } from '../api/to-policy.ts';
import type { AutoscalerStatus } from '../decide/snapshot.ts';
import type { TickResult } from './run.ts';

/** The HPA's own status as a recording holds it: conditions without time and message. */
export interface RecordedStatus {
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

export function recordedResult({
  scaledTo,
  statusWritten,
  status,
  object,
  events,
}: TickResult): RecordedResult {
  return {
    scaledTo,
    statusWritten,
    status: recordedStatus(status, object),
    events: events.map(({ type, reason }) => ({ type, reason })),
  };
}

/** A status stands over many ticks; what it looks like need be worked out once. */
const known = new WeakMap<AutoscalerStatus, RecordedStatus>();

function recordedStatus(status: AutoscalerStatus, object: AutoscalerObject): RecordedStatus {
  const before = known.get(status);
  if (before !== undefined) return before;
  const made = makeStatus(status, object);
  known.set(status, made);
  return made;
}

/** Quantities print as the API server gives them back; the text for `kubectl get` is not asked for, hence no metrics in the spec. */
function makeStatus(status: AutoscalerStatus, { spec }: AutoscalerObject): RecordedStatus {
  const wire = wireStatus(status, { spec: { ...spec, metrics: [] } });
  return {
    currentReplicas: wire.currentReplicas ?? 0,
    desiredReplicas: wire.desiredReplicas ?? 0,
    lastScaleTime: wire.lastScaleTime ?? null,
    currentMetrics: wire.currentMetrics ?? null,
    conditions: (wire.conditions ?? []).map(({ type, status: state, reason = '' }) => ({
      type,
      status: state,
      reason,
    })),
  };
}
