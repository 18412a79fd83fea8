import type { KubeObject } from '../../cluster-api.ts';
import { child, children, isObject, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { ageColumn, firstOf, nameColumn, numberAt } from './column.ts';
import type { Column } from './column.ts';

const unknown = '<unknown>';

/** How one metric is shown: `cpu: 40%/80%`, `<unknown>/30`, `5/10 (avg)`. */
type MetricText = (spec: JsonObject, current: JsonObject) => string;

const resourceText: MetricText = (spec, current) => {
  const target = child(spec, 'target');
  const name = stringAt(spec, 'name');
  if (target.averageValue !== undefined) {
    return `${name}: ${textAt(current, 'averageValue')}/${textAt(target, 'averageValue')}`;
  }
  return `${name}: ${percentAt(current, unknown)}/${percentAt(target, '<auto>')}`;
};

const valueText: MetricText = (spec, current) => {
  const target = child(spec, 'target');
  if (target.averageValue !== undefined) {
    return `${textAt(current, 'averageValue')}/${textAt(target, 'averageValue')} (avg)`;
  }
  return `${textAt(current, 'value')}/${textAt(target, 'value')}`;
};

const podsText: MetricText = (spec, current) =>
  `${textAt(current, 'averageValue')}/${textAt(child(spec, 'target'), 'averageValue')}`;

const metricTexts: Readonly<Record<string, readonly [source: string, text: MetricText]>> = {
  Resource: ['resource', resourceText],
  ContainerResource: ['containerResource', resourceText],
  External: ['external', valueText],
  Object: ['object', valueText],
  Pods: ['pods', podsText],
};

function textAt(parent: JsonObject, key: string): string {
  const value = parent[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : unknown;
}

function percentAt(parent: JsonObject, absent: string): string {
  const { averageUtilization: percent } = parent;
  return typeof percent === 'number' ? `${percent}%` : absent;
}

/** autoscaling/v1 has one metric, and no list. */
function metricsOf(spec: JsonObject): JsonObject[] {
  const { targetCPUUtilizationPercentage: percent } = spec;
  if (percent === undefined) return children(spec, 'metrics');
  return [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: percent } } }];
}

function currentOf(status: JsonObject): JsonObject[] {
  const { currentCPUUtilizationPercentage: percent, currentMetrics } = status;
  if (percent !== undefined) return [{ resource: { current: { averageUtilization: percent } } }];
  return Array.isArray(currentMetrics) ? currentMetrics.map((each) => (isObject(each) ? each : {})) : [];
}

function targetsText(hpa: KubeObject): string {
  const current = currentOf(child(hpa, 'status'));
  const texts = metricsOf(child(hpa, 'spec')).map((metric, index) => {
    const known = metricTexts[stringAt(metric, 'type')];
    if (known === undefined) return '<unknown type>';
    const [source, text] = known;
    return text(child(metric, source), child(child(current[index], source), 'current'));
  });
  return texts.length === 0 ? '<none>' : firstOf(texts, 2, ', ');
}

function referenceText(hpa: KubeObject): string {
  const target = child(child(hpa, 'spec'), 'scaleTargetRef');
  return `${stringAt(target, 'kind')}/${stringAt(target, 'name')}`;
}

export const hpaColumns: readonly Column[] = [
  nameColumn,
  { name: 'Reference', description: 'What is scaled.', cell: referenceText },
  { name: 'Targets', description: 'What each metric shows now, and its target.', cell: targetsText },
  {
    name: 'MinPods',
    description: 'The lowest replica count that may be set.',
    cell: (hpa) => {
      const { minReplicas } = child(hpa, 'spec');
      return typeof minReplicas === 'number' ? String(minReplicas) : '<unset>';
    },
  },
  {
    name: 'MaxPods',
    description: 'The highest replica count that may be set.',
    cell: (hpa) => numberAt(child(hpa, 'spec'), 'maxReplicas'),
  },
  {
    name: 'Replicas',
    description: 'The replica count of the target when it was last looked at.',
    cell: (hpa) => numberAt(child(hpa, 'status'), 'currentReplicas'),
  },
  ageColumn,
];
