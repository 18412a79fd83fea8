import { formatDuration, parseDuration } from './duration.ts';
import { UserError } from './errors.ts';

/** One word of a profile, and where it stands. */
interface Token {
  readonly text: string;
  readonly offset: number;
  readonly type: 'word' | 'quoted' | 'separator' | 'end';
}

/** The fastest rate and the longest run that can be asked for. */
export const profileLimits = {
  perSecond: 1_000_000,
  durationMs: 30 * 24 * 3_600_000,
  segments: 1_000_000,
} as const;

const perUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Goes over the words of a profile; each thing that is not as expected is an error with its position. */
export class ProfileCursor {
  readonly #text: string;
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  /** @param source what errors call the text: `--profile`, a file's name */
  constructor(text: string, source: string) {
    this.#text = text;
    this.#source = source;
    this.#tokens = tokenize(text);
  }

  /** The next word; undefined at a separator and at the end. */
  peek(): string | undefined {
    const { type, text } = this.#token;
    return type === 'word' ? text : undefined;
  }

  get done(): boolean {
    return this.#token.type === 'end';
  }

  /** Takes the next word if it is this one. */
  accept(word: string): boolean {
    if (this.peek() !== word) return false;
    this.#at += 1;
    return true;
  }

  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.accept(word)) this.fail(`"${word}"`);
  }

  /** Commas, semicolons and line breaks between two parts; any number of them. */
  skipSeparators(): void {
    while (this.#token.type === 'separator') this.#at += 1;
  }

  expectPartEnd(): void {
    if (this.#token.type !== 'separator' && this.#token.type !== 'end') this.fail('a comma or the end');
  }

  isRate(): boolean {
    return /^[\d.]+\//.test(this.peek() ?? '');
  }

  /** `50/s`, `3000/m`, `90/h`, in requests per second. */
  rate(): number {
    const match = /^(\d+(?:\.\d+)?)\/([smh])$/.exec(this.peek() ?? '');
    const perSecond = match ? Number(match[1]) / (perUnit[match[2] ?? ''] ?? 1) : Number.NaN;
    if (!(perSecond <= profileLimits.perSecond))
      this.fail(`a rate such as 50/s, 3000/m or 90/h, up to ${profileLimits.perSecond}/s`);
    this.#at += 1;
    return perSecond;
  }

  /** In milliseconds, above 0. */
  duration(): number {
    const ms = parseDuration(this.peek() ?? '');
    if (ms === undefined || !(ms > 0 && ms <= profileLimits.durationMs))
      this.fail(`a duration such as 30s or 1m30s, up to ${formatDuration(profileLimits.durationMs)}`);
    this.#at += 1;
    return ms;
  }

  number(what: string, isAllowed: (value: number) => boolean): number {
    const text = this.peek() ?? '';
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!isAllowed(value)) this.fail(what);
    this.#at += 1;
    return value;
  }

  /** The name of a file, in quotes if it has spaces or commas. */
  fileName(): string {
    const { type, text } = this.#token;
    if (type !== 'word' && type !== 'quoted') this.fail('the name of a file');
    this.#at += 1;
    return text;
  }

  /** @throws UserError that names the present position and what is allowed there */
  fail(allowed: string): never {
    throw this.#problem(this.#token, `allowed is ${allowed}`);
  }

  /** An error about the word before the present one. */
  failBefore(reason: string): never {
    throw this.#problem(this.#tokens[this.#at - 1] ?? this.#token, reason);
  }

  #problem({ type, text, offset }: Token, reason: string): UserError {
    const found = type === 'end' ? 'the end' : text.trim() === '' ? 'a line break' : JSON.stringify(text);
    return new UserError(`${this.#source}, ${this.#position(offset)}: found ${found}; ${reason}`);
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? { type: 'end', text: '', offset: this.#text.length };
  }

  /** Counted from 1; the line only where there are several. */
  #position(offset: number): string {
    const lines = this.#text.slice(0, offset).split('\n');
    const character = `character ${(lines.at(-1) ?? '').length + 1}`;
    return this.#text.trimEnd().includes('\n') ? `line ${lines.length}, ${character}` : character;
  }
}

/** Comments run from # to the end of the line. */
const pattern = /#[^\n]*|"([^"\n]*)"|([,;\n])|[^\s,;#"]+/g;

function tokenize(text: string): Token[] {
  return [...text.matchAll(pattern)].flatMap((match): Token[] => {
    const [whole, quoted, separator] = match;
    const offset = match.index;
    if (whole.startsWith('#')) return [];
    if (quoted !== undefined) return [{ type: 'quoted', text: quoted, offset }];
    return [{ type: separator === undefined ? 'word' : 'separator', text: whole, offset }];
  });
}
