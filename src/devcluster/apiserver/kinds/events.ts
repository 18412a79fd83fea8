import type { KubeObject } from '../../cluster-api.ts';
import type { FieldError } from '../field-error.ts';
import { immutable, invalidValue, required } from '../field-error.ts';
import { child, ensureChild, isObject, setDefault, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { qualifiedNameProblems } from '../validation.ts';
import { microTime } from './times.ts';

/** Fields whose name differs: core/v1 -> events.k8s.io/v1. */
const renamed: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
};

const renamedBack = Object.fromEntries(Object.entries(renamed).map(([core, other]) => [other, core]));

function rename(object: KubeObject, names: Readonly<Record<string, string>>, apiVersion: string): KubeObject {
  const entries = Object.entries(object).map(
    ([key, value]) => [names[key] ?? key, value as unknown] as const,
  );
  return { ...(Object.fromEntries(entries) as KubeObject), apiVersion };
}

/** events.k8s.io/v1 leaves empty reporting fields out where core/v1 prints them. */
export function eventFromStorage(event: KubeObject): KubeObject {
  const result = rename(event, renamed, 'events.k8s.io/v1');
  for (const key of ['reportingController', 'reportingInstance']) {
    if (result[key] === '') Reflect.deleteProperty(result, key);
  }
  return result;
}

export function eventToStorage(event: KubeObject): KubeObject {
  return rename(event, renamedBack, 'v1');
}

export function defaultEvent(event: KubeObject): void {
  ensureChild(event, 'involvedObject');
  setDefault(event, 'source', {});
  for (const key of ['firstTimestamp', 'lastTimestamp', 'eventTime']) event[key] ??= null;
  for (const key of ['reportingComponent', 'reportingInstance']) setDefault(event, key, '');
  for (const key of ['reason', 'message', 'type', 'action']) {
    if (event[key] === '') Reflect.deleteProperty(event, key);
  }
  if (typeof event.eventTime === 'string') event.eventTime = microTime(event.eventTime);
  const series: unknown = event.series;
  if (isObject(series) && typeof series.lastObservedTime === 'string') {
    series.lastObservedTime = microTime(series.lastObservedTime);
  }
}

function namespaceErrors(event: KubeObject): FieldError[] {
  const own = event.metadata.namespace ?? '';
  const involved = stringAt(child(event, 'involvedObject'), 'namespace');
  const isFine = involved === own || (involved === '' && own === 'default');
  const field = 'involvedObject.namespace';
  return isFine ? [] : [invalidValue(field, involved, 'does not match event.namespace')];
}

/** core/v1 takes any type and reason; only the namespaces must agree. */
export function validateCoreEvent(event: KubeObject): FieldError[] {
  return namespaceErrors(event);
}

const fixedFields = [
  'involvedObject',
  'reason',
  'message',
  'reportingComponent',
  'reportingInstance',
  'action',
  'type',
];

/** events.k8s.io/v1 is strict, and names some fields by their core names. */
export function validateEvent(event: KubeObject, old: KubeObject | undefined): FieldError[] {
  const errors = [...namespaceErrors(event)];
  if (event.eventTime === null) errors.push(required('eventTime'));
  else errors.push(...detailErrors(event));
  if (!['Normal', 'Warning'].includes(stringAt(event, 'type'))) {
    errors.push(invalidValue('type', '', `has invalid value: ${stringAt(event, 'type')}`));
  }
  const count: unknown = child(event, 'series').count;
  if (isObject(event.series) && (typeof count !== 'number' || count < 2)) {
    errors.push(invalidValue('series.count', '', 'should be at least 2'));
  }
  if (old === undefined) return errors;
  const changed = fixedFields.filter((key) => JSON.stringify(event[key]) !== JSON.stringify(old[key]));
  return [...errors, ...changed.map((key) => immutable(key, event[key]))];
}

function detailErrors(event: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  const controller = stringAt(event, 'reportingComponent');
  if (controller === '') errors.push(required('reportingController'));
  errors.push(
    ...qualifiedNameProblems(controller).map((text) => invalidValue('reportingController', controller, text)),
  );
  for (const key of ['reportingInstance', 'action', 'reason']) {
    if (stringAt(event, key) === '') errors.push(required(key));
  }
  if (stringAt(event, 'message').length > 1024) {
    errors.push(invalidValue('message', '', 'can have at most 1024 characters'));
  }
  return errors;
}
