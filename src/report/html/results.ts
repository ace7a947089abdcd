/** The closing table, of one run or of several side by side. */
import type { TransferResult } from '../../experiment/result.ts';
import type { Messages } from '../messages.ts';
import { type ClosingRow, closingRows, phaseTitles } from '../transfer.ts';
import { html, type Markup } from './markup.ts';
import { scrolling } from './table.ts';

/** @param runs with their names, which are shown where there are several */
export function resultsTable(
  runs: readonly { readonly name: string; readonly result: TransferResult }[],
  t: Messages,
): Markup {
  const columns = runs.map(({ result }) => closingRows(result, t));
  // Runs of one epoch lack the rows of later ones, and of more epochs the names of these say how many.
  const [longest] = columns.toSorted((a, b) => b.length - a.length);
  const nameOf = ({ key, name }: ClosingRow): string =>
    key === 'last' && new Set(runs.map(({ result }) => result.epochs)).size > 1 ? t.accuracyAtEnd : name;
  const valuesOf = ({ key }: ClosingRow): readonly string[] =>
    columns.flatMap((rows) => rows.find((row) => row.key === key)?.values ?? ['–', '–']);
  const phases = runs.flatMap(({ result }) => phaseTitles(result, t));
  const corner = html`<th scope="col"${runs.length > 1 ? html` rowspan="2"` : null}>${t.page.measure}</th>`;
  const second = phases.map((phase) => html`<th scope="col" class="number">${phase}</th>`);
  const head =
    runs.length > 1
      ? html`<tr>${corner}${runs.map(({ name }) => html`<th scope="colgroup" colspan="2">${name}</th>`)}</tr><tr>${second}</tr>`
      : html`<tr>${corner}${second}</tr>`;
  return scrolling(
    t.page.resultsCaption,
    html`<table><caption>${t.page.resultsCaption}</caption><thead>${head}</thead>
<tbody>${longest.map((row) => html`<tr><th scope="row">${nameOf(row)}</th>${valuesOf(row).map((value) => html`<td class="number">${value}</td>`)}</tr>\n`)}</tbody></table>`,
    runs.length > 1 ? t.page.swipe : null,
  );
}
