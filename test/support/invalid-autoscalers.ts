/**
 * CustomAutoscalers that autoscaling/v2 would refuse, and odd ones that it accepts. Each row is refused (or accepted) by our own
 * parser, and by an API server that has the CRD; the refusal names the field.
 */

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- objects that are wrong on purpose
export type AnyObject = Record<string, any>;

export interface InvalidAutoscaler {
  readonly name: string;
  readonly object: AnyObject;
  /** The field that the refusal must name. */
  readonly path: string;
  /** What our own message says. */
  readonly message: RegExp;
}

/** A valid CustomAutoscaler with one metric of each type, fresh for each call. */
export function validAutoscaler(): AnyObject {
  return {
    apiVersion: 'plimsoll.dev/v1',
    kind: 'CustomAutoscaler',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
        },
        {
          type: 'ContainerResource',
          containerResource: {
            name: 'memory',
            container: 'app',
            target: { type: 'AverageValue', averageValue: '100Mi' },
          },
        },
        {
          type: 'Pods',
          pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } },
        },
        {
          type: 'Object',
          object: {
            describedObject: { apiVersion: 'v1', kind: 'Service', name: 'web' },
            metric: { name: 'requests' },
            target: { type: 'Value', value: '2k' },
          },
        },
        { type: 'External', external: { metric: { name: 'queue' }, target: { type: 'Value', value: 30 } } },
      ],
      behavior: { scaleUp: { policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }] }, scaleDown: {} },
    },
  };
}

type Change = (spec: AnyObject) => void;
type Row = readonly [change: Change, path: string, message: RegExp];

const [resource, container, pods, object, external] = [0, 1, 2, 3, 4] as const;

/** The source of a metric of `validAutoscaler`. */
const source = (spec: AnyObject, index: number): AnyObject => {
  const fields = ['resource', 'containerResource', 'pods', 'object', 'external'];
  return (spec.metrics as AnyObject[])[index]![fields[index]!] as AnyObject;
};

const target = (index: number, value: unknown): Change => {
  return (spec) => (source(spec, index).target = value);
};

const policy = (change: AnyObject): Change => {
  return (spec) =>
    (spec.behavior.scaleUp.policies = [{ type: 'Pods', value: 4, periodSeconds: 15, ...change }]);
};

const up = 'spec.behavior.scaleUp';
const down = 'spec.behavior.scaleDown';
const resourceTarget = 'spec.metrics[0].resource.target';
const cpuTarget = { type: 'Utilization', averageUtilization: 50 };

const invalid: Readonly<Record<string, Row>> = {
  'maxReplicas is missing': [(s) => delete s.maxReplicas, 'spec.maxReplicas', /Required value/],
  'maxReplicas is null': [(s) => (s.maxReplicas = null), 'spec.maxReplicas', /Required value/],
  'maxReplicas is 0': [
    (s) => Object.assign(s, { minReplicas: 1, maxReplicas: 0 }),
    'spec.maxReplicas',
    /^spec\.maxReplicas: Invalid value: 0: must be greater than or equal to 1$/,
  ],
  'maxReplicas is negative': [(s) => (s.maxReplicas = -1), 'spec.maxReplicas', /-1: must be greater than/],
  'maxReplicas is text': [(s) => (s.maxReplicas = '5'), 'spec.maxReplicas', /"5": must be an integer/],
  'maxReplicas is a fraction': [(s) => (s.maxReplicas = 2.5), 'spec.maxReplicas', /2\.5: must be an integer/],
  'maxReplicas is beyond 32 bits': [
    (s) => (s.maxReplicas = 2 ** 31),
    'spec.maxReplicas',
    /less than or equal/,
  ],
  'maxReplicas is below minReplicas': [
    (s) => (s.maxReplicas = 1),
    'spec.maxReplicas',
    /1: must be greater than or equal to minReplicas$/,
  ],
  'minReplicas is negative': [(s) => (s.minReplicas = -1), 'spec.minReplicas', /greater than or equal to 0/],
  'minReplicas is text': [(s) => (s.minReplicas = 'one'), 'spec.minReplicas', /"one": must be an integer/],
  'minReplicas is 0 with only a resource metric': [
    (s) => Object.assign(s, { minReplicas: 0, metrics: [s.metrics[resource]] }),
    'spec.metrics',
    /Forbidden: must specify at least one Object or External metric/,
  ],
  'minReplicas is 0 with a Pods metric': [
    (s) => Object.assign(s, { minReplicas: 0, metrics: [s.metrics[pods]] }),
    'spec.metrics',
    /scaling to zero/,
  ],
  'minReplicas is 0 without metrics': [
    (s) => Object.assign(s, { minReplicas: 0, metrics: [] }),
    'spec.metrics',
    /scaling to zero/,
  ],
  'scaleTargetRef is missing': [(s) => delete s.scaleTargetRef, 'spec.scaleTargetRef', /Required value/],
  'the target has no kind': [
    (s) => delete s.scaleTargetRef.kind,
    'spec.scaleTargetRef.kind',
    /Required value/,
  ],
  'the target has an empty kind': [
    (s) => (s.scaleTargetRef.kind = ''),
    'spec.scaleTargetRef.kind',
    /Required/,
  ],
  "the target's kind has a slash": [
    (s) => (s.scaleTargetRef.kind = 'a/b'),
    'spec.scaleTargetRef.kind',
    /"a\/b": may not contain '\/'/,
  ],
  'the target has no name': [
    (s) => delete s.scaleTargetRef.name,
    'spec.scaleTargetRef.name',
    /Required value/,
  ],
  'the target has an empty name': [
    (s) => (s.scaleTargetRef.name = ''),
    'spec.scaleTargetRef.name',
    /Required/,
  ],
  "the target's name has a slash": [
    (s) => (s.scaleTargetRef.name = 'a/b'),
    'spec.scaleTargetRef.name',
    /may not contain '\/'/,
  ],
  "the target's name has a percent sign": [
    (s) => (s.scaleTargetRef.name = 'a%b'),
    'spec.scaleTargetRef.name',
    /may not contain '%'/,
  ],
  "the target's name is two dots": [
    (s) => (s.scaleTargetRef.name = '..'),
    'spec.scaleTargetRef.name',
    /may not be '\.\.'/,
  ],
  'the target has no apiVersion': [
    (s) => delete s.scaleTargetRef.apiVersion,
    'spec.scaleTargetRef.apiVersion',
    /"": must name an API group/,
  ],
  "the target's apiVersion names no group": [
    (s) => (s.scaleTargetRef.apiVersion = 'v1'),
    'spec.scaleTargetRef.apiVersion',
    /"v1": must name an API group/,
  ],
  "the target's apiVersion has an empty group": [
    (s) => (s.scaleTargetRef.apiVersion = '/v1'),
    'spec.scaleTargetRef.apiVersion',
    /must name an API group/,
  ],
  "the target's apiVersion has two slashes": [
    (s) => (s.scaleTargetRef.apiVersion = 'a/b/c'),
    'spec.scaleTargetRef.apiVersion',
    /"a\/b\/c": must be GROUP\/VERSION or VERSION/,
  ],
  'metrics is an object': [(s) => (s.metrics = {}), 'spec.metrics', /must be a list/],
  'there are 101 metrics': [
    (s) => (s.metrics = Array.from({ length: 101 }, () => s.metrics[resource])),
    'spec.metrics',
    /at most 100 items/,
  ],
  'a metric is of a type that does not exist': [
    (s) => (s.metrics = [{ type: 'Foo' }]),
    'spec.metrics[0].type',
    /Unsupported value: "Foo": supported values: "ContainerResource", "External"/,
  ],
  'a metric has no type': [
    (s) => delete s.metrics[resource].type,
    'spec.metrics[0].type',
    /Required value: must be one of/,
  ],
  'a Resource metric has no resource': [
    (s) => (s.metrics = [{ type: 'Resource' }]),
    'spec.metrics[0].resource',
    /Required value: must be set when type is Resource/,
  ],
  'a ContainerResource metric has no containerResource': [
    (s) => (s.metrics = [{ type: 'ContainerResource' }]),
    'spec.metrics[0].containerResource',
    /Required value/,
  ],
  'a Pods metric has no pods': [
    (s) => (s.metrics = [{ type: 'Pods' }]),
    'spec.metrics[0].pods',
    /Required value/,
  ],
  'an Object metric has no object': [
    (s) => (s.metrics = [{ type: 'Object' }]),
    'spec.metrics[0].object',
    /Required value/,
  ],
  'an External metric has no external': [
    (s) => (s.metrics = [{ type: 'External' }]),
    'spec.metrics[0].external',
    /Required value/,
  ],
  'a Resource metric has pods as well': [
    (s) => (s.metrics[resource].pods = s.metrics[pods].pods),
    'spec.metrics[0].pods',
    /Forbidden: may be set only when type is Pods/,
  ],
  'a Pods metric has external as well': [
    (s) => (s.metrics[pods].external = s.metrics[external].external),
    'spec.metrics[2].external',
    /Forbidden/,
  ],
  'a resource has no name': [
    (s) => delete source(s, resource).name,
    'spec.metrics[0].resource.name',
    /must specify a resource name/,
  ],
  'a resource has no target': [(s) => delete source(s, resource).target, resourceTarget, /Required value/],
  'a target has no type': [
    target(resource, { averageUtilization: 50 }),
    `${resourceTarget}.type`,
    /Required value: must be one of "Utilization", "Value", "AverageValue"/,
  ],
  'a target has an unknown type': [
    target(resource, { ...cpuTarget, type: 'Average' }),
    `${resourceTarget}.type`,
    /Unsupported value: "Average"/,
  ],
  'a utilization is 0': [
    target(resource, { type: 'Utilization', averageUtilization: 0 }),
    `${resourceTarget}.averageUtilization`,
    /0: must be greater than or equal to 1/,
  ],
  'a utilization is text': [
    target(resource, { type: 'Utilization', averageUtilization: '50%' }),
    `${resourceTarget}.averageUtilization`,
    /"50%": must be an integer/,
  ],
  'a resource target sets nothing': [
    target(resource, { type: 'Utilization' }),
    `${resourceTarget}.averageUtilization`,
    /Required value: must set averageValue or averageUtilization/,
  ],
  'a resource target sets only value': [
    target(resource, { type: 'Value', value: '1' }),
    `${resourceTarget}.averageUtilization`,
    /Required value/,
  ],
  'a resource target sets utilization and averageValue': [
    target(resource, { ...cpuTarget, averageValue: '1' }),
    `${resourceTarget}.averageValue`,
    /Forbidden: may not be set together with averageUtilization/,
  ],
  'an averageValue is 0': [
    target(resource, { type: 'AverageValue', averageValue: '0' }),
    `${resourceTarget}.averageValue`,
    /"0": must be greater than 0/,
  ],
  'an averageValue is the number 0': [
    target(resource, { type: 'AverageValue', averageValue: 0 }),
    `${resourceTarget}.averageValue`,
    /0: must be greater than 0/,
  ],
  'an averageValue is zero with a suffix': [
    target(resource, { type: 'AverageValue', averageValue: '0.00Mi' }),
    `${resourceTarget}.averageValue`,
    /must be greater than 0/,
  ],
  'an averageValue is negative': [
    target(resource, { type: 'AverageValue', averageValue: '-100m' }),
    `${resourceTarget}.averageValue`,
    /"-100m": must be greater than 0/,
  ],
  'an averageValue has an unknown unit': [
    target(resource, { type: 'AverageValue', averageValue: '100MB' }),
    `${resourceTarget}.averageValue`,
    /"100MB": must be a quantity, such as/,
  ],
  'an averageValue is a fraction without quotes': [
    target(resource, { type: 'AverageValue', averageValue: 0.5 }),
    `${resourceTarget}.averageValue`,
    /0\.5: must be a quantity/,
  ],
  'an averageValue is longer than 64 characters': [
    target(resource, { type: 'AverageValue', averageValue: '1'.repeat(65) }),
    `${resourceTarget}.averageValue`,
    /at most 64 characters/,
  ],
  'a container resource has no name': [
    (s) => delete source(s, container).name,
    'spec.metrics[1].containerResource.name',
    /must specify a resource name/,
  ],
  'a container resource is none that containers have': [
    (s) => (source(s, container).name = 'disk'),
    'spec.metrics[1].containerResource.name',
    /"disk": must be cpu, memory/,
  ],
  'a container resource has a name with a space': [
    (s) => (source(s, container).name = 'example.com/a b'),
    'spec.metrics[1].containerResource.name',
    /must consist of/,
  ],
  'a container resource names no container': [
    (s) => delete source(s, container).container,
    'spec.metrics[1].containerResource.container',
    /must specify a container/,
  ],
  'a container has capital letters': [
    (s) => (source(s, container).container = 'App'),
    'spec.metrics[1].containerResource.container',
    /"App": must consist of lower case/,
  ],
  'a container resource has only a value': [
    target(container, { type: 'Value', value: '1' }),
    'spec.metrics[1].containerResource.target.averageUtilization',
    /Required value/,
  ],
  'a Pods metric has no metric': [
    (s) => delete source(s, pods).metric,
    'spec.metrics[2].pods.metric',
    /must specify a metric/,
  ],
  'a Pods metric has an empty name': [
    (s) => (source(s, pods).metric.name = ''),
    'spec.metrics[2].pods.metric.name',
    /must specify a metric name/,
  ],
  "a Pods metric's name has a slash": [
    (s) => (source(s, pods).metric.name = 'http/requests'),
    'spec.metrics[2].pods.metric.name',
    /may not contain '\/'/,
  ],
  'a Pods metric has no averageValue': [
    target(pods, { type: 'AverageValue' }),
    'spec.metrics[2].pods.target.averageValue',
    /Required value: must be a quantity above 0/,
  ],
  'a Pods metric has only a value': [
    target(pods, { type: 'Value', value: '1' }),
    'spec.metrics[2].pods.target.averageValue',
    /Required value/,
  ],
  'an Object metric describes nothing': [
    (s) => delete source(s, object).describedObject,
    'spec.metrics[3].object.describedObject',
    /Required value/,
  ],
  'an Object metric describes an object without a name': [
    (s) => delete source(s, object).describedObject.name,
    'spec.metrics[3].object.describedObject.name',
    /Required value/,
  ],
  'an Object metric describes an object of an unreadable version': [
    (s) => (source(s, object).describedObject.apiVersion = 'a/b/c'),
    'spec.metrics[3].object.describedObject.apiVersion',
    /GROUP\/VERSION/,
  ],
  'an Object metric has no target': [
    (s) => delete source(s, object).target,
    'spec.metrics[3].object.target',
    /Required value/,
  ],
  'an Object target sets only a utilization': [
    target(object, cpuTarget),
    'spec.metrics[3].object.target.averageValue',
    /must set value or averageValue/,
  ],
  'an External target sets nothing': [
    target(external, { type: 'Value' }),
    'spec.metrics[4].external.target.averageValue',
    /must set value or averageValue/,
  ],
  'an External target sets value and averageValue': [
    target(external, { type: 'Value', value: '1', averageValue: '1' }),
    'spec.metrics[4].external.target.value',
    /Forbidden: may not be set together with averageValue/,
  ],
  'an External value is 0': [
    target(external, { type: 'Value', value: '0' }),
    'spec.metrics[4].external.target.value',
    /must be greater than 0/,
  ],
  'an External selector is text': [
    (s) => (source(s, external).metric.selector = 'queue=web'),
    'spec.metrics[4].external.metric.selector',
    /must be an object/,
  ],
  'a stabilization window is negative': [
    (s) => (s.behavior.scaleUp.stabilizationWindowSeconds = -1),
    `${up}.stabilizationWindowSeconds`,
    /-1: must be greater than or equal to 0/,
  ],
  'a stabilization window is over an hour': [
    (s) => (s.behavior.scaleDown.stabilizationWindowSeconds = 3601),
    `${down}.stabilizationWindowSeconds`,
    /3601: must be less than or equal to 3600/,
  ],
  'a selectPolicy is unknown': [
    (s) => (s.behavior.scaleUp.selectPolicy = 'Median'),
    `${up}.selectPolicy`,
    /Unsupported value: "Median": supported values: "Disabled", "Max", "Min"/,
  ],
  'policies is empty': [(s) => (s.behavior.scaleUp.policies = []), `${up}.policies`, /at least 1 item/],
  'there are 101 policies': [
    (s) => (s.behavior.scaleUp.policies = Array.from({ length: 101 }, () => s.behavior.scaleUp.policies[0])),
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
    (s) => (s.behavior.scaleUp.tolerance = '-0.1'),
    `${up}.tolerance`,
    /"-0\.1": must be greater than or equal to 0/,
  ],
  'a tolerance is in percent': [
    (s) => (s.behavior.scaleDown.tolerance = '5%'),
    `${down}.tolerance`,
    /"5%": must be a quantity/,
  ],
  'behavior is a list': [(s) => (s.behavior = []), 'spec.behavior', /must be an object/],
};

/** At least 40 objects that must be refused, each for one reason. */
export const invalidAutoscalers: readonly InvalidAutoscaler[] = Object.entries(invalid).map(
  ([name, [change, path, message]]) => ({ name, object: changed(change), path, message }),
);

const odd: Readonly<Record<string, Change>> = {
  'nothing but a target and maxReplicas': (s) =>
    keepOnly(s, ['scaleTargetRef', 'maxReplicas'], { maxReplicas: 3 }),
  'no metrics': (s) => (s.metrics = []),
  'metrics null': (s) => (s.metrics = null),
  'minReplicas null': (s) => (s.minReplicas = null),
  'minReplicas equal to maxReplicas': (s) => (s.minReplicas = 10),
  'minReplicas 0 with an External metric': (s) =>
    Object.assign(s, { minReplicas: 0, metrics: [s.metrics[external]] }),
  'minReplicas 0 with an Object metric after another': (s) =>
    Object.assign(s, { minReplicas: 0, metrics: [s.metrics[resource], s.metrics[object]] }),
  'a ReplicationController of v1': (s) =>
    Object.assign(s.scaleTargetRef, { apiVersion: 'v1', kind: 'ReplicationController' }),
  'a ReplicationController without apiVersion': (s) =>
    (s.scaleTargetRef = { kind: 'ReplicationController', name: 'rc' }),
  'a target of a kind that does not exist': (s) =>
    (s.scaleTargetRef = { apiVersion: 'x.y/v99', kind: 'Zed', name: 'z' }),
  'type Utilization with only averageValue': target(resource, { type: 'Utilization', averageValue: '100m' }),
  'type AverageValue with only averageUtilization': target(resource, {
    type: 'AverageValue',
    averageUtilization: 50,
  }),
  'averageUtilization above 100': target(resource, { type: 'Utilization', averageUtilization: 300 }),
  'a resource that no node has': (s) =>
    Object.assign(source(s, resource), {
      name: 'example.com/gpu',
      target: { type: 'AverageValue', averageValue: '1' },
    }),
  'a container resource of huge pages': (s) => (source(s, container).name = 'hugepages-2Mi'),
  'an extended container resource': (s) => (source(s, container).name = 'example.com/gpu'),
  'an Object target with value and averageValue': target(object, {
    type: 'Value',
    value: '1',
    averageValue: '1',
  }),
  'a described object without apiVersion': (s) => delete source(s, object).describedObject.apiVersion,
  'a metric selector with an unknown operator': (s) =>
    (source(s, pods).metric.selector = { matchExpressions: [{ key: 'a', operator: 'Foo' }] }),
  'a metric selector without an operator': (s) =>
    (source(s, pods).metric.selector = { matchExpressions: [{ key: 'a' }] }),
  'a metric selector without values': (s) =>
    (source(s, external).metric.selector = { matchExpressions: [{ key: 'a', operator: 'In' }] }),
  'a metric name with a colon': (s) => (source(s, pods).metric.name = 'job:http_requests:rate1m'),
  'the same metric twice': (s) => (s.metrics = [s.metrics[resource], s.metrics[resource]]),
  'a quantity as an integer': target(external, { type: 'Value', value: 7 }),
  'a quantity with a plus sign': target(external, { type: 'Value', value: '+1' }),
  'a quantity that begins with a point': target(external, { type: 'Value', value: '.5' }),
  'a quantity that ends with a point': target(external, { type: 'Value', value: '5.' }),
  'a quantity with an exponent': target(external, { type: 'Value', value: '1e3' }),
  'a quantity below one nano': target(external, { type: 'Value', value: '0.0000000001' }),
  'a binary fraction': target(external, { type: 'Value', value: '1.5Gi' }),
  'behavior null': (s) => (s.behavior = null),
  'an empty behavior': (s) => (s.behavior = {}),
  'scaleUp null': (s) => (s.behavior = { scaleUp: null, scaleDown: {} }),
  'scaleDown disabled': (s) => (s.behavior = { scaleDown: { selectPolicy: 'Disabled' } }),
  'a tolerance of 0': (s) => (s.behavior = { scaleUp: { tolerance: '0' }, scaleDown: { tolerance: 0 } }),
  'a tolerance above 1': (s) => (s.behavior = { scaleUp: { tolerance: '1.5' } }),
  'a stabilization window of an hour': (s) => (s.behavior.scaleDown.stabilizationWindowSeconds = 3600),
  'a policy at its largest': policy({ value: 2 ** 31 - 1, periodSeconds: 1800 }),
  'a field that nobody knows': (s) => (s.colour = 'red'),
};

/** Objects that look wrong and must be accepted all the same. */
export const oddAutoscalers: readonly { readonly name: string; readonly object: AnyObject }[] =
  Object.entries(odd).map(([name, change]) => ({ name, object: changed(change) }));

function changed(change: Change): AnyObject {
  const object = validAutoscaler();
  change(object.spec as AnyObject);
  return JSON.parse(JSON.stringify(object)) as AnyObject;
}

function keepOnly(spec: AnyObject, fields: readonly string[], more: AnyObject): void {
  for (const field of Object.keys(spec)) if (!fields.includes(field)) delete spec[field];
  Object.assign(spec, more);
}
