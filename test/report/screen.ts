import type { ViewStream } from '../../src/report/live-view.ts';

/** A terminal as far as the live view uses one: shows what a person would see. */
export class Screen implements ViewStream {
  readonly isTTY = true;
  rows = 24;
  columns = 80;
  readonly lines: string[] = [''];
  cursorVisible = true;
  /** Each text that was written. */
  readonly written: string[] = [];
  #row = 0;
  #column = 0;
  /** What stands on the main screen while the alternate one is shown. */
  #main: { lines: string[]; row: number } | undefined;

  write(text: string): void {
    this.written.push(text);
    for (const [token] of text.matchAll(/\u001b\[\??\d*[a-zA-Z]|./gsu)) this.#apply(token);
  }

  /** What stands on the screen, without empty lines at the end. */
  get text(): string[] {
    const last = this.lines.findLastIndex((line) => line !== '');
    return this.lines.slice(0, last + 1);
  }

  #apply(token: string): void {
    if (token === '\n') this.#goTo(this.#row + 1);
    else if (token === '\u001b[?25l') this.cursorVisible = false;
    else if (token === '\u001b[?25h') this.cursorVisible = true;
    else if (token === '\u001b[2K') this.lines[this.#row] = '';
    else if (token === '\u001b[J') this.lines.splice(this.#row, Infinity, '');
    else if (token === '\u001b[?1049h') this.#enterAlternate();
    else if (token === '\u001b[?1049l') this.#leaveAlternate();
    else if (token === '\u001b[H') this.#goTo(0);
    else if (token.endsWith('F') && token.startsWith('\u001b'))
      this.#goTo(this.#row - Number(token.slice(2, -1)));
    else if (token.startsWith('\u001b')) throw new Error(`unknown control sequence ${JSON.stringify(token)}`);
    else this.#put(token);
  }

  #enterAlternate(): void {
    this.#main ??= { lines: this.lines.splice(0, Infinity, ''), row: this.#row };
  }

  #leaveAlternate(): void {
    const main = this.#main;
    this.#main = undefined;
    if (main === undefined) return;
    this.lines.splice(0, Infinity, ...main.lines);
    this.#goTo(main.row);
  }

  #goTo(row: number): void {
    if (row < 0) throw new Error('above the top of the screen');
    while (this.lines.length <= row) this.lines.push('');
    this.#row = row;
    this.#column = 0;
  }

  #put(character: string): void {
    const line = this.lines[this.#row] ?? '';
    this.lines[this.#row] =
      line.slice(0, this.#column).padEnd(this.#column) + character + line.slice(this.#column + 1);
    this.#column += 1;
  }
}
