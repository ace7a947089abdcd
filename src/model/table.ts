/** A table as text, which fits the terminal that it is for. */

import { maximum } from '../tensor/maximum.ts';

/** How a table may give way where the terminal is narrow. */
export interface TableOptions {
  /** The widest line, in characters. Default: no limit. */
  readonly columns?: number;
  /** Columns that may be left out, by their places; the first of them goes first. Default: none. */
  readonly optional?: readonly number[];
}

/** Narrower text than this is hard to read. */
const NARROWEST = 16;
const GAP = 2;
/** A no-break space in a cell keeps two words in one line; it is shown as a space. */
export const TOGETHER = '\u00a0';

/**
 * Rows under a header, columns padded. No line is longer than `columns`: optional columns are left out first; then the
 * text of the last column is broken into lines; then each row becomes a list, a line a cell.
 *
 * @param right places of the columns that are right-aligned
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
  { columns = Infinity, optional = [] }: TableOptions = {},
): string {
  const widths = header.map((title, c) =>
    maximum(
      rows.map((row) => row[c].length),
      title.length,
    ),
  );
  const widthOf = (kept: readonly number[]): number => kept.reduce((sum, c) => sum + widths[c] + GAP, -GAP);
  let kept = header.map((_, c) => c);
  for (const c of optional) {
    if (widthOf(kept) > columns) kept = kept.filter((other) => other !== c);
  }
  const last = kept[kept.length - 1];
  const room = columns - widthOf(kept) + widths[last];
  if (room < widths[last]) {
    if (room < NARROWEST || right.includes(last)) return list(header, rows, columns);
    widths[last] = room;
  }
  const line = (row: readonly string[]): string => {
    const indent = ' '.repeat(widthOf(kept) - widths[last]);
    const cells = kept.map((c) =>
      right.includes(c) ? row[c].padStart(widths[c]) : c === last ? row[c] : row[c].padEnd(widths[c]),
    );
    cells[cells.length - 1] = wrap(cells[cells.length - 1], widths[last]).replaceAll('\n', `\n${indent}`);
    return cells.join(' '.repeat(GAP)).trimEnd();
  };
  const rule = '─'.repeat(widthOf(kept));
  return [rule, line(header), rule, ...rows.map(line), rule].join('\n').replaceAll(TOGETHER, ' ');
}

/** The first cell of each row, and beneath it, indented, the others after the names of their columns. */
function list(header: readonly string[], rows: readonly (readonly string[])[], columns: number): string {
  const [, ...names] = header;
  const widest = maximum(
    names.map((name) => name.length),
    0,
  );
  const items = rows.map(([first, ...cells]) => {
    const lines = cells.flatMap((cell, c) => {
      if (cell === '') return [];
      const front = `  ${names[c].padEnd(widest)}  `;
      const room = columns - front.length;
      return room < NARROWEST
        ? [`  ${wrap(`${names[c]}: ${cell}`, columns - 4).replaceAll('\n', '\n    ')}`]
        : [(front + wrap(cell, room).replaceAll('\n', `\n${' '.repeat(front.length)}`)).trimEnd()];
    });
    return [wrap(first, columns), ...lines].join('\n');
  });
  return items.join('\n\n').replaceAll(TOGETHER, ' ');
}

/** Text broken between words into lines of at most `columns`; a longer word has a line of its own. */
export function wrap(text: string, columns = 80): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= columns) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
