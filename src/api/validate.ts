import { integer, isObject, list, nonEmpty, nonNegativeQuantity, object, oneOf, text } from './checks.ts';
import type { Check, FieldRule, ObjectRule } from './checks.ts';
import { hpaKind } from './hpa.ts';
import { Place, root } from './problems.ts';
import type { Problem } from './problems.ts';
import { referenceFields, v2MetricCheck } from './validate-metrics.ts';
import { ownMetricCheck } from './validate-own-metrics.ts';
import { ownFields, ownRules } from './validate-own.ts';

const maxItems = 100;

/** The kinds that are read: ours, and that one. */
const kinds: Readonly<Record<string, RegExp>> = {
  CustomAutoscaler: /^plimsoll\.dev\/v1$/,
  [hpaKind]: /^autoscaling\/v2$/,
};

/**
 * Everything that is wrong with a CustomAutoscaler or a HorizontalPodAutoscaler (autoscaling/v2), by the rules of autoscaling/v2
 * as Kubernetes 1.36 has them, with HPAScaleToZero on, and the limits of our CRD (100 items a list). The fields that only a
 * CustomAutoscaler has are unknown ones in a HorizontalPodAutoscaler.
 * Empty when it may be evaluated.
 */
export function validateAutoscaler(object: unknown): Problem[] {
  const problems: Problem[] = [];
  const check = isObject(object) && object.kind === hpaKind ? hpa : customAutoscaler;
  check(object, new Place(root, problems));
  return problems;
}

/** A scale target without a group would be ambiguous; only the old ReplicationController lives there. */
const namesGroup: ObjectRule = ({ kind, apiVersion }, place) => {
  if (kind === 'ReplicationController') return;
  const given = typeof apiVersion === 'string' ? apiVersion : '';
  if (given.indexOf('/') <= 0)
    place.field('apiVersion').invalid(given, 'must name an API group, as in apps/v1');
};

const minNotAboveMax: ObjectRule = ({ minReplicas, maxReplicas }, place) => {
  if (typeof maxReplicas !== 'number') return;
  const min = typeof minReplicas === 'number' ? minReplicas : 1;
  if (maxReplicas >= 1 && maxReplicas < min) {
    place.field('maxReplicas').invalid(maxReplicas, 'must be greater than or equal to minReplicas');
  }
};

/** A metric that can be read without pods. */
function zeroNeedsSignal(types: readonly string[], words: string): ObjectRule {
  return ({ minReplicas, metrics }, place) => {
    if (minReplicas !== 0) return;
    const isSignal = (one: unknown): boolean =>
      isObject(one) && typeof one.type === 'string' && types.includes(one.type);
    if (Array.isArray(metrics) && metrics.some(isSignal)) return;
    place
      .field('metrics')
      .forbidden(`must specify at least one ${words} metric to support scaling to zero replicas`);
  };
}

const policy = object({
  type: { check: oneOf('Percent', 'Pods'), required: 'must be one of "Percent", "Pods"' },
  value: { check: integer({ min: 1 }), required: 'must be greater than 0' },
  periodSeconds: { check: integer({ min: 1, max: 1800 }), required: 'must be from 1 to 1800' },
});

const scalingRules = object({
  stabilizationWindowSeconds: { check: integer({ min: 0, max: 3600 }) },
  selectPolicy: { check: oneOf('Disabled', 'Max', 'Min') },
  policies: { check: list(policy, { min: 1, max: maxItems }) },
  tolerance: { check: nonNegativeQuantity },
});

/** The fields of autoscaling/v2. */
function v2Fields(metric: Check): Readonly<Record<string, FieldRule>> {
  return {
    scaleTargetRef: { check: object(referenceFields, namesGroup), required: 'must name what is scaled' },
    minReplicas: { check: integer({ min: 0 }) },
    maxReplicas: { check: integer({ min: 1 }), required: 'must be set and greater than 0' },
    metrics: { check: list(metric, { max: maxItems }) },
    behavior: { check: object({ scaleUp: { check: scalingRules }, scaleDown: { check: scalingRules } }) },
  };
}

const v2Spec = object(
  v2Fields(v2MetricCheck),
  minNotAboveMax,
  zeroNeedsSignal(['Object', 'External'], 'Object or External'),
);

const ownSpec = object(
  { ...v2Fields(ownMetricCheck), ...ownFields },
  minNotAboveMax,
  zeroNeedsSignal(['Object', 'External', 'Prometheus'], 'Object, External or Prometheus'),
  ...ownRules,
);

const ourKind: ObjectRule = ({ kind, apiVersion }, place) => {
  const version = typeof kind === 'string' ? kinds[kind] : undefined;
  if (version === undefined) {
    if (typeof kind === 'string') place.field('kind').unsupported(kind, Object.keys(kinds));
  } else if (typeof apiVersion === 'string' && !version.test(apiVersion)) {
    place
      .field('apiVersion')
      .invalid(apiVersion, `must be ${version.source.replaceAll(/[\\^$]/g, '')} for kind ${String(kind)}`);
  }
};

const name = nonEmpty(text(253), 'name or generateName is required');

function autoscaler(spec: Check): Check {
  return object(
    {
      apiVersion: { check: text(253), required: 'must be plimsoll.dev/v1 or autoscaling/v2' },
      kind: { check: text(253), required: 'must be CustomAutoscaler or HorizontalPodAutoscaler' },
      metadata: {
        check: object({
          name: { check: name, required: 'name or generateName is required' },
          namespace: { check: text(63) },
        }),
        required: 'must have a name',
      },
      spec: { check: spec, required: 'must say what is scaled' },
    },
    ourKind,
  );
}

const hpa = autoscaler(v2Spec);
const customAutoscaler = autoscaler(ownSpec);
