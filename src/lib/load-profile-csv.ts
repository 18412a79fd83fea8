import { formatDuration, parseDuration } from './duration.ts';
import { UserError } from './errors.ts';
import { profileLimits } from './load-profile-cursor.ts';

/** A rate that holds for a while. */
export interface RateRow {
  readonly durationMs: number;
  readonly perSecond: number;
}

export interface TableSource {
  /** What errors call it. */
  readonly name: string;
  /** A table that goes over a longer time is refused. */
  readonly longestMs: number;
}

interface Columns {
  readonly time: number;
  readonly rate: number;
  /** Until when the rate of the row holds; -1 where no column says it. */
  readonly end: number;
  /** How many milliseconds a bare number in the time column stands for. */
  readonly timeUnitMs: number;
}

/** One row, with the line of the file on which it stands. */
interface Point {
  readonly line: number;
  readonly atMs: number;
  readonly perSecond: number;
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
/** Only the last row needs it: the others end where the next begins. */
const endColumn = 'toMs';

/**
 * Reads a CSV of times and rates. A rate holds until the time of the next row; the last row says when it ends, unless a column
 * `toMs` does. Times are seconds, durations (`1m30s`) or RFC 3339 timestamps, and must rise. Without a header, the first
 * column is the time and the second the rate. `load --output csv` writes a table that this reads.
 * @throws UserError with the line
 */
export function parseRateTable(text: string, { name, longestMs }: TableSource): RateRow[] {
  const rows = text
    .split(/\r?\n/)
    .map((line, index) => ({ line: index + 1, cells: cellsOf(line) }))
    .filter(({ cells }) => cells.some((cell) => cell !== '') && !cells[0]?.startsWith('#'));
  const { isHeader, ...columns } = columnsOf(rows[0]?.cells ?? [], name);
  const body = rows.slice(isHeader ? 1 : 0);
  const points = body.map(({ line, cells }): Point => {
    const where = `${name}, line ${line}`;
    return {
      line,
      atMs: timeOf(cells[columns.time] ?? '', columns.timeUnitMs, where),
      perSecond: rateOf(cells[columns.rate] ?? '', where),
    };
  });
  const ends = [...points, ...endOf(body.at(-1), columns, name)];
  if (points.length === 0 || ends.length < 2)
    throw new UserError(`${name}: at least two rows are needed, the last of which says when it ends`);
  checkTimes(ends, { name, longestMs });
  return ends.slice(1).map(({ atMs }, index) => {
    const before = points[index] ?? { atMs, perSecond: 0 };
    return { durationMs: atMs - before.atMs, perSecond: before.perSecond };
  });
}

/** The cells of a line. A quoted one may hold commas, but no line break. */
function cellsOf(line: string): string[] {
  const cells = line.match(/(?<=^|,)(?:\s*"(?:[^"]|"")*"\s*|[^,]*)(?=,|$)/g) ?? [];
  return cells.map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

/** A moment after the last row, where a column tells it. */
function endOf(
  last: { line: number; cells: readonly string[] } | undefined,
  { end }: Columns,
  name: string,
): Point[] {
  if (end === -1 || last === undefined) return [];
  const { line, cells } = last;
  return [{ line, atMs: timeOf(cells[end] ?? '', 1, `${name}, line ${line}`), perSecond: 0 }];
}

function checkTimes(points: readonly Point[], { name, longestMs }: TableSource): void {
  const startMs = points[0]?.atMs ?? 0;
  let beforeMs = -Infinity;
  for (const { line, atMs } of points) {
    if (atMs <= beforeMs)
      throw new UserError(`${name}, line ${line}: the time must be later than that of the line before`);
    if (atMs - startMs > longestMs)
      throw new UserError(
        `${name}, line ${line}: the time is ${formatDuration(atMs - startMs)} after the first one; allowed is ${formatDuration(longestMs)}`,
      );
    beforeMs = atMs;
  }
}

function columnsOf(first: readonly string[], name: string): Columns & { isHeader: boolean } {
  if (timeIn(first[0] ?? '', 1000) !== undefined)
    return { time: 0, rate: 1, end: -1, timeUnitMs: 1000, isHeader: false };
  const time = first.findIndex((column) => Object.hasOwn(timeColumns, column));
  const rate = first.findIndex((column) => rateColumns.includes(column));
  if (time === -1 || rate === -1) {
    throw new UserError(
      `${name}, line 1: found ${JSON.stringify(first.join(','))}; allowed is a time and a rate, or a header with ` +
        `one of ${Object.keys(timeColumns).join(', ')} and one of ${rateColumns.join(', ')}`,
    );
  }
  const timeName = first[time] ?? '';
  return {
    ...{ time, rate, end: timeName.endsWith('Ms') ? first.indexOf(endColumn) : -1 },
    ...{ timeUnitMs: timeColumns[timeName] ?? 1000, isHeader: true },
  };
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
