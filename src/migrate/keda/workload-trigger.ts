import { podCountQuery, UnsaidError } from './pod-count-query.ts';
import { activationOf, targetOf } from './signal.ts';
import type { TriggerContext } from './trigger-context.ts';
import type { FieldPath } from '../remarks.ts';
import type { MetricSpec } from '../../api/generated/custom-autoscaler.ts';
import { parseRequirements, SelectorError, type Requirement } from '../../lib/selector.ts';

/** What KEDA writes for the pods of every namespace. */
const everyNamespace = '*';
const unknownNamespace = 'default';

/**
 * A kubernetes-workload trigger, which counts pods, becomes a query to kube-state-metrics.
 * @param at where the metric will stand in the result
 */
export function workloadMetric(context: TriggerContext, at: FieldPath): MetricSpec | undefined {
  const requirements = requirementsOf(context);
  const target = targetOf(context, 'value');
  const activation = activationOf(context, 'activationValue', [...at, 'activation']);
  const namespace = context.take('namespace') ?? context.namespace;
  context.nameRest({});
  if (requirements === undefined || target === undefined) return undefined;
  const query = queryOf(context, requirements, namespace);
  if (query === undefined) return undefined;
  sayWhatItNeeds(context, requirements, [...at, 'prometheus']);
  if (namespace === undefined) sayNamespace(context, [...at, 'prometheus', 'query']);
  return { type: 'Prometheus', prometheus: { query, target }, ...activation };
}

/** @returns undefined where they are missing or wrong, which is then a problem */
function requirementsOf(context: TriggerContext): readonly Requirement[] | undefined {
  const text = context.need('podSelector', 'must be a label selector');
  if (text === undefined) return undefined;
  try {
    const requirements = parseRequirements(text);
    if (requirements.length > 0) return requirements;
    context.invalid('podSelector', 'must have a requirement, such as app=backend');
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    context.invalid('podSelector', error.message);
  }
  return undefined;
}

function queryOf(
  context: TriggerContext,
  requirements: readonly Requirement[],
  namespace = unknownNamespace,
): string | undefined {
  try {
    return podCountQuery(requirements, namespace === everyNamespace ? undefined : namespace);
  } catch (error) {
    if (!(error instanceof UnsaidError)) throw error;
    context.remarks.notKept(context.path(), error.message);
    return undefined;
  }
}

function sayWhatItNeeds(context: TriggerContext, requirements: readonly Requirement[], at: FieldPath): void {
  const keys = [...new Set(requirements.map(({ key }) => key))].join(',');
  context.remarks.changed(
    context.path('podSelector'),
    `a Prometheus counts the pods: start the operator with --prometheus default=URL of one that scrapes kube-state-metrics, and that with --metric-labels-allowlist=pods=[${keys}]`,
    at,
  );
  if (requirements.some(({ operator }) => operator === 'exists' || operator === '!'))
    context.remarks.changed(
      context.path('podSelector'),
      'to Prometheus a label that is there without a value is not there',
      [...at, 'query'],
    );
}

function sayNamespace(context: TriggerContext, at: FieldPath): void {
  context.remarks.changed(
    'metadata.namespace',
    `no namespace is given: the query counts pods of the namespace ${unknownNamespace}; write that of the target`,
    at,
  );
}
