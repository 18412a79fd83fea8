import type { KubeObject } from '../../cluster-api.ts';
import type { PrinterColumn } from '../kind.ts';
import { humanDuration } from './age.ts';
import { dateAgeColumn, nameColumn } from './column.ts';
import type { Cell, Column } from './column.ts';
import { valuesAt } from './json-path.ts';

/** The columns of a custom resource: its name, then its additionalPrinterColumns, or else its age. */
export function customColumns(columns: readonly PrinterColumn[] | undefined): readonly Column[] {
  return [nameColumn, ...(columns?.map(customColumn) ?? [dateAgeColumn])];
}

function customColumn(column: PrinterColumn): Column {
  const { name, type, format, jsonPath, description, priority = 0 } = column;
  return {
    name,
    type,
    ...(format === undefined ? {} : { format }),
    description: description ?? `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    isWide: priority > 0,
    cell: (object, nowMs) => customCell(object, column, nowMs),
  };
}

function customCell(object: KubeObject, { jsonPath, type }: PrinterColumn, nowMs: number): Cell {
  const [value] = valuesAt(object, jsonPath);
  if (value === undefined || value === null) return null;
  return cellsByType[type]?.(value, nowMs) ?? null;
}

/** A value that is not of its column's type leaves the cell empty. */
const cellsByType: Readonly<Record<string, (value: unknown, nowMs: number) => Cell>> = {
  string: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  integer: (value) => (typeof value === 'number' ? Math.trunc(value) : null),
  number: (value) => (typeof value === 'number' ? value : null),
  boolean: (value) => (typeof value === 'boolean' ? value : null),
  date: (value, nowMs) => {
    if (typeof value !== 'string') return null;
    const ms = Date.parse(value);
    return Number.isNaN(ms) ? '<invalid>' : humanDuration(nowMs - ms);
  },
};
