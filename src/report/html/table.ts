/** Tables that can be scrolled where they are wider than the page, and read without seeing them. */
import { maximum } from '../../tensor/maximum.ts';
import { html, type Markup, type Piece } from './markup.ts';

export interface Column {
  readonly name: Piece;
  readonly isNumber?: boolean;
}

/**
 * A table whose first column names its rows.
 * @param caption what it shows; also the name of the region that scrolls
 * @param hint said above it on a phone, where it is too wide for one: that it scrolls
 */
export function htmlTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Piece[])[],
  hint: string,
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
    isWide(
      columns.map(({ name }) => name),
      rows,
    )
      ? hint
      : null,
  );
}

/**
 * Something wide in a box that scrolls by itself, with the keyboard too.
 * @param hint said above it where the window is a phone's; null: none
 */
export function scrolling(name: string, content: Markup, hint: string | null): Markup {
  const words = hint === null ? null : html`<p class="swipe" aria-hidden="true">${hint}</p>`;
  return html`${words}<div class="scroll" role="region" tabindex="0" aria-label="${name}">${content}</div>`;
}

/** Letters that fit a phone, those between columns among them; a guess, since only the browser knows its font. */
const PHONE = 40;
const SPACE = 2;
/** Longer text is broken into lines. */
const UNBROKEN = 24;

/** Whether a table needs more room than a phone has. */
function isWide(names: readonly Piece[], rows: readonly (readonly Piece[])[]): boolean {
  const widths = names.map((name, c) => {
    // Names of columns may be broken between words.
    const word = maximum(
      textOf(name)
        .split(' ')
        .map(({ length }) => length),
      0,
    );
    return (
      SPACE +
      maximum(
        rows.map((row) => Math.min(UNBROKEN, textOf(row[c] ?? null).length)),
        word,
      )
    );
  });
  return widths.reduce((sum, width) => sum + width, 0) > PHONE;
}

function textOf(piece: Piece): string {
  return html`${piece}`.text.replace(/<[^>]*>/g, '');
}
