import { invalidOwnFields, oddOwnFields, refusedByOperator } from './invalid-own-fields.ts';
import type { Change, Row } from './invalid-own-fields.ts';

/**
 * CustomAutoscalers that autoscaling/v2 would refuse, and odd ones that it accepts; likewise of the fields that it does not have. Each row is refused (or accepted) by our own
 * parser, and by an API server that has the CRD; the refusal names the field.
 */

export interface InvalidAutoscaler {
  readonly name: string;
  readonly object: AutoscalerJson;
  /** The field that the refusal must name. */
  readonly path: string;
  /** What our own message says. */
  readonly message: RegExp;
}

/** The JSON of an object, right or wrong. */
type Json = Record<string, unknown>;

export interface AutoscalerJson extends Json {
  metadata: Json;
  spec: Json;
}

const resourceMetric = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
};
const containerMetric = {
  type: 'ContainerResource',
  containerResource: {
    name: 'memory',
    container: 'app',
    target: { type: 'AverageValue', averageValue: '100Mi' },
  },
};
const podsMetric = {
  type: 'Pods',
  pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } },
};
const objectMetric = {
  type: 'Object',
  object: {
    describedObject: { apiVersion: 'v1', kind: 'Service', name: 'web' },
    metric: { name: 'requests' },
    target: { type: 'Value', value: '2k' },
  },
};
const externalMetric = {
  type: 'External',
  external: { metric: { name: 'queue' }, target: { type: 'Value', value: 30 } },
};
const fourPods = { type: 'Pods', value: 4, periodSeconds: 15 };

/** A valid CustomAutoscaler with one metric of each type, fresh for each call. */
export function validAutoscaler(): AutoscalerJson {
  return structuredClone({
    apiVersion: 'plimsoll.dev/v1',
    kind: 'CustomAutoscaler',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [resourceMetric, containerMetric, podsMetric, objectMetric, externalMetric],
      behavior: { scaleUp: { policies: [fourPods] }, scaleDown: {} },
    },
  });
}

const sources = {
  resource: 'metrics[0].resource',
  container: 'metrics[1].containerResource',
  pods: 'metrics[2].pods',
  object: 'metrics[3].object',
  external: 'metrics[4].external',
};

const target = (source: keyof typeof sources, value: Json): Change => ({
  [`${sources[source]}.target`]: value,
});

const policy = (change: Json): Change => ({ 'behavior.scaleUp.policies': [{ ...fourPods, ...change }] });

const up = 'spec.behavior.scaleUp';
const down = 'spec.behavior.scaleDown';
const resourceTarget = 'spec.metrics[0].resource.target';
const cpuTarget = { type: 'Utilization', averageUtilization: 50 };

const invalid: Readonly<Record<string, Row>> = {
  'maxReplicas is missing': [{ maxReplicas: undefined }, 'spec.maxReplicas', /Required value/],
  'maxReplicas is null': [{ maxReplicas: null }, 'spec.maxReplicas', /Required value/],
  'maxReplicas is 0': [
    { minReplicas: 1, maxReplicas: 0 },
    'spec.maxReplicas',
    /^spec\.maxReplicas: Invalid value: 0: must be greater than or equal to 1$/,
  ],
  'maxReplicas is negative': [{ maxReplicas: -1 }, 'spec.maxReplicas', /-1: must be greater than/],
  'maxReplicas is text': [{ maxReplicas: '5' }, 'spec.maxReplicas', /"5": must be an integer/],
  'maxReplicas is a fraction': [{ maxReplicas: 2.5 }, 'spec.maxReplicas', /2\.5: must be an integer/],
  'maxReplicas is beyond 32 bits': [{ maxReplicas: 2 ** 31 }, 'spec.maxReplicas', /less than or equal/],
  'maxReplicas is below minReplicas': [
    { maxReplicas: 1 },
    'spec.maxReplicas',
    /1: must be greater than or equal to minReplicas$/,
  ],
  'minReplicas is negative': [{ minReplicas: -1 }, 'spec.minReplicas', /greater than or equal to 0/],
  'minReplicas is text': [{ minReplicas: 'one' }, 'spec.minReplicas', /"one": must be an integer/],
  'minReplicas is 0 with only a resource metric': [
    { minReplicas: 0, metrics: [resourceMetric] },
    'spec.metrics',
    /Forbidden: must specify at least one Object, External or Prometheus metric/,
  ],
  'minReplicas is 0 with a Pods metric': [
    { minReplicas: 0, metrics: [podsMetric] },
    'spec.metrics',
    /scaling to zero/,
  ],
  'minReplicas is 0 without metrics': [{ minReplicas: 0, metrics: [] }, 'spec.metrics', /scaling to zero/],
  'mode is none that is known': [
    { mode: 'Off' },
    'spec.mode',
    /"Off": supported values: "Active", "DryRun", "Paused"$/,
  ],
  'mode is written in small letters': [{ mode: 'dryrun' }, 'spec.mode', /Unsupported value: "dryrun"/],
  'mode is a flag': [{ mode: true }, 'spec.mode', /true: must be a string/],
  'scaleTargetRef is missing': [{ scaleTargetRef: undefined }, 'spec.scaleTargetRef', /Required value/],
  'the target has no kind': [
    { 'scaleTargetRef.kind': undefined },
    'spec.scaleTargetRef.kind',
    /Required value/,
  ],
  'the target has an empty kind': [{ 'scaleTargetRef.kind': '' }, 'spec.scaleTargetRef.kind', /Required/],
  "the target's kind has a slash": [
    { 'scaleTargetRef.kind': 'a/b' },
    'spec.scaleTargetRef.kind',
    /"a\/b": may not contain '\/'/,
  ],
  'the target has no name': [
    { 'scaleTargetRef.name': undefined },
    'spec.scaleTargetRef.name',
    /Required value/,
  ],
  'the target has an empty name': [{ 'scaleTargetRef.name': '' }, 'spec.scaleTargetRef.name', /Required/],
  "the target's name has a slash": [
    { 'scaleTargetRef.name': 'a/b' },
    'spec.scaleTargetRef.name',
    /may not contain '\/'/,
  ],
  "the target's name has a percent sign": [
    { 'scaleTargetRef.name': 'a%b' },
    'spec.scaleTargetRef.name',
    /may not contain '%'/,
  ],
  "the target's name is two dots": [
    { 'scaleTargetRef.name': '..' },
    'spec.scaleTargetRef.name',
    /may not be '\.\.'/,
  ],
  'the target has no apiVersion': [
    { 'scaleTargetRef.apiVersion': undefined },
    'spec.scaleTargetRef.apiVersion',
    /"": must name an API group/,
  ],
  "the target's apiVersion names no group": [
    { 'scaleTargetRef.apiVersion': 'v1' },
    'spec.scaleTargetRef.apiVersion',
    /"v1": must name an API group/,
  ],
  "the target's apiVersion has an empty group": [
    { 'scaleTargetRef.apiVersion': '/v1' },
    'spec.scaleTargetRef.apiVersion',
    /must name an API group/,
  ],
  "the target's apiVersion has two slashes": [
    { 'scaleTargetRef.apiVersion': 'a/b/c' },
    'spec.scaleTargetRef.apiVersion',
    /"a\/b\/c": must be GROUP\/VERSION or VERSION/,
  ],
  'metrics is an object': [{ metrics: {} }, 'spec.metrics', /must be a list/],
  'there are 101 metrics': [
    { metrics: Array.from({ length: 101 }, () => resourceMetric) },
    'spec.metrics',
    /at most 100 items/,
  ],
  'a metric is of a type that does not exist': [
    { metrics: [{ type: 'Foo' }] },
    'spec.metrics[0].type',
    /Unsupported value: "Foo": supported values: "ContainerResource", "External"/,
  ],
  'a metric has no type': [
    { 'metrics[0].type': undefined },
    'spec.metrics[0].type',
    /Required value: must be one of/,
  ],
  'a Resource metric has no resource': [
    { metrics: [{ type: 'Resource' }] },
    'spec.metrics[0].resource',
    /Required value: must be set when type is Resource/,
  ],
  'a ContainerResource metric has no containerResource': [
    { metrics: [{ type: 'ContainerResource' }] },
    'spec.metrics[0].containerResource',
    /Required value/,
  ],
  'a Pods metric has no pods': [{ metrics: [{ type: 'Pods' }] }, 'spec.metrics[0].pods', /Required value/],
  'an Object metric has no object': [
    { metrics: [{ type: 'Object' }] },
    'spec.metrics[0].object',
    /Required value/,
  ],
  'an External metric has no external': [
    { metrics: [{ type: 'External' }] },
    'spec.metrics[0].external',
    /Required value/,
  ],
  'a Resource metric has pods as well': [
    { 'metrics[0].pods': podsMetric.pods },
    'spec.metrics[0].pods',
    /Forbidden: may be set only when type is Pods/,
  ],
  'a Pods metric has external as well': [
    { 'metrics[2].external': externalMetric.external },
    'spec.metrics[2].external',
    /Forbidden/,
  ],
  'a resource has no name': [
    { 'metrics[0].resource.name': undefined },
    'spec.metrics[0].resource.name',
    /must specify a resource name/,
  ],
  'a resource has no target': [{ 'metrics[0].resource.target': undefined }, resourceTarget, /Required value/],
  'a target has no type': [
    target('resource', { averageUtilization: 50 }),
    `${resourceTarget}.type`,
    /Required value: must be one of "Utilization", "Value", "AverageValue"/,
  ],
  'a target has an unknown type': [
    target('resource', { ...cpuTarget, type: 'Average' }),
    `${resourceTarget}.type`,
    /Unsupported value: "Average"/,
  ],
  'a utilization is 0': [
    target('resource', { type: 'Utilization', averageUtilization: 0 }),
    `${resourceTarget}.averageUtilization`,
    /0: must be greater than or equal to 1/,
  ],
  'a utilization is text': [
    target('resource', { type: 'Utilization', averageUtilization: '50%' }),
    `${resourceTarget}.averageUtilization`,
    /"50%": must be an integer/,
  ],
  'a resource target sets nothing': [
    target('resource', { type: 'Utilization' }),
    `${resourceTarget}.averageUtilization`,
    /Required value: must set averageValue or averageUtilization/,
  ],
  'a resource target sets only value': [
    target('resource', { type: 'Value', value: '1' }),
    `${resourceTarget}.averageUtilization`,
    /Required value/,
  ],
  'a resource target sets utilization and averageValue': [
    target('resource', { ...cpuTarget, averageValue: '1' }),
    `${resourceTarget}.averageValue`,
    /Forbidden: may not be set together with averageUtilization/,
  ],
  'an averageValue is 0': [
    target('resource', { type: 'AverageValue', averageValue: '0' }),
    `${resourceTarget}.averageValue`,
    /"0": must be greater than 0/,
  ],
  'an averageValue is the number 0': [
    target('resource', { type: 'AverageValue', averageValue: 0 }),
    `${resourceTarget}.averageValue`,
    /0: must be greater than 0/,
  ],
  'an averageValue is zero with a suffix': [
    target('resource', { type: 'AverageValue', averageValue: '0.00Mi' }),
    `${resourceTarget}.averageValue`,
    /must be greater than 0/,
  ],
  'an averageValue is negative': [
    target('resource', { type: 'AverageValue', averageValue: '-100m' }),
    `${resourceTarget}.averageValue`,
    /"-100m": must be greater than 0/,
  ],
  'an averageValue has an unknown unit': [
    target('resource', { type: 'AverageValue', averageValue: '100MB' }),
    `${resourceTarget}.averageValue`,
    /"100MB": must be a quantity, such as/,
  ],
  'an averageValue is a negative fraction without quotes': [
    target('resource', { type: 'AverageValue', averageValue: -0.5 }),
    `${resourceTarget}.averageValue`,
    /-0\.5: must be greater than 0/,
  ],
  'an averageValue is a flag': [
    target('resource', { type: 'AverageValue', averageValue: true }),
    `${resourceTarget}.averageValue`,
    /true: must be a quantity: a number, or text such as/,
  ],
  'a utilization stands beside an averageValue that is a number': [
    target('resource', { ...cpuTarget, averageValue: 0.5 }),
    `${resourceTarget}.averageValue`,
    /Forbidden: may not be set together with averageUtilization/,
  ],
  'an averageValue is longer than 64 characters': [
    target('resource', { type: 'AverageValue', averageValue: '1'.repeat(65) }),
    `${resourceTarget}.averageValue`,
    /at most 64 characters/,
  ],
  'a container resource has no name': [
    { 'metrics[1].containerResource.name': undefined },
    'spec.metrics[1].containerResource.name',
    /must specify a resource name/,
  ],
  'a container resource is none that containers have': [
    { 'metrics[1].containerResource.name': 'disk' },
    'spec.metrics[1].containerResource.name',
    /"disk": must be cpu, memory/,
  ],
  'a container resource has a name with a space': [
    { 'metrics[1].containerResource.name': 'example.com/a b' },
    'spec.metrics[1].containerResource.name',
    /must consist of/,
  ],
  'a container resource names no container': [
    { 'metrics[1].containerResource.container': undefined },
    'spec.metrics[1].containerResource.container',
    /must specify a container/,
  ],
  'a container has capital letters': [
    { 'metrics[1].containerResource.container': 'App' },
    'spec.metrics[1].containerResource.container',
    /"App": must consist of lower case/,
  ],
  'a container resource has only a value': [
    target('container', { type: 'Value', value: '1' }),
    'spec.metrics[1].containerResource.target.averageUtilization',
    /Required value/,
  ],
  'a Pods metric has no metric': [
    { 'metrics[2].pods.metric': undefined },
    'spec.metrics[2].pods.metric',
    /must specify a metric/,
  ],
  'a Pods metric has an empty name': [
    { 'metrics[2].pods.metric.name': '' },
    'spec.metrics[2].pods.metric.name',
    /must specify a metric name/,
  ],
  "a Pods metric's name has a slash": [
    { 'metrics[2].pods.metric.name': 'http/requests' },
    'spec.metrics[2].pods.metric.name',
    /may not contain '\/'/,
  ],
  'a Pods metric has no averageValue': [
    target('pods', { type: 'AverageValue' }),
    'spec.metrics[2].pods.target.averageValue',
    /Required value: must be a quantity above 0/,
  ],
  'a Pods metric has only a value': [
    target('pods', { type: 'Value', value: '1' }),
    'spec.metrics[2].pods.target.averageValue',
    /Required value/,
  ],
  'an Object metric describes nothing': [
    { 'metrics[3].object.describedObject': undefined },
    'spec.metrics[3].object.describedObject',
    /Required value/,
  ],
  'an Object metric describes an object without a name': [
    { 'metrics[3].object.describedObject.name': undefined },
    'spec.metrics[3].object.describedObject.name',
    /Required value/,
  ],
  'an Object metric describes an object of an unreadable version': [
    { 'metrics[3].object.describedObject.apiVersion': 'a/b/c' },
    'spec.metrics[3].object.describedObject.apiVersion',
    /GROUP\/VERSION/,
  ],
  'an Object metric has no target': [
    { 'metrics[3].object.target': undefined },
    'spec.metrics[3].object.target',
    /Required value/,
  ],
  'an Object target sets only a utilization': [
    target('object', cpuTarget),
    'spec.metrics[3].object.target.averageValue',
    /must set value or averageValue/,
  ],
  'an External target sets nothing': [
    target('external', { type: 'Value' }),
    'spec.metrics[4].external.target.averageValue',
    /must set value or averageValue/,
  ],
  'an External target sets value and averageValue': [
    target('external', { type: 'Value', value: '1', averageValue: '1' }),
    'spec.metrics[4].external.target.value',
    /Forbidden: may not be set together with averageValue/,
  ],
  'an External value is 0': [
    target('external', { type: 'Value', value: '0' }),
    'spec.metrics[4].external.target.value',
    /must be greater than 0/,
  ],
  'an External value is the number 0': [
    target('external', { type: 'Value', value: 0 }),
    'spec.metrics[4].external.target.value',
    /0: must be greater than 0/,
  ],
  'an External value is an object': [
    target('external', { type: 'Value', value: { amount: 1 } }),
    'spec.metrics[4].external.target.value',
    /must be a quantity/,
  ],
  'an External value is an empty list': [
    target('external', { type: 'Value', value: [] }),
    'spec.metrics[4].external.target.value',
    /must be a quantity/,
  ],
  'an External target sets value and averageValue as numbers': [
    target('external', { type: 'Value', value: 1.5, averageValue: 0.5 }),
    'spec.metrics[4].external.target.value',
    /Forbidden: may not be set together with averageValue/,
  ],
  'an External selector is text': [
    { 'metrics[4].external.metric.selector': 'queue=web' },
    'spec.metrics[4].external.metric.selector',
    /must be an object/,
  ],
  'a stabilization window is negative': [
    { 'behavior.scaleUp.stabilizationWindowSeconds': -1 },
    `${up}.stabilizationWindowSeconds`,
    /-1: must be greater than or equal to 0/,
  ],
  'a stabilization window is over an hour': [
    { 'behavior.scaleDown.stabilizationWindowSeconds': 3601 },
    `${down}.stabilizationWindowSeconds`,
    /3601: must be less than or equal to 3600/,
  ],
  'a selectPolicy is unknown': [
    { 'behavior.scaleUp.selectPolicy': 'Median' },
    `${up}.selectPolicy`,
    /Unsupported value: "Median": supported values: "Disabled", "Max", "Min"/,
  ],
  'policies is empty': [{ 'behavior.scaleUp.policies': [] }, `${up}.policies`, /at least 1 item/],
  'there are 101 policies': [
    { 'behavior.scaleUp.policies': Array.from({ length: 101 }, () => fourPods) },
    `${up}.policies`,
    /at most 100 items/,
  ],
  'a policy has an unknown type': [
    policy({ type: 'Replicas' }),
    `${up}.policies[0].type`,
    /Unsupported value: "Replicas": supported values: "Percent", "Pods"/,
  ],
  'a policy has no type': [policy({ type: undefined }), `${up}.policies[0].type`, /Required value/],
  'a policy allows nothing': [policy({ value: 0 }), `${up}.policies[0].value`, /0: must be greater than/],
  'a policy has no value': [policy({ value: undefined }), `${up}.policies[0].value`, /Required value/],
  'a policy has no period': [
    policy({ periodSeconds: undefined }),
    `${up}.policies[0].periodSeconds`,
    /1 to 1800/,
  ],
  'a policy has a period of 0': [
    policy({ periodSeconds: 0 }),
    `${up}.policies[0].periodSeconds`,
    /greater than/,
  ],
  'a policy has a period over half an hour': [
    policy({ periodSeconds: 1801 }),
    `${up}.policies[0].periodSeconds`,
    /1801: must be less than or equal to 1800/,
  ],
  'a tolerance is negative': [
    { 'behavior.scaleUp.tolerance': '-0.1' },
    `${up}.tolerance`,
    /"-0\.1": must be greater than or equal to 0/,
  ],
  'a tolerance is a negative number': [
    { 'behavior.scaleDown.tolerance': -0.05 },
    `${down}.tolerance`,
    /-0\.05: must be greater than or equal to 0/,
  ],
  'a tolerance is a flag': [
    { 'behavior.scaleUp.tolerance': false },
    `${up}.tolerance`,
    /false: must be a quantity: a number, or text such as/,
  ],
  'a tolerance is an object': [{ 'behavior.scaleUp.tolerance': {} }, `${up}.tolerance`, /must be a quantity/],
  'a tolerance is a list': [
    { 'behavior.scaleUp.tolerance': [0.05] },
    `${up}.tolerance`,
    /must be a quantity/,
  ],
  'a tolerance is in percent': [
    { 'behavior.scaleDown.tolerance': '5%' },
    `${down}.tolerance`,
    /"5%": must be a quantity/,
  ],
  'behavior is a list': [{ behavior: [] }, 'spec.behavior', /must be an object/],
};

/** At least 40 objects that must be refused, each for one reason. */
export const invalidAutoscalers = rows({ ...invalid, ...invalidOwnFields });

/** Objects that an API server cannot know to be wrong: only our own parser refuses them. */
export const autoscalersForOperatorToRefuse = rows(refusedByOperator);

function rows(table: Readonly<Record<string, Row>>): readonly InvalidAutoscaler[] {
  return Object.entries(table).map(([name, [change, path, message]]) => ({
    name,
    object: changed(change),
    path,
    message,
  }));
}

const odd: Readonly<Record<string, Change>> = {
  'nothing but a target and maxReplicas': { minReplicas: undefined, metrics: undefined, behavior: undefined },
  'no metrics': { metrics: [] },
  'metrics null': { metrics: null },
  'minReplicas null': { minReplicas: null },
  'minReplicas equal to maxReplicas': { minReplicas: 10 },
  'minReplicas 0 with an External metric': { minReplicas: 0, metrics: [externalMetric] },
  'minReplicas 0 with an Object metric after another': {
    minReplicas: 0,
    metrics: [resourceMetric, objectMetric],
  },
  'a ReplicationController of v1': {
    'scaleTargetRef.apiVersion': 'v1',
    'scaleTargetRef.kind': 'ReplicationController',
  },
  'a ReplicationController without apiVersion': {
    scaleTargetRef: { kind: 'ReplicationController', name: 'rc' },
  },
  'a target of a kind that does not exist': {
    scaleTargetRef: { apiVersion: 'x.y/v99', kind: 'Zed', name: 'z' },
  },
  'type Utilization with only averageValue': target('resource', {
    type: 'Utilization',
    averageValue: '100m',
  }),
  'type AverageValue with only averageUtilization': target('resource', {
    type: 'AverageValue',
    averageUtilization: 50,
  }),
  'averageUtilization above 100': target('resource', { type: 'Utilization', averageUtilization: 300 }),
  'a resource that no node has': {
    'metrics[0].resource': { name: 'example.com/gpu', target: { type: 'AverageValue', averageValue: '1' } },
  },
  'a container resource of huge pages': { 'metrics[1].containerResource.name': 'hugepages-2Mi' },
  'an extended container resource': { 'metrics[1].containerResource.name': 'example.com/gpu' },
  'an Object target with value and averageValue': target('object', {
    type: 'Value',
    value: '1',
    averageValue: '1',
  }),
  'a described object without apiVersion': { 'metrics[3].object.describedObject.apiVersion': undefined },
  'a metric selector with an unknown operator': {
    'metrics[2].pods.metric.selector': { matchExpressions: [{ key: 'a', operator: 'Foo' }] },
  },
  'a metric selector without an operator': {
    'metrics[2].pods.metric.selector': { matchExpressions: [{ key: 'a' }] },
  },
  'a metric selector without values': {
    'metrics[4].external.metric.selector': { matchExpressions: [{ key: 'a', operator: 'In' }] },
  },
  'a metric name with a colon': { 'metrics[2].pods.metric.name': 'job:http_requests:rate1m' },
  'the same metric twice': { metrics: [resourceMetric, resourceMetric] },
  'a quantity as an integer': target('external', { type: 'Value', value: 7 }),
  'a quantity as a fraction without quotes': target('external', { type: 'Value', value: 0.5 }),
  'a quantity as a number that is written with an exponent': target('external', {
    type: 'Value',
    value: 1e21,
  }),
  'an averageValue as a fraction without quotes': target('resource', {
    type: 'AverageValue',
    averageValue: 0.25,
  }),
  'an Object target with both, as fractions without quotes': target('object', {
    type: 'Value',
    value: 1.5,
    averageValue: 0.5,
  }),
  'a quantity with a plus sign': target('external', { type: 'Value', value: '+1' }),
  'a quantity that begins with a point': target('external', { type: 'Value', value: '.5' }),
  'a quantity that ends with a point': target('external', { type: 'Value', value: '5.' }),
  'a quantity with an exponent': target('external', { type: 'Value', value: '1e3' }),
  'a quantity below one nano': target('external', { type: 'Value', value: '0.0000000001' }),
  'a binary fraction': target('external', { type: 'Value', value: '1.5Gi' }),
  'behavior null': { behavior: null },
  'an empty behavior': { behavior: {} },
  'scaleUp null': { behavior: { scaleUp: null, scaleDown: {} } },
  'scaleDown disabled': { behavior: { scaleDown: { selectPolicy: 'Disabled' } } },
  'a tolerance of 0': { behavior: { scaleUp: { tolerance: '0' }, scaleDown: { tolerance: 0 } } },
  'tolerances that are fractions without quotes': {
    behavior: { scaleUp: { tolerance: 0.05 }, scaleDown: { tolerance: 1e-7 } },
  },
  'a tolerance above 1': { behavior: { scaleUp: { tolerance: '1.5' } } },
  'a stabilization window of an hour': { 'behavior.scaleDown.stabilizationWindowSeconds': 3600 },
  'a policy at its largest': policy({ value: 2 ** 31 - 1, periodSeconds: 1800 }),
  'a mode that is the default': { mode: 'Active' },
  'a dry run': { mode: 'DryRun' },
  'mode null': { mode: null },
  'a field that nobody knows': { colour: 'red' },
};

/** Objects that look wrong and must be accepted all the same. */
export const oddAutoscalers: readonly { readonly name: string; readonly object: AutoscalerJson }[] =
  Object.entries({ ...odd, ...oddOwnFields }).map(([name, change]) => ({ name, object: changed(change) }));

function changed(change: Change): AutoscalerJson {
  const object = validAutoscaler();
  for (const [path, value] of Object.entries(change)) set(object.spec, path.split(/\.|\[|\]\.?/), value);
  return object;
}

function set(object: Json, [key = '', ...rest]: readonly string[], value: unknown): void {
  const parent = rest.length > 0 ? object[key] : undefined;
  if (parent !== undefined) set(parent as Json, rest, value);
  else if (value === undefined) Reflect.deleteProperty(object, key);
  else object[key] = value;
}
