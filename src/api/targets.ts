import type {
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from './generated/custom-autoscaler.ts';
import type { WireQuantity } from './types.ts';
import { formatQuantity, parseQuantity } from '../lib/quantity.ts';

const shown = 2;

/** What `kubectl get` prints as TARGETS of a spec that no decision can be made of. */
export const invalidTargets = '<invalid spec>';

/**
 * What `kubectl get hpa` prints as TARGETS: `cpu: 73%/50%, memory: 90Mi/100Mi + 1 more...`. A metric without a reading is
 * `<unknown>`; of more than two metrics the rest is counted.
 */
export function targetsText(metrics: readonly MetricSpec[], readings: readonly MetricStatus[]): string {
  if (metrics.length === 0) return '<none>';
  const texts = metrics.slice(0, shown).map((metric, index) => targetText(metric, readings[index] ?? {}));
  const more = metrics.length > shown ? ` + ${metrics.length - shown} more...` : '';
  return texts.join(', ') + more;
}

function targetText(metric: MetricSpec, reading: MetricStatus): string {
  const { resource, containerResource, pods, object, external, podScrape, prometheus } = metric;
  switch (metric.type) {
    case 'Resource':
      return resource ? resourceText(resource, reading.resource?.current) : unknownType;
    case 'ContainerResource':
      return containerResource
        ? resourceText(containerResource, reading.containerResource?.current)
        : unknownType;
    case 'Pods':
      return averageText(pods?.target, reading.pods?.current);
    case 'Object':
      return object ? valueText(object.target, reading.object?.current) : unknownType;
    case 'External':
      return external ? valueText(external.target, reading.external?.current) : unknownType;
    case 'PodScrape':
      return averageText(podScrape?.target, reading.podScrape?.current);
    case 'Prometheus':
      return prometheus ? valueText(prometheus.target, reading.prometheus?.current) : unknownType;
    default:
      return unknownType;
  }
}

const unknownType = '<unknown type>';

/** averageValue goes before averageUtilization, as it does in the decision. */
function resourceText(
  { name, target }: { name: string; target: MetricTarget },
  current: MetricValueStatus | undefined,
): string {
  if (target.averageValue !== undefined) {
    return `${name}: ${quantity(current?.averageValue)}/${quantity(target.averageValue)}`;
  }
  return `${name}: ${percent(current?.averageUtilization, '<unknown>')}/${percent(target.averageUtilization, '<auto>')}`;
}

function averageText(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  return `${quantity(current?.averageValue)}/${quantity(target?.averageValue)}`;
}

function valueText(target: MetricTarget, current: MetricValueStatus | undefined): string {
  if (target.averageValue !== undefined) {
    return `${quantity(current?.averageValue)}/${quantity(target.averageValue)} (avg)`;
  }
  return `${quantity(current?.value)}/${quantity(target.value)}`;
}

/** An average over no replicas, as upstream's status has it when a target starts from zero: Go's least 64-bit integer. */
const averageOverNothing = '-9223372036854775808m';

function quantity(value: WireQuantity | undefined): string {
  if (value === undefined || value === averageOverNothing) return '<unknown>';
  return formatQuantity(parseQuantity(String(value)));
}

function percent(value: number | undefined, absent: string): string {
  return value === undefined ? absent : `${value}%`;
}
