import { parseDuration } from './duration.ts';
import { UserError } from './errors.ts';
import { profileLimits } from './load-profile-cursor.ts';

/** A rate that holds for a while. */
export interface RateRow {
  readonly durationMs: number;
  readonly perSecond: number;
}

interface Columns {
  readonly time: number;
  readonly rate: number;
  /** How many milliseconds a bare number in the time column stands for. */
  readonly timeUnitMs: number;
}

/** Names of the time column, each with the unit of its bare numbers; and of the rate column. The first of each in the header counts. */
const timeColumns: Readonly<Record<string, number>> = {
  seconds: 1000,
  time: 1000,
  at: 1000,
  timestamp: 1000,
  atMs: 1,
  fromMs: 1,
};
const rateColumns = ['perSecond', 'rate', 'rps', 'offeredPerSecond'];

/**
 * Reads a CSV of times and rates. A rate holds until the time of the next row; the last row says when it ends. Times are
 * seconds, durations (`1m30s`) or RFC 3339 timestamps, and must rise. Without a header, the first column is the time and
 * the second the rate. `load --output csv` writes a table that this reads.
 * @param name what errors call it
 * @throws UserError with the line
 */
export function parseRateTable(text: string, name: string): RateRow[] {
  const rows = text
    .split(/\r?\n/)
    .map((line, index) => ({ line: index + 1, cells: line.split(',').map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== '') && !cells[0]?.startsWith('#'));
  const columns = columnsOf(rows[0]?.cells ?? [], name);
  const points = rows.slice(columns.isHeader ? 1 : 0).map(({ line, cells }) => ({
    line,
    atMs: timeOf(cells[columns.time] ?? '', columns.timeUnitMs, `${name}, line ${line}`),
    perSecond: rateOf(cells[columns.rate] ?? '', `${name}, line ${line}`),
  }));
  if (points.length < 2)
    throw new UserError(`${name}: at least two rows are needed, the last of which says when it ends`);
  return points.slice(1).map(({ line, atMs }, index) => {
    const before = points[index] ?? { atMs, perSecond: 0 };
    if (atMs <= before.atMs)
      throw new UserError(`${name}, line ${line}: the time must be later than that of the line before`);
    return { durationMs: atMs - before.atMs, perSecond: before.perSecond };
  });
}

function columnsOf(first: readonly string[], name: string): Columns & { isHeader: boolean } {
  const bare = first.map((cell) => cell.replace(/^"(.*)"$/, '$1'));
  if (timeIn(bare[0] ?? '', 1000) !== undefined)
    return { time: 0, rate: 1, timeUnitMs: 1000, isHeader: false };
  const time = bare.findIndex((column) => Object.hasOwn(timeColumns, column));
  const rate = bare.findIndex((column) => rateColumns.includes(column));
  if (time === -1 || rate === -1) {
    throw new UserError(
      `${name}, line 1: found ${JSON.stringify(first.join(','))}; allowed is a time and a rate, or a header with ` +
        `one of ${Object.keys(timeColumns).join(', ')} and one of ${rateColumns.join(', ')}`,
    );
  }
  return { time, rate, timeUnitMs: timeColumns[bare[time] ?? ''] ?? 1000, isHeader: true };
}

function timeOf(cell: string, unitMs: number, where: string): number {
  const ms = timeIn(cell, unitMs);
  if (ms === undefined)
    throw new UserError(
      `${where}: found ${JSON.stringify(cell)}; allowed is a time in seconds, a duration or a timestamp`,
    );
  return ms;
}

function timeIn(cell: string, unitMs: number): number | undefined {
  if (/^\d+(\.\d+)?$/.test(cell)) return Number(cell) * unitMs;
  const duration = parseDuration(cell);
  if (duration !== undefined && duration >= 0) return duration;
  const timestamp = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(cell) ? Date.parse(cell) : Number.NaN;
  return Number.isNaN(timestamp) ? undefined : timestamp;
}

function rateOf(cell: string, where: string): number {
  const perSecond = /^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(cell) ? Number(cell) : Number.NaN;
  if (!(perSecond <= profileLimits.perSecond))
    throw new UserError(
      `${where}: found ${JSON.stringify(cell)}; allowed is a rate in requests per second, up to ${profileLimits.perSecond}`,
    );
  return perSecond;
}
