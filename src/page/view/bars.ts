/** Probabilities as bars, the largest of them marked. */
import { formatPercent } from '../../report/format.ts';
import { html, type Markup } from '../../report/html/markup.ts';

export function barsOf(names: readonly string[], shares: readonly number[], locale: string): Markup {
  const best = indexOfLargest(shares);
  return html`<ul class="bars">${names.map((name, i) => {
    const share = shares[i] ?? 0;
    return html`<li${i === best ? BEST : null}><span class="name">${name}</span><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${Math.max(0.5, share * 100).toFixed(1)}" height="10" rx="1"/></svg><span class="number">${formatPercent(share, locale)}</span></li>`;
  })}</ul>`;
}

const BEST = html` class="best"`;

/** The place of the largest; −1 of nothing. */
export function indexOfLargest(values: readonly number[]): number {
  return values.indexOf(values.reduce((a, b) => Math.max(a, b), 0));
}
