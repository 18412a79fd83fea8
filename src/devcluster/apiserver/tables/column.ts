import type { KubeObject } from '../../cluster-api.ts';
import { since } from './age.ts';

export type Cell = string | number | boolean | null;

/** metav1.TableColumnDefinition. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** 1: printed with `-o wide` only. */
  readonly priority: number;
}

/** A column and how it is read from an object; what is left out is that of a plain column of text. */
export interface Column {
  readonly name: string;
  readonly type?: string;
  readonly format?: string;
  readonly description: string;
  readonly isWide?: boolean;
  readonly cell: (object: KubeObject, nowMs: number) => Cell;
}

export function definitionOf(column: Column): ColumnDefinition {
  return {
    name: column.name,
    type: column.type ?? 'string',
    format: column.format ?? '',
    description: column.description,
    priority: column.isWide === true ? 1 : 0,
  };
}

export const nameColumn: Column = {
  name: 'Name',
  format: 'name',
  description: 'The name, unique among the objects of this kind in the namespace.',
  cell: (object) => object.metadata.name,
};

const ageText = 'How long ago the object was created.';

export const ageColumn: Column = {
  name: 'Age',
  description: ageText,
  cell: (object, nowMs) => since(object.metadata.creationTimestamp, nowMs),
};

/** As custom resources have it. */
export const dateAgeColumn: Column = { ...ageColumn, type: 'date' };

/** As kinds without columns of their own have it. */
export const createdAtColumn: Column = {
  name: 'Created At',
  type: 'date',
  description: 'When the object was created.',
  cell: (object) => object.metadata.creationTimestamp ?? null,
};

/** Text, or `<none>` where it is empty. */
export function orNone(text: string): string {
  return text === '' ? '<none>' : text;
}

/** The first few of a list: `a,b,c + 2 more...`. */
export function firstOf(texts: readonly string[], most: number, separator = ','): string {
  const shown = texts.slice(0, most).join(separator);
  return texts.length > most ? `${shown} + ${texts.length - most} more...` : shown;
}

export function numberAt(parent: Readonly<Record<string, unknown>>, key: string): number {
  const value = parent[key];
  return typeof value === 'number' ? value : 0;
}
