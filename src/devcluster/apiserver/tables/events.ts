import type { KubeObject } from '../../cluster-api.ts';
import { child, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { since } from './age.ts';
import { numberAt } from './column.ts';
import type { Cell, Column } from './column.ts';

/** The first of some fields that is there: v1 and events.k8s.io/v1 name the same things differently. */
function oneOf(event: KubeObject, ...keys: readonly string[]): unknown {
  return keys
    .map((key): unknown => event[key])
    .find((value) => value !== undefined && value !== null && value !== '');
}

function textOf(event: KubeObject, ...keys: readonly string[]): string {
  const value = oneOf(event, ...keys);
  return typeof value === 'string' ? value : '';
}

function objectOf(event: KubeObject): JsonObject {
  return child({ it: oneOf(event, 'involvedObject', 'regarding') }, 'it');
}

function firstSeen(event: KubeObject, nowMs: number): string {
  return since(oneOf(event, 'firstTimestamp', 'deprecatedFirstTimestamp', 'eventTime'), nowMs);
}

function lastSeen(event: KubeObject, nowMs: number): string {
  const observed = child(event, 'series').lastObservedTime;
  const last = observed ?? oneOf(event, 'lastTimestamp', 'deprecatedLastTimestamp');
  return last === undefined ? firstSeen(event, nowMs) : since(last, nowMs);
}

function count(event: KubeObject): Cell {
  const series = numberAt(child(event, 'series'), 'count');
  return series || numberAt(event, 'count') || numberAt(event, 'deprecatedCount') || 1;
}

function objectText(event: KubeObject): string {
  const object = objectOf(event);
  const name = stringAt(object, 'name');
  const kind = stringAt(object, 'kind').toLowerCase();
  return name === '' ? kind : `${kind}/${name}`;
}

function sourceText(event: KubeObject): string {
  const source = child({ it: oneOf(event, 'source', 'deprecatedSource') }, 'it');
  const component =
    stringAt(source, 'component') || textOf(event, 'reportingComponent', 'reportingController');
  const instance = stringAt(source, 'host') || textOf(event, 'reportingInstance');
  return instance === '' ? component : `${component}, ${instance}`;
}

export const eventColumns: readonly Column[] = [
  { name: 'Last Seen', description: 'How long ago it happened last.', cell: lastSeen },
  { name: 'Type', description: 'Normal or Warning.', cell: (event) => textOf(event, 'type') },
  { name: 'Reason', description: 'What happened, in one word.', cell: (event) => textOf(event, 'reason') },
  { name: 'Object', description: 'What it happened to.', cell: objectText },
  {
    name: 'Subobject',
    description: 'Which part of that.',
    isWide: true,
    cell: (event) => stringAt(objectOf(event), 'fieldPath'),
  },
  { name: 'Source', description: 'Who says so.', isWide: true, cell: sourceText },
  {
    name: 'Message',
    description: 'What happened, in words.',
    cell: (event) => textOf(event, 'message', 'note').trim(),
  },
  { name: 'First Seen', description: 'How long ago it happened first.', isWide: true, cell: firstSeen },
  { name: 'Count', description: 'How often it happened.', isWide: true, cell: count },
  {
    name: 'Name',
    format: 'name',
    description: 'The name of the event.',
    isWide: true,
    cell: (event) => event.metadata.name,
  },
];
