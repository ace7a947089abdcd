/** A confusion matrix as a table: mistakes are tinted, right ones framed, and every number is there to read. */
import type { PhaseDetails } from '../../experiment/details.ts';
import { formatInteger } from '../format.ts';
import type { Messages } from '../messages.ts';
import { html, type Markup } from './markup.ts';
import { scrolling } from './table.ts';

/** Shares of a row from which a mistake has the next darker tint. */
const TINTS = [0, 0.005, 0.02, 0.05, 0.2];

export function confusionTable(
  { digits }: { readonly digits: readonly (number | string)[] },
  { confusion }: Pick<PhaseDetails, 'confusion'>,
  phase: string,
  t: Messages,
): Markup {
  const integer = (value: number): string => formatInteger(value, t.locale);
  const totals = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
  const all = totals.reduce((sum, total) => sum + total, 0);
  const right = confusion.reduce((sum, row, k) => sum + row[k], 0);
  const caption = t.page.confusionCaption(phase, integer(all - right), integer(all));
  const cell = (count: number, label: number, predicted: number): Markup => {
    const name = label === predicted ? 'right' : `tint-${tint(count, totals[label])}`;
    return html`<td class="${name}">${integer(count)}</td>`;
  };
  return scrolling(
    caption,
    html`<table class="confusion"><caption>${caption}</caption>
<thead><tr><td rowspan="2"></td><th scope="colgroup" colspan="${digits.length}">${t.page.saidColumns}</th></tr>
<tr>${digits.map((digit) => html`<th scope="col">${digit}</th>`)}</tr></thead>
<tbody>${confusion.map((row, label) => html`<tr><th scope="row">${t.page.isColumn} ${digits[label]}</th>${row.map((count, predicted) => cell(count, label, predicted))}</tr>\n`)}</tbody></table>`,
    digits.length > CLASSES_ON_A_PHONE ? t.page.swipe : null,
  );
}

/** Columns that fit a phone's window. */
const CLASSES_ON_A_PHONE = 5;

/** 0 for none, then 1 to 5. */
function tint(count: number, total: number): number {
  return count === 0 ? 0 : TINTS.filter((from) => count / total >= from).length;
}
