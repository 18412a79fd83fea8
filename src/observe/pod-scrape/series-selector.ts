import type { LabelSelector } from '../../decide/references.ts';

export type Labels = ReadonlyMap<string, string>;

const operators: Readonly<Record<string, (value: string, values: readonly string[]) => boolean>> = {
  In: (value, values) => value !== '' && values.includes(value),
  NotIn: (value, values) => value === '' || !values.includes(value),
  Exists: (value) => value !== '',
  DoesNotExist: (value) => value === '',
};

/**
 * What picks series by their labels. Written like a selector of Kubernetes, but values may be what no label of an object can be:
 * `/api/v1`. To Prometheus a label without a value is the same as none.
 */
export function seriesSelector({
  matchLabels = {},
  matchExpressions = [],
}: LabelSelector): (labels: Labels) => boolean {
  const equal = Object.entries(matchLabels);
  return (labels) =>
    equal.every(([key, value]) => (labels.get(key) ?? '') === value) &&
    matchExpressions.every(
      ({ key, operator, values = [] }) => operators[operator]?.(labels.get(key) ?? '', values) === true,
    );
}
