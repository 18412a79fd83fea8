/** Text that is safe to stand in an HTML document as it is. Only `markup` and `trusted` make it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes; `null` is nothing. Everything that is not Markup is escaped. */
export type Piece = Markup | string | number | null | readonly Piece[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that are not allowed in HTML, or that turn the direction of text and so hide what it says. */
const unseen = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Template tag: what is between the literal parts is escaped, so that nothing from outside becomes an element. */
export function markup(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(parts.map((part, index) => part + textOf(pieces[index] ?? null)).join(''));
}

/** Our own text that holds no input: a style sheet. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/** JSON as the text of a `<script type="application/json">`: it can neither end the element nor begin a comment. */
export function embeddedJson(json: string): Markup {
  return new Markup(json.replaceAll('<', '\\u003c'));
}

function textOf(piece: Piece): string {
  if (piece === null) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'number') return String(piece);
  if (typeof piece === 'string') return escape(piece);
  return piece.map(textOf).join('');
}

/** Numbers stay with their unit: no line ends between `21.6` and `ms`. */
export function together(text: string): string {
  return text.replace(/(\d) (?=(ms|s|m|h|%)(\W|$))/g, '$1\u00a0');
}

function escape(text: string): string {
  return text.replace(unseen, '\ufffd').replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
