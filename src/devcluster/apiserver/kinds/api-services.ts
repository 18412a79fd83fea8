import type { KubeObject } from '../../cluster-api.ts';
import type { FieldError } from '../field-error.ts';
import { invalidValue } from '../field-error.ts';
import { child, setDefault, stringAt } from '../json.ts';
import { portRange, present } from './checks.ts';

export function defaultApiService(apiService: KubeObject): void {
  const spec = child(apiService, 'spec');
  if (spec.service !== undefined) setDefault(child(spec, 'service'), 'port', 443);
}

/** As Kubernetes checks it, but for what is said of APIs that the server itself serves: none of them are registered here. */
export function validateApiService(apiService: KubeObject): FieldError[] {
  const spec = child(apiService, 'spec');
  const service = child(spec, 'service');
  const [group, version] = [stringAt(spec, 'group'), stringAt(spec, 'version')];
  const name = `${version}.${group}`;
  const isNamed = apiService.metadata.name === name;
  const text = `must be \`spec.version+"."+spec.group\`: "${name}"`;
  return [
    ...(isNamed ? [] : [invalidValue('metadata.name', apiService.metadata.name, text)]),
    ...present(spec, 'group', 'spec'),
    ...present(spec, 'version', 'spec'),
    ...priority(spec.groupPriorityMinimum, 'spec.groupPriorityMinimum', 20_000),
    ...priority(spec.versionPriority, 'spec.versionPriority', 1000),
    ...present(service, 'namespace', 'spec.service'),
    ...present(service, 'name', 'spec.service'),
    ...portRange(service.port, 'spec.service.port'),
    ...trust(spec),
  ];
}

function priority(value: unknown, field: string, most: number): FieldError[] {
  const isFine = typeof value === 'number' && value > 0 && value <= most;
  return isFine ? [] : [invalidValue(field, value, `must be positive and less than ${most}`)];
}

function trust(spec: Record<string, unknown>): FieldError[] {
  if (spec.insecureSkipTLSVerify !== true || stringAt(spec, 'caBundle') === '') return [];
  return [invalidValue('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present')];
}
