import type {
  DecisionMetric,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from '../../api/generated/custom-autoscaler.ts';
import { formatQuantity, parseQuantity, quantityToNumber } from '../../lib/quantity.ts';
import type { WatchMetric } from '../../report/watch-state.ts';
import type { Usage, WatchedPod } from './objects.ts';

/** A metric of a spec with what it shows. */
export interface MetricReading {
  readonly metric: Omit<WatchMetric, 'samples'>;
  /** What it shows as a number, for a curve. */
  readonly value: number | null;
}

/** What a reading is taken from. */
export interface MetricSources {
  readonly reading: MetricStatus | undefined;
  readonly decided: DecisionMetric | undefined;
  readonly pods: readonly WatchedPod[];
  readonly usage: Usage;
}

/**
 * One metric as it is now. Utilization of CPU and memory comes from metrics.k8s.io where that answers, as it is newer than what the
 * status says; everything else from the status.
 */
export function readMetric(
  spec: MetricSpec,
  { reading, decided, pods, usage }: MetricSources,
): MetricReading {
  const target = targetOf(spec);
  const live = liveUtilization(spec, target, pods, usage);
  const [shown, value] = live === undefined ? shownOf(target, currentOf(reading)) : [`${live}%`, live];
  const { proposedReplicas, wins, message } = decided ?? {};
  return {
    metric: {
      ...{ name: nameOf(spec), type: spec.type, wins: wins === true },
      ...(shown === undefined ? {} : { current: shown }),
      ...optional('target', targetText(target)),
      ...optional('wants', proposedReplicas),
      ...optional('message', message),
    },
    value: value ?? null,
  };
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

type Source = {
  readonly name?: string;
  readonly container?: string;
  readonly metric?: { readonly name?: string };
  readonly query?: string;
  readonly target?: MetricTarget;
};

function sourceOf(spec: MetricSpec): Source | undefined {
  const { resource, containerResource, pods, object, external, podScrape, prometheus } = spec;
  return resource ?? containerResource ?? pods ?? object ?? external ?? podScrape ?? prometheus;
}

function nameOf(spec: MetricSpec): string {
  const { name, container, metric, query } = sourceOf(spec) ?? {};
  const own = name ?? metric?.name ?? query ?? '?';
  return container === undefined ? own : `${container}/${own}`;
}

function targetOf(spec: MetricSpec): MetricTarget | undefined {
  return sourceOf(spec)?.target;
}

function currentOf(reading: MetricStatus | undefined): MetricValueStatus | undefined {
  const { resource, containerResource, pods, object, external, podScrape, prometheus } = reading ?? {};
  return (resource ?? containerResource ?? pods ?? object ?? external ?? podScrape ?? prometheus)?.current;
}

const fields = ['averageValue', 'averageUtilization', 'value'] as const;

function fieldOf(target: MetricTarget | undefined): (typeof fields)[number] | undefined {
  return fields.find((field) => target?.[field] !== undefined);
}

function targetText(target: MetricTarget | undefined): string | undefined {
  const field = fieldOf(target);
  return field === undefined ? undefined : textOf(field, target?.[field]);
}

function shownOf(
  target: MetricTarget | undefined,
  current: MetricValueStatus | undefined,
): [text: string | undefined, value: number | undefined] {
  const field = fieldOf(target);
  const value = field && current?.[field];
  if (field === undefined || value === undefined) return [undefined, undefined];
  return [textOf(field, value), quantityToNumber(parseQuantity(String(value)))];
}

function textOf(field: (typeof fields)[number], value: number | string | undefined): string {
  return field === 'averageUtilization' ? `${value}%` : formatQuantity(parseQuantity(String(value)));
}

/** Percent of what the pods request, of those that are ready and have a sample, as the HPA's formula counts them. */
function liveUtilization(
  { type, resource }: MetricSpec,
  target: MetricTarget | undefined,
  pods: readonly WatchedPod[],
  usage: Usage,
): number | undefined {
  if (type !== 'Resource' || resource === undefined || fieldOf(target) !== 'averageUtilization')
    return undefined;
  let [used, requested] = [0, 0];
  for (const { facts } of pods) {
    const sample = usage.get(facts.name)?.[resource.name];
    const requests = facts.podRequests?.[resource.name] ?? sumOfRequests(facts.containers, resource.name);
    if (sample === undefined || requests === 0 || facts.deleting || facts.ready?.status !== 'True') continue;
    used += sample;
    requested += requests;
  }
  return requested === 0 ? undefined : Math.trunc((used * 100) / requested);
}

function sumOfRequests(
  containers: readonly { readonly requests: Readonly<Record<string, number>> }[],
  resource: string,
): number {
  return containers.reduce((sum, { requests }) => sum + (requests[resource] ?? 0), 0);
}
