import { pino } from 'pino';
import type { Logger } from 'pino';

export type { Logger };

export interface LoggerOptions {
  /** `json`: one object a line, for machines. `text`: for reading. */
  readonly format: 'json' | 'text';
  /** Default `info`. */
  readonly level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Where lines go: standard error, in the product. */
  readonly stream: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  /** Text only. Default: colours on a terminal, unless NO_COLOR is set to anything but an empty string. */
  readonly color?: boolean;
}

/** A logger whose lines are a constant message plus fields. */
export function createLogger({ format, level = 'info', stream, color }: LoggerOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: levelName },
  };
  if (format === 'json') return pino(options, { write: (line) => stream.write(line) });
  const colored = color ?? (stream.isTTY === true && (process.env.NO_COLOR ?? '') === '');
  return pino(options, { write: (line) => stream.write(formatLine(line, colored, stream.columns ?? 80)) });
}

/** A logger that says nothing. */
export const silentLogger: Logger = pino({ level: 'silent' });

const levelName = (label: string): { level: string } => ({ level: label });

const levels: Readonly<Record<string, { readonly word: string; readonly sgr: string }>> = {
  trace: { word: 'trace', sgr: '2' },
  debug: { word: 'debug', sgr: '2' },
  info: { word: 'info ', sgr: '32' },
  warn: { word: 'warn ', sgr: '33' },
  error: { word: 'error', sgr: '31' },
  fatal: { word: 'fatal', sgr: '31;1' },
};

/** `12:30:01 info  message key=value`, fields that do not fit go to lines of their own. */
function formatLine(line: string, color: boolean, columns: number): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const paint = (sgr: string, text: string): string => (color ? `\u001b[${sgr}m${text}\u001b[0m` : text);
  const shown = levels[String(level)] ?? { word: String(level), sgr: '0' };
  const head = `${String(time).slice(11, 19)} ${shown.word} ${typeof msg === 'string' ? msg : ''}`;
  const painted = `${paint('2', head.slice(0, 8))} ${paint(shown.sgr, shown.word)}${head.slice(9 + shown.word.length)}`;
  const rows = wrap(head.length, Object.entries(fields).map(formatField), columns);
  return `${painted}${rows.map((row, index) => (index === 0 ? row : `\n${indent}${row.trimStart()}`)).join('')}\n`;
}

const indent = ' '.repeat(15);

/** Rows of fields; the first continues the head line, which is `headWidth` wide already. */
function wrap(headWidth: number, fields: readonly string[], columns: number): string[] {
  const rows: string[] = [];
  let row = '';
  let width = headWidth;
  for (const field of fields) {
    if (width + 1 + field.length > columns && width > indent.length) {
      rows.push(row);
      row = '';
      width = indent.length;
    }
    row += ` ${field}`;
    width += 1 + field.length;
  }
  return [...rows, row];
}

function formatField([name, value]: [string, unknown]): string {
  if (name === 'err') return `err=${JSON.stringify((value as { message?: string }).message ?? value)}`;
  if (typeof value === 'string') return `${name}=${/^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)}`;
  return `${name}=${JSON.stringify(value)}`;
}
