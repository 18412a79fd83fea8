import { type Markup, markup, type Piece, together } from './markup.ts';
import { everyNth } from './thin.ts';

export interface TableOptions {
  /** A title that begins with `>` is of numbers, which stand at the right. */
  readonly titles: readonly string[];
  readonly rows: readonly (readonly Piece[])[];
  /** More rows than this are thinned. */
  readonly most?: number;
  readonly caption: string;
}

const mostRows = 60;

export function renderTable({ titles, rows, caption, most = mostRows }: TableOptions): Markup {
  const isNumber = titles.map((title) => title.startsWith('>'));
  const shown = everyNth(rows, most);
  const cell = (piece: Piece, column: number): Markup => {
    if (column === 0) return markup`<th scope="row"${numberClass(isNumber[0])}>${piece}</th>`;
    return markup`<td${numberClass(isNumber[column])}>${piece}</td>`;
  };
  const head = titles.map(
    (title, column) =>
      markup`<th scope="col"${numberClass(isNumber[column])}>${title.replace(/^>/, '')}</th>`,
  );
  const thinned = shown.length < rows.length ? ` (${shown.length} of ${rows.length} rows)` : '';
  return markup`<div class="scroll"><table><caption>${caption}${thinned}</caption><thead><tr>${head}</tr></thead><tbody>
${shown.map((row) => markup`<tr>${row.map(cell)}</tr>\n`)}</tbody></table></div>`;
}

function numberClass(isNumber: boolean | undefined): Markup | null {
  return isNumber === true ? markup` class="number"` : null;
}

/** A picture, what it says in words above it, and the same as a table below it. */
export function renderFigure(options: {
  readonly title: string;
  readonly words: string;
  readonly picture: Markup;
  readonly table: TableOptions;
}): Markup {
  return markup`<figure>
<figcaption><h3>${options.title}</h3><p>${together(options.words)}</p></figcaption>
${options.picture}
<details><summary>Show as table</summary>${renderTable(options.table)}</details>
</figure>
`;
}
