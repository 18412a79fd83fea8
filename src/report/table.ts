import { padEnd, padStart, visibleWidth } from './style.ts';

export interface Column {
  readonly title: string;
  /** Numbers stand at the right. Default left. */
  readonly align?: 'left' | 'right';
}

/** Rows under their titles, columns two spaces apart. The titles come first in the result. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(visibleWidth(title), ...rows.map((row) => visibleWidth(row[index] ?? ''))),
  );
  const renderRow = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) =>
        (align === 'right' ? padStart : padEnd)(cells[index] ?? '', widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [columns.map(({ title }) => title), ...rows].map(renderRow);
}
