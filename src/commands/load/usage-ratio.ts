import { applyDefaults } from '../../api/defaults.ts';
import type {
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from '../../api/generated/custom-autoscaler.ts';
import { parseQuantity, quantityToNumber } from '../../lib/quantity.ts';
import type { AutoscalerJson } from './objects.ts';

/** The metric that is farthest above its target, over that target; undefined while none has been read. */
export function usageRatio({ spec, status }: AutoscalerJson): number | undefined {
  const readings = status?.currentMetrics ?? [];
  const ratios = (applyDefaults(spec).metrics ?? []).flatMap((metric, index) => {
    const ratio = ratioOf(targetOf(metric), currentOf(readings[index]));
    return ratio === undefined ? [] : [ratio];
  });
  return ratios.length === 0 ? undefined : Math.max(...ratios);
}

function targetOf(metric: MetricSpec): MetricTarget | undefined {
  const { containerResource, external, object, pods, resource } = metric;
  return (containerResource ?? external ?? object ?? pods ?? resource)?.target;
}

function currentOf(reading: MetricStatus | undefined): MetricValueStatus | undefined {
  const { containerResource, external, object, pods, resource } = reading ?? {};
  return (containerResource ?? external ?? object ?? pods ?? resource)?.current;
}

/** By the first field that both have. */
function ratioOf(
  target: MetricTarget = { type: 'Value' },
  current: MetricValueStatus = {},
): number | undefined {
  const fields = ['averageUtilization', 'averageValue', 'value'] as const;
  const field = fields.find((name) => target[name] !== undefined && current[name] !== undefined);
  if (field === undefined) return undefined;
  const [wanted, is] = [target[field], current[field]].map((value) =>
    quantityToNumber(parseQuantity(String(value))),
  );
  return wanted === undefined || is === undefined || wanted <= 0 ? undefined : is / wanted;
}
