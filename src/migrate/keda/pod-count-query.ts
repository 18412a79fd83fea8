/** The pods that a label selector finds, as PromQL over the metrics of kube-state-metrics. */

import type { Requirement } from '../../lib/selector.ts';

/** No query says it; the message says why. */
export class UnsaidError extends Error {
  override readonly name = 'UnsaidError';
}

/**
 * How many pods match and have not ended: neither Succeeded nor Failed, as KEDA counts. 0 where there are none, and no answer at all
 * where kube-state-metrics is not there: a count of 0 would then be wrong.
 * @param namespace undefined: those of all
 * @throws UnsaidError
 */
export function podCountQuery(requirements: readonly Requirement[], namespace: string | undefined): string {
  const within = namespace === undefined ? [] : [matcher('namespace', '=', namespace)];
  const phases = metric('kube_pod_status_phase', [...within, 'phase=~"Pending|Running|Unknown"']);
  const labels = metric('kube_pod_labels', [...within, ...matchersOf(requirements)]);
  const namespaces = metric('kube_namespace_status_phase', within);
  return `sum(${phases} * on (namespace, pod) group_left () ${labels}) or 0 * sum(${namespaces})`;
}

function metric(name: string, matchers: readonly string[]): string {
  return matchers.length === 0 ? name : `${name}{${matchers.join(', ')}}`;
}

function matchersOf(requirements: readonly Requirement[]): string[] {
  const keys = new Map<string, string>();
  return requirements.map((requirement) => {
    const { key } = requirement;
    const label = labelName(key);
    const other = keys.get(label) ?? key;
    if (other !== key) throw new UnsaidError(`to kube-state-metrics ${other} and ${key} are one label`);
    keys.set(label, key);
    return matcherOf(label, requirement);
  });
}

/** As kube-state-metrics names it: what Prometheus does not allow becomes `_`, and capitals are written small after a `_`. */
function labelName(key: string): string {
  const words = key.replace(/[^a-zA-Z0-9_]/g, '_').replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  return `label_${words.toLowerCase()}`;
}

/** A matcher holds for an absent label as for an empty one, so that those that exclude hold for it as they do in a selector. */
function matcherOf(label: string, { key, operator, values }: Requirement): string {
  if (values.includes('')) throw new UnsaidError(`${key} without a value is no label to Prometheus`);
  const [value = ''] = values;
  switch (operator) {
    case '=':
    case '==':
      return matcher(label, '=', value);
    case '!=':
      return matcher(label, '!=', value);
    case 'in':
      return matcher(label, '=~', alternatives(values));
    case 'notin':
      return matcher(label, '!~', alternatives(values));
    case 'exists':
      return matcher(label, '!=', '');
    case '!':
      return matcher(label, '=', '');
    case 'gt':
    case 'lt':
      throw new UnsaidError(`Prometheus does not compare labels as numbers: ${key}`);
  }
}

function matcher(label: string, operator: string, value: string): string {
  return `${label}${operator}"${value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

/** Prometheus holds a pattern against the whole value. */
function alternatives(values: readonly string[]): string {
  return values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
}
