import type { KubeObject } from '../../cluster-api.ts';
import {
  child,
  children,
  clone,
  dropEmpty,
  ensureChild,
  isObject,
  omit,
  setDefault,
  stringAt,
} from '../json.ts';
import type { JsonObject } from '../json.ts';
import { canonicalQuantity } from './quantities.ts';

/** The first answers of a HorizontalPodAutoscaler: no controller runs here. */
export function defaultHpa(hpa: KubeObject): void {
  const spec = ensureChild(hpa, 'spec');
  setDefault(spec, 'minReplicas', 1);
  const metrics = children(spec, 'metrics');
  if (metrics.length === 0) spec.metrics = [cpuMetric(80)];
  for (const metric of metrics) canonicalTarget(metric);
  for (const rules of ['scaleUp', 'scaleDown'].map((name) => child(child(spec, 'behavior'), name))) {
    if (rules.tolerance !== undefined) rules.tolerance = canonicalQuantity(rules.tolerance);
  }
  if (isObject(spec.behavior)) defaultBehavior(spec.behavior);
  const status = ensureChild(hpa, 'status');
  setDefault(status, 'desiredReplicas', 0);
  status.currentMetrics ??= null;
  dropEmpty(status, ['conditions']);
}

function cpuMetric(averageUtilization: number): JsonObject {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } };
}

export const metricSources = ['resource', 'containerResource', 'pods', 'object', 'external'];

function canonicalTarget(metric: JsonObject): void {
  for (const source of metricSources) {
    const target = child(child(metric, source), 'target');
    for (const key of ['value', 'averageValue']) {
      if (target[key] !== undefined) target[key] = canonicalQuantity(target[key]);
    }
  }
}

/** As autoscaling/v2: the whole of scaleUp and scaleDown once behavior is there, but for scaleDown's window. */
function defaultBehavior(behavior: JsonObject): void {
  const up = ensureChild(behavior, 'scaleUp');
  setDefault(up, 'stabilizationWindowSeconds', 0);
  setDefault(up, 'selectPolicy', 'Max');
  setDefault(up, 'policies', [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ]);
  const down = ensureChild(behavior, 'scaleDown');
  setDefault(down, 'selectPolicy', 'Max');
  setDefault(down, 'policies', [{ type: 'Percent', value: 100, periodSeconds: 15 }]);
}

const annotations = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
  currentMetrics: 'autoscaling.alpha.kubernetes.io/current-metrics',
};

function isCpuUtilization(metric: JsonObject): boolean {
  const resource = child(metric, 'resource');
  return stringAt(resource, 'name') === 'cpu' && child(resource, 'target').averageUtilization !== undefined;
}

/** autoscaling/v1 knows cpu utilization only; the rest is JSON in annotations. */
export function hpaFromStorage(stored: KubeObject): KubeObject {
  const hpa = clone(stored);
  hpa.apiVersion = 'autoscaling/v1';
  const spec = child(hpa, 'spec');
  const metrics = children(spec, 'metrics');
  const cpu = metrics.find(isCpuUtilization);
  const others = metrics.filter((metric) => metric !== cpu);
  const extra: [string, unknown][] = [];
  if (others.length > 0) extra.push([annotations.metrics, others]);
  if (spec.behavior !== undefined) extra.push([annotations.behavior, spec.behavior]);
  const status = child(hpa, 'status');
  if (status.conditions !== undefined) extra.push([annotations.conditions, status.conditions]);
  const current = children(status, 'currentMetrics');
  const others2 = current.filter((metric) => !isCurrentCpu(metric));
  if (others2.length > 0) extra.push([annotations.currentMetrics, others2]);
  if (extra.length > 0) {
    const texts = Object.fromEntries(extra.map(([key, value]) => [key, JSON.stringify(value)]));
    hpa.metadata.annotations = { ...hpa.metadata.annotations, ...texts };
  }
  hpa.spec = v1Spec(spec, cpu);
  hpa.status = v1Status(status, current.find(isCurrentCpu));
  return hpa;
}

function isCurrentCpu(metric: JsonObject): boolean {
  const resource = child(metric, 'resource');
  return stringAt(resource, 'name') === 'cpu' && child(resource, 'current').averageUtilization !== undefined;
}

function v1Spec(spec: JsonObject, cpu: JsonObject | undefined): JsonObject {
  const rest = omit(spec, ['metrics', 'behavior']);
  const percent = child(child(cpu, 'resource'), 'target').averageUtilization;
  return percent === undefined ? rest : { ...rest, targetCPUUtilizationPercentage: percent };
}

function v1Status(status: JsonObject, cpu: JsonObject | undefined): JsonObject {
  const percent = child(child(cpu, 'resource'), 'current').averageUtilization;
  const result = { currentReplicas: 0, ...omit(status, ['conditions', 'currentMetrics']) };
  return percent === undefined ? result : { ...result, currentCPUUtilizationPercentage: percent };
}

export function hpaToStorage(sent: KubeObject): KubeObject {
  const hpa = clone(sent);
  hpa.apiVersion = 'autoscaling/v2';
  const spec = ensureChild(hpa, 'spec');
  const percent = spec.targetCPUUtilizationPercentage;
  Reflect.deleteProperty(spec, 'targetCPUUtilizationPercentage');
  const others = parsed(hpa, annotations.metrics);
  const metrics = [...(Array.isArray(others) ? (others as unknown[]) : [])];
  if (typeof percent === 'number') metrics.push(cpuMetric(percent));
  if (metrics.length > 0) spec.metrics = metrics;
  const behavior = parsed(hpa, annotations.behavior);
  if (behavior !== undefined) spec.behavior = behavior;
  const status: unknown = hpa.status;
  if (isObject(status)) {
    Reflect.deleteProperty(status, 'currentCPUUtilizationPercentage');
    if (status.currentReplicas === 0) Reflect.deleteProperty(status, 'currentReplicas');
    const conditions = parsed(hpa, annotations.conditions);
    if (conditions !== undefined) status.conditions = conditions;
    const current = parsed(hpa, annotations.currentMetrics);
    if (current !== undefined) status.currentMetrics = current;
  }
  for (const key of Object.values(annotations)) Reflect.deleteProperty(hpa.metadata.annotations ?? {}, key);
  return hpa;
}

function parsed(hpa: KubeObject, annotation: string): unknown {
  const text = hpa.metadata.annotations?.[annotation];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
