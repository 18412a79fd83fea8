import { stripVTControlCharacters, styleText } from 'node:util';

/** What a piece of text is, from which its colour follows. Never the only sign: a word or a shape says the same. */
export type Tone = 'good' | 'warn' | 'bad' | 'accent' | 'dim' | 'strong';

export type Style = (tone: Tone, text: string) => string;

/** How wide a view may be, and whether it may have colours. */
export interface ViewOptions {
  /** Columns; views are readable from 60 on. */
  readonly width: number;
  readonly color: boolean;
}

const formats = {
  good: 'green',
  warn: 'yellow',
  bad: 'red',
  accent: 'cyan',
  dim: 'dim',
  strong: 'bold',
} as const;

export function createStyle(color: boolean): Style {
  return (tone, text) => (color ? styleText(formats[tone], text, { validateStream: false }) : text);
}

/**
 * Whether a stream gets colours: FORCE_COLOR decides where it is set (`0` and `false` are no), then NO_COLOR
 * (anything but empty is no), then whether it is a terminal that knows them.
 */
export function wantsColor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if ((env.NO_COLOR ?? '') !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Columns that a text takes, colour codes not counted. */
export function visibleWidth(text: string): number {
  return stripVTControlCharacters(text).match(/./gsu)?.length ?? 0;
}

/** Cuts a text to a width, with an ellipsis where something was cut; colours end with the text. */
export function fit(text: string, width: number): string {
  if (visibleWidth(text) <= width) return text;
  let columns = 0;
  let colored = false;
  let kept = '';
  for (const [token] of text.matchAll(colorCodeOrCharacter)) {
    const isCode = token.startsWith('\u001b[');
    if (!isCode && columns === width - 1) break;
    colored ||= isCode;
    columns += isCode ? 0 : 1;
    kept += token;
  }
  return `${kept}…${colored ? '\u001b[0m' : ''}`;
}

const colorCodeOrCharacter = /\u001b\[[0-9;]*m|./gsu;

/** A text from elsewhere, without what would move the cursor or change colours; line breaks become spaces. */
export function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visibleWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - visibleWidth(text))) + text;
}

/** Lines of whole words of a text without colours, those after the first under the text of the first. */
export function wrap(text: string, width: number, indent = '  '): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}
