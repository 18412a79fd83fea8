import { compareQuantity, formatQuantity, parseQuantity } from '../../../lib/quantity.ts';
import type { FieldError } from '../field-error.ts';
import { duplicate, forbiddenField, invalidValue, quote, required } from '../field-error.ts';
import { child, children, isObject, stringAt, textOf } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { labelProblems, validateLabels } from '../validation.ts';
import { notNegative, oneOf, portNumber, present } from './checks.ts';

const protocols = ['SCTP', 'TCP', 'UDP'];
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

/** @param path where the spec stands: `spec` or `spec.template.spec` */
export function validatePodSpec(spec: JsonObject, path: string): FieldError[] {
  const containers = children(spec, 'containers');
  const volumes = new Set(children(spec, 'volumes').map((volume) => stringAt(volume, 'name')));
  const errors = [
    ...validateContainers(children(spec, 'initContainers'), `${path}.initContainers`, volumes),
    ...(containers.length === 0 ? [required(`${path}.containers`)] : []),
    ...validateContainers(containers, `${path}.containers`, volumes),
    ...oneOf(spec, 'restartPolicy', path, ['Always', 'OnFailure', 'Never']),
    ...oneOf(spec, 'dnsPolicy', path, dnsPolicies),
    ...validateLabels(child(spec, 'nodeSelector') as Record<string, string>, `${path}.nodeSelector`),
  ];
  return errors;
}

function validateContainers(
  containers: readonly JsonObject[],
  path: string,
  volumes: ReadonlySet<string>,
): FieldError[] {
  const seen = new Set<string>();
  return containers.flatMap((container, index) => {
    const name = stringAt(container, 'name');
    const at = `${path}[${index}]`;
    const repeated = name !== '' && seen.has(name) ? [duplicate(`${at}.name`, name)] : [];
    seen.add(name);
    return [...validateContainer(container, at, volumes), ...repeated];
  });
}

function validateContainer(container: JsonObject, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const name = stringAt(container, 'name');
  const image = stringAt(container, 'image');
  return [
    ...(name === '' ? [required(`${path}.name`)] : labelErrors(name, `${path}.name`)),
    ...(image === '' ? [required(`${path}.image`)] : []),
    ...children(container, 'ports').flatMap((port, index) => validatePort(port, `${path}.ports[${index}]`)),
    ...children(container, 'env').flatMap((variable, index) =>
      validateEnv(variable, `${path}.env[${index}]`),
    ),
    ...children(container, 'volumeMounts').flatMap((mount, index) =>
      validateMount(mount, `${path}.volumeMounts[${index}]`, volumes),
    ),
    ...probeNames.flatMap((probe) => validateProbe(container[probe], `${path}.${probe}`)),
    ...oneOf(container, 'imagePullPolicy', path, ['Always', 'IfNotPresent', 'Never']),
    ...validateResources(child(container, 'resources'), `${path}.resources`),
  ];
}

function labelErrors(name: string, field: string): FieldError[] {
  return labelProblems(name).map((text) => invalidValue(field, name, text));
}

function validatePort(port: JsonObject, path: string): FieldError[] {
  return [...portNumber(port, 'containerPort', path), ...oneOf(port, 'protocol', path, protocols)];
}

function validateEnv(variable: JsonObject, path: string): FieldError[] {
  const name = stringAt(variable, 'name');
  const nameText =
    "a valid environment variable name must consist only of printable ASCII characters other than '='";
  const hasBoth = isObject(variable.valueFrom) && stringAt(variable, 'value') !== '';
  return [
    ...(name === '' ? [required(`${path}.name`)] : []),
    ...(/^[ -<>-~]*$/.test(name) ? [] : [invalidValue(`${path}.name`, name, nameText)]),
    ...(hasBoth
      ? [invalidValue(`${path}.valueFrom`, '', 'may not be specified when `value` is not empty')]
      : []),
  ];
}

function validateMount(mount: JsonObject, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const name = stringAt(mount, 'name');
  const missing: FieldError[] =
    name !== '' && !volumes.has(name)
      ? [{ type: 'FieldValueNotFound', field: `${path}.name`, message: `Not found: ${quote(name)}` }]
      : [];
  return [...present(mount, 'name', path), ...missing, ...present(mount, 'mountPath', path)];
}

const probeNames = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const probeHandlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

function validateProbe(probe: unknown, path: string): FieldError[] {
  if (!isObject(probe)) return [];
  const [first, ...more] = probeHandlers.filter((handler) => isObject(probe[handler]));
  const numbers = [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ];
  return [
    ...(first === undefined ? [required(path, 'must specify a handler type')] : []),
    ...more.map((handler) =>
      forbiddenField(`${path}.${handler}`, 'may not specify more than 1 handler type'),
    ),
    ...numbers.flatMap((key) => notNegative(probe, key, path)),
  ];
}

const standardResources = ['cpu', 'memory', 'ephemeral-storage'];

function validateResources(resources: JsonObject, path: string): FieldError[] {
  const limits = child(resources, 'limits');
  return [
    ...Object.entries(limits).flatMap(([name, amount]) => validateAmount(name, amount, `${path}.limits`)),
    ...Object.entries(child(resources, 'requests')).flatMap(([name, amount]) => [
      ...validateAmount(name, amount, `${path}.requests`),
      ...overLimit({ name, amount, limit: limits[name] }, `${path}.requests`),
    ]),
  ];
}

function validateAmount(name: string, amount: unknown, path: string): FieldError[] {
  const field = `${path}[${name}]`;
  const isKnown = standardResources.includes(name) || name.includes('/') || name.startsWith('hugepages-');
  if (!isKnown) {
    return [
      'must be a standard resource type or fully qualified',
      'must be a standard resource for containers',
    ].map((text) => invalidValue(field, name, text));
  }
  const isNegative = compareQuantity(parseQuantity(textOf(amount)), parseQuantity('0')) < 0;
  return isNegative ? [invalidValue(field, amount, 'must be greater than or equal to 0')] : [];
}

function overLimit(
  { name, amount, limit }: { name: string; amount: unknown; limit: unknown },
  path: string,
): FieldError[] {
  if (limit === undefined) return [];
  const most = parseQuantity(textOf(limit));
  if (compareQuantity(parseQuantity(textOf(amount)), most) <= 0) return [];
  return [
    invalidValue(path, amount, `must be less than or equal to ${name} limit of ${formatQuantity(most)}`),
  ];
}
