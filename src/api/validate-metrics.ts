import {
  integer,
  isPresent,
  list,
  mapOf,
  matching,
  nonEmpty,
  object,
  oneOf,
  pathSegment,
  positiveQuantity,
  text,
} from './checks.ts';
import type { Check, FieldRule, ObjectRule } from './checks.ts';

const maxNameLength = 253;
const maxMetricNameLength = 1024;
/** A DNS subdomain, '/' and a name. */
const maxQualifiedLength = 317;

/** `GROUP/VERSION` or `VERSION`. */
function groupVersion(value: string): string | undefined {
  return value.split('/').length <= 2 ? undefined : 'must be GROUP/VERSION or VERSION';
}

export const referenceFields = {
  apiVersion: { check: text(maxQualifiedLength, groupVersion) },
  kind: {
    check: nonEmpty(text(maxNameLength, pathSegment), 'must name a kind'),
    required: 'must name a kind',
  },
  name: {
    check: nonEmpty(text(maxNameLength, pathSegment), 'must name an object'),
    required: 'must name an object',
  },
};

const anyText = text(Infinity);
const anyMany = { max: Infinity };

/** Only the shape is looked at, as autoscaling/v2 does: a selector with a wrong operator fails when the metric is read. */
const selector = object({
  matchLabels: { check: mapOf(anyText) },
  matchExpressions: {
    check: list(
      object({
        key: { check: anyText },
        operator: { check: anyText },
        values: { check: list(anyText, anyMany) },
      }),
      anyMany,
    ),
  },
});

const metric = object({
  name: {
    check: nonEmpty(text(maxMetricNameLength, pathSegment), 'must specify a metric name'),
    required: 'must specify a metric name',
  },
  selector: { check: selector },
});

function target(...rules: ObjectRule[]) {
  const fields = {
    type: {
      check: oneOf('Utilization', 'Value', 'AverageValue'),
      required: 'must be one of "Utilization", "Value", "AverageValue"',
    },
    averageUtilization: { check: integer({ min: 1 }) },
    averageValue: { check: positiveQuantity },
    value: { check: positiveQuantity },
  };
  return { check: object(fields, ...rules), required: 'must say what the metric is compared with' };
}

/** At least one of two fields; the second is where its absence is reported. */
export function eitherOf(first: string, second: string): ObjectRule {
  return (value, place) => {
    if (isPresent(value[first]) || isPresent(value[second])) return;
    place.field(second).required(`must set ${first} or ${second}`);
  };
}

/** At most one of two fields; the first is where the clash is reported. */
export function notBoth(first: string, second: string): ObjectRule {
  return (value, place) => {
    if (!isPresent(value[first]) || !isPresent(value[second])) return;
    place.field(first).forbidden(`may not be set together with ${second}`);
  };
}

const resourceTarget = target(
  eitherOf('averageValue', 'averageUtilization'),
  notBoth('averageValue', 'averageUtilization'),
);

const resourceName = 'must specify a resource name';
const qualifiedName = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const containerResources = /^(cpu|memory|ephemeral-storage|hugepages-.+|.+\/.+)$/;
const containerName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** One row a metric type: the field that holds it, and what is asked of it. */
type Sources = Readonly<Record<string, { readonly field: string; readonly check: Check }>>;

/** The types of autoscaling/v2. */
export const v2Sources: Sources = {
  ContainerResource: {
    field: 'containerResource',
    check: object({
      name: {
        check: nonEmpty(
          text(
            maxQualifiedLength,
            matching(
              qualifiedName,
              "must consist of letters, digits, '-', '_' or '.', with an optional domain and '/'",
            ),
            matching(
              containerResources,
              'must be cpu, memory, ephemeral-storage, hugepages-SIZE or have a domain',
            ),
          ),
          resourceName,
        ),
        required: resourceName,
      },
      container: {
        check: nonEmpty(
          text(
            63,
            matching(containerName, "must consist of lower case letters, digits or '-', not at an end"),
          ),
          'must specify a container',
        ),
        required: 'must specify a container',
      },
      target: resourceTarget,
    }),
  },
  External: {
    field: 'external',
    check: object({
      metric: { check: metric, required: 'must specify a metric' },
      target: target(eitherOf('value', 'averageValue'), notBoth('value', 'averageValue')),
    }),
  },
  Object: {
    field: 'object',
    check: object({
      describedObject: { check: object(referenceFields), required: 'must name the object' },
      metric: { check: metric, required: 'must specify a metric' },
      target: target(eitherOf('value', 'averageValue')),
    }),
  },
  Pods: {
    field: 'pods',
    check: object({
      metric: { check: metric, required: 'must specify a metric' },
      target: target((value, place) => {
        if (!isPresent(value.averageValue))
          place.field('averageValue').required('must be a quantity above 0');
      }),
    }),
  },
  Resource: {
    field: 'resource',
    check: object({
      name: { check: nonEmpty(text(maxQualifiedLength), resourceName), required: resourceName },
      target: resourceTarget,
    }),
  },
};

/** The field that the type names is there, and no other. */
function sourceMatchesType(sources: Sources): ObjectRule {
  return (value, place) => {
    if (typeof value.type !== 'string' || !Object.hasOwn(sources, value.type)) return;
    for (const [type, { field }] of Object.entries(sources)) {
      const present = isPresent(value[field]);
      if (type === value.type && !present) place.field(field).required(`must be set when type is ${type}`);
      if (type !== value.type && present)
        place.field(field).forbidden(`may be set only when type is ${type}`);
    }
  };
}

/** One element of spec.metrics that is of one of these types, with fields that all of them may have. */
export function metricElement(
  sources: Sources,
  options: Readonly<Record<string, FieldRule>> = {},
  ...rules: ObjectRule[]
): Check {
  const types = Object.keys(sources);
  return object(
    {
      type: { check: oneOf(...types), required: `must be one of ${types.join(', ')}` },
      ...Object.fromEntries(Object.values(sources).map(({ field, check }) => [field, { check }])),
      ...options,
    },
    sourceMatchesType(sources),
    ...rules,
  );
}

/** One element of spec.metrics, by the rules of autoscaling/v2. */
export const v2MetricCheck: Check = metricElement(v2Sources);
