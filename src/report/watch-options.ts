import { toAscii } from './ascii.ts';
import { fit, type ViewOptions } from './style.ts';

export interface WatchViewOptions extends ViewOptions {
  /** Lines at most. */
  readonly rows: number;
  /** Nothing but ASCII. */
  readonly ascii: boolean;
}

/** Lines as wide as the terminal at most, in the characters that it shows. */
export function toFrame(lines: readonly string[], { width, rows, ascii }: WatchViewOptions): string[] {
  const shown = lines.slice(0, rows);
  return ascii
    ? shown.map((line) => toAscii(fit(toAscii(line), width)))
    : shown.map((line) => fit(line, width));
}

/** A text in lines of so many columns, broken at spaces; of more lines than wanted the last ends with an ellipsis. */
export function wrap(text: string, width: number, mostLines: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  if (line !== '') lines.push(line);
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), `${fit(lines[mostLines - 1] ?? '', width - 2)} …`];
}
