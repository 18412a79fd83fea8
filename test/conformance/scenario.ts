import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { WireStatus } from '../../src/api/status.ts';
import type { AutoscalerObject } from '../../src/api/to-policy.ts';
import type {
  ExternalMetricValueJson,
  MetricValueJson,
  PodJson,
  PodMetricsJson,
  ScaleJson,
} from '../../src/api/types.ts';
import type { LabelSelector, OtherAutoscaler } from '../../src/decide/snapshot.ts';

/** The replay format: one autoscaler and the ticks that its controller lived through. */
export interface Scenario {
  name: string;
  requires?: string[];
  featureGates?: Record<string, boolean>;
  initialState?: {
    recommendations?: WireReplicasAt[];
    scaleUpEvents?: WireReplicasAt[];
    scaleDownEvents?: WireReplicasAt[];
  };
  controller: {
    tolerance: number;
    downscaleStabilizationSeconds: number;
    cpuInitializationPeriodSeconds: number;
    initialReadinessDelaySeconds: number;
  };
  otherAutoscalers?: OtherAutoscaler[];
  autoscaler: AutoscalerObject & { status?: WireStatus };
  ticks: WireTick[];
}

export interface WireReplicasAt {
  time: string;
  replicas: number;
}

export interface WireTick {
  time: string;
  autoscalerUpdate?: { spec: AutoscalerObject['spec'] };
  scale?: ScaleJson;
  scaleError?: string;
  scaleUpdateError?: string;
  statusUpdateError?: string;
  notes?: string[];
  pods?: PodJson[];
  resourceMetrics?: PodMetricsJson[];
  resourceMetricsError?: string;
  customMetrics?: WireCustomMetric[];
  customMetricsError?: string;
  externalMetrics?: ExternalMetricValueJson[];
  externalMetricsError?: string;
  expect: { scaledTo: number | null; statusWritten: boolean; status: object; events: object[] };
}

export interface WireCustomMetric extends MetricValueJson {
  metric: { name: string; selector?: LabelSelector | null };
}

export function readLines(name: string): string[] {
  const file = new URL(`../fixtures/conformance/${name}.jsonl.gz`, import.meta.url);
  return gunzipSync(readFileSync(file)).toString().trim().split('\n');
}

export function* scenariosOf(name: string): Generator<Scenario> {
  for (const line of readLines(name)) yield JSON.parse(line) as Scenario;
}
