import type { CustomAutoscaler, MetricSpec } from '../../api/generated/custom-autoscaler.ts';
import { UserError } from '../../lib/errors.ts';
import { formatQuantity, parseQuantity, QuantityError, quantityToNumber } from '../../lib/quantity.ts';

/** What is to be scaled, and how: the flags of `kubectl autoscale`. */
export interface Bounds {
  /** Absent or negative: the server's default. */
  readonly min?: number;
  readonly max?: number;
  readonly cpu?: string;
  readonly memory?: string;
  readonly cpuPercent?: number;
}

export interface ScaleTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

type Manifest = CustomAutoscaler & {
  readonly apiVersion: 'plimsoll.dev/v1';
  readonly kind: 'CustomAutoscaler';
  readonly metadata: { readonly name: string; readonly namespace: string };
};

/**
 * In the words of kubectl's own checks.
 * @throws UserError for flags that make no autoscaler
 */
export function checkBounds({ min = -1, max = -1, cpu, cpuPercent = -1 }: Bounds): void {
  if (max < 1) throw new UserError(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
  if (max < min)
    throw new UserError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
  if (cpuPercent > 0 && cpu !== undefined)
    throw new UserError('--cpu-percent and --cpu are mutually exclusive; --cpu-percent is deprecated');
}

/** @throws UserError for targets of metrics that are none */
export function autoscalerFor(
  { apiVersion, kind, name, namespace }: ScaleTarget,
  bounds: Bounds,
  ownName = name,
): Manifest {
  const { min = -1, max = 1 } = bounds;
  const metrics = metricsOf(bounds);
  return {
    apiVersion: 'plimsoll.dev/v1',
    kind: 'CustomAutoscaler',
    metadata: { name: ownName, namespace },
    spec: {
      scaleTargetRef: { apiVersion, kind, name },
      ...(min < 0 ? {} : { minReplicas: min }),
      maxReplicas: max,
      ...(metrics.length === 0 ? {} : { metrics }),
    },
  };
}

/** A number without a unit is in these, as in kubectl. */
const units = { cpu: 'm', memory: 'Mi' } as const;

function metricsOf({ cpu, memory, cpuPercent = -1 }: Bounds): MetricSpec[] {
  const cpuTarget = cpuPercent > 0 ? `${cpuPercent}%` : cpu;
  return [
    ...(cpuTarget === undefined ? [] : [resourceMetric('cpu', cpuTarget)]),
    ...(memory === undefined ? [] : [resourceMetric('memory', memory)]),
  ];
}

function resourceMetric(name: keyof typeof units, text: string): MetricSpec {
  const percent = /^(\d+)%$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) > 0)
    return {
      type: 'Resource',
      resource: { name, target: { type: 'Utilization', averageUtilization: Number(percent) } },
    };
  const averageValue = amount(/^\d+$/.test(text) ? `${text}${units[name]}` : text);
  if (averageValue !== undefined)
    return { type: 'Resource', resource: { name, target: { type: 'AverageValue', averageValue } } };
  const example = { cpu: '500m', memory: '200Mi' }[name];
  throw new UserError(
    `--${name}=${text}: allowed is a percentage above 0, such as 70%, or a quantity, such as ${example}`,
  );
}

/** Undefined when it is no quantity above zero. */
function amount(text: string): string | undefined {
  try {
    const quantity = parseQuantity(text);
    return quantityToNumber(quantity) > 0 ? formatQuantity(quantity) : undefined;
  } catch (error) {
    if (error instanceof QuantityError) return undefined;
    throw error;
  }
}
