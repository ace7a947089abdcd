/** Tables that can be scrolled where they are wider than the page, and read without seeing them. */
import { html, type Markup, type Piece } from './markup.ts';

export interface Column {
  readonly name: Piece;
  readonly isNumber?: boolean;
}

/**
 * A table whose first column names its rows.
 * @param caption what it shows; also the name of the region that scrolls
 */
export function htmlTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Piece[])[],
  rowClass: (row: number) => string | null = () => null,
): Markup {
  const classOf = (column: Column): Markup | null => (column.isNumber ? html` class="number"` : null);
  const cell = (piece: Piece, c: number): Markup =>
    c === 0 ? html`<th scope="row">${piece}</th>` : html`<td${classOf(columns[c])}>${piece}</td>`;
  return scrolling(
    caption,
    html`<table><caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${classOf(column)}>${column.name}</th>`)}</tr></thead>
<tbody>${rows.map((row, r) => {
      const name = rowClass(r);
      return html`<tr${name === null ? null : html` class="${name}"`}>${row.map(cell)}</tr>\n`;
    })}</tbody></table>`,
  );
}

/** Something wide in a box that scrolls by itself, with the keyboard too. */
export function scrolling(name: string, content: Markup): Markup {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${name}">${content}</div>`;
}
