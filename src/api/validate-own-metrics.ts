import {
  flag,
  integer,
  isPresent,
  list,
  mapOf,
  matching,
  nonEmpty,
  nonNegativeQuantity,
  object,
  oneOf,
  positiveQuantity,
  text,
} from './checks.ts';
import type { Check, ObjectRule } from './checks.ts';
import { eitherOf, metricElement, notBoth, v2Sources } from './validate-metrics.ts';

const maxText = 1024;
const maxSelectorItems = 20;
const secondsOfDay = 86_400;

const requirement = object(
  {
    key: { check: nonEmpty(text(253), 'must name a label'), required: 'must name a label' },
    operator: {
      check: oneOf('DoesNotExist', 'Exists', 'In', 'NotIn'),
      required: 'must be one of "DoesNotExist", "Exists", "In", "NotIn"',
    },
    values: { check: list(text(maxText), { max: 100 }) },
  },
  ({ operator, values }, place) => {
    const given = Array.isArray(values) && values.length > 0;
    const wanted = operator === 'In' || operator === 'NotIn';
    const unwanted = operator === 'Exists' || operator === 'DoesNotExist';
    if (wanted && !given && (!isPresent(values) || Array.isArray(values)))
      place.field('values').required('must have at least one item when operator is In or NotIn');
    if (unwanted && given) place.field('values').forbidden('may be set only when operator is In or NotIn');
  },
);

const series = object({
  name: {
    check: nonEmpty(
      text(
        maxText,
        matching(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, "must consist of letters, digits, '_' or ':', no digit first"),
      ),
      'must specify a metric name',
    ),
    required: 'must specify a metric name',
  },
  selector: {
    check: object({
      matchLabels: { check: mapOf(text(maxText), maxSelectorItems) },
      matchExpressions: { check: list(requirement, { max: maxSelectorItems }) },
    }),
  },
});

const portName = matching(
  /^([0-9]+-)*[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  "must be a number, or the name of a port: lower case letters, digits or '-', with at least one letter",
);
const portNumber = integer({ min: 1, max: 65_535 });

const port: Check = (value, place) => {
  if (typeof value === 'number') portNumber(value, place);
  else if (typeof value === 'string') text(15, portName)(value, place);
  else place.invalid(value, 'must be a number, or the name of a port');
};

/** Printable characters, no `#` and no backslash; a second `/` at the start would name another server. */
const path = matching(
  /^\/([!-"$-.0-[\]-~][!-"$-[\]-~]*)?$/,
  "must begin with one '/' and have no space, '#' or backslash",
);

const serverName = matching(
  /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
  "must consist of letters, digits, '-', '_' or '.', not at an end",
);

const ownTarget = (types: readonly string[], fields: readonly string[], ...rules: ObjectRule[]): Check =>
  object(
    {
      type: {
        check: oneOf(...types),
        required: `must be one of ${types.map((type) => JSON.stringify(type)).join(', ')}`,
      },
      ...Object.fromEntries(fields.map((field) => [field, { check: positiveQuantity }])),
    },
    ...rules,
  );

const requiredTarget = 'must say what the metric is compared with';

const ownSources = {
  PodScrape: {
    field: 'podScrape',
    check: object({
      port: { check: port, required: 'must be a number, or the name of a port' },
      path: { check: text(maxText, path) },
      metric: { check: series, required: 'must specify a metric' },
      rate: { check: flag },
      target: {
        check: ownTarget(['AverageValue'], ['averageValue'], (value, place) => {
          if (!isPresent(value.averageValue))
            place.field('averageValue').required('must be a quantity above 0');
        }),
        required: requiredTarget,
      },
    }),
  },
  Prometheus: {
    field: 'prometheus',
    check: object({
      server: { check: nonEmpty(text(63, serverName), 'must name a server') },
      query: { check: nonEmpty(text(4096), 'must be a query'), required: 'must be a query' },
      target: {
        check: ownTarget(
          ['Value', 'AverageValue'],
          ['averageValue', 'value'],
          eitherOf('value', 'averageValue'),
          notBoth('value', 'averageValue'),
        ),
        required: requiredTarget,
      },
    }),
  },
};

const errorTypes = ['Fallback', 'Hold', 'Ignore'];

/** Which fields go with which type. */
const onErrorFits: ObjectRule = ({ type, replicas, behavior, afterSeconds }, place) => {
  if (typeof type !== 'string' || !errorTypes.includes(type)) return;
  if (type === 'Fallback') {
    if (!isPresent(replicas)) place.field('replicas').required('must be set when type is Fallback');
    return;
  }
  for (const [field, value] of Object.entries({ replicas, behavior }))
    if (isPresent(value)) place.field(field).forbidden('may be set only when type is Fallback');
  if (type === 'Hold' && isPresent(afterSeconds))
    place.field('afterSeconds').forbidden('may be set only when type is Ignore or Fallback');
};

const onError = object(
  {
    type: { check: oneOf(...errorTypes), required: `must be one of ${errorTypes.join(', ')}` },
    afterSeconds: { check: integer({ min: 0, max: secondsOfDay }) },
    replicas: { check: integer({ min: 1 }) },
    behavior: {
      check: oneOf('CurrentReplicas', 'CurrentReplicasIfHigher', 'CurrentReplicasIfLower', 'Static'),
    },
  },
  onErrorFits,
);

const activated = ['External', 'Object', 'Prometheus'];

const activationFits: ObjectRule = ({ type, activation }, place) => {
  if (!isPresent(activation) || typeof type !== 'string' || activated.includes(type)) return;
  place.field('activation').forbidden(`may be set only when type is ${activated.join(', ')}`);
};

/** One element of spec.metrics of a CustomAutoscaler. */
export const ownMetricCheck: Check = metricElement(
  { ...v2Sources, ...ownSources },
  {
    onError: { check: onError },
    maxAgeSeconds: { check: integer({ min: 1, max: secondsOfDay }) },
    suspectZeroSeconds: { check: integer({ min: 1, max: secondsOfDay }) },
    activation: { check: nonNegativeQuantity },
  },
  activationFits,
);
