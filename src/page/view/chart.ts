/** A small line chart as SVG: curves over epochs or seconds, each with a mark of its own, so that colour isn't all that tells. */
import { formatDecimal } from '../../report/format.ts';
import { axis } from '../../report/html/axis.ts';
import { html, type Markup } from '../../report/html/markup.ts';

export interface Curve {
  /** What stands beside its end. */
  readonly name: string;
  /** Class of its style. */
  readonly style: string;
  readonly mark: 'circle' | 'square' | 'triangle' | 'none';
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  /** Begins the ids in it. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly curves: readonly Curve[];
  /** `whole`: only whole numbers are marked. */
  readonly x: { readonly range: readonly [number, number]; readonly name: string; readonly whole: boolean };
  readonly y: { readonly range: readonly [number, number]; readonly percent: boolean };
  readonly locale: string;
}

/** The drawing's own units; letters are 13 high, on a phone 16. */
const FRAME = { width: 420, height: 250, left: 56, right: 404, top: 14, bottom: 206 } as const;

export function chartOf({ id, title, description, curves, x, y, locale }: Chart): Markup {
  const { width, height, left, right, top, bottom } = FRAME;
  const across = axis(...x.range, left + 8, right - 8);
  const up = axis(...y.range, bottom, top);
  const marked = across.ticks.filter((tick) => !x.whole || Number.isInteger(tick));
  const label = (value: number): string =>
    y.percent
      ? `${formatDecimal(value * 100, Math.max(0, up.decimals - 2), locale)} %`
      : formatDecimal(value, up.decimals, locale);
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t" aria-describedby="${id}-d">
<title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>
${up.ticks.map((tick) => html`<path class="grid" d="M${left} ${up.at(tick)}H${right}"/><text class="tick" x="${left - 6}" y="${up.at(tick) + 4}" text-anchor="end">${label(tick)}</text>`)}
${marked.map((tick) => html`<text class="tick" x="${across.at(tick)}" y="${bottom + 18}" text-anchor="middle">${formatDecimal(tick, x.whole ? 0 : across.decimals, locale)}</text>`)}
<text class="tick" x="${(left + right) / 2}" y="${bottom + 37}" text-anchor="middle">${x.name}</text>
${curves.map((curve) => drawn(curve, across.at, up.at))}
</svg>`;
}

function drawn({ style, mark, points }: Curve, x: (v: number) => number, y: (v: number) => number): Markup {
  const places = points.map(([a, b]) => [x(a), y(b)] as const);
  return html`<g class="curve ${style}"><polyline points="${places.map((place) => place.join()).join(' ')}"/>${places.map(([cx, cy]) => markAt(mark, cx, cy))}</g>`;
}

function markAt(mark: Curve['mark'], x: number, y: number): Markup | null {
  switch (mark) {
    case 'none':
      return null;
    case 'circle':
      return html`<circle cx="${x}" cy="${y}" r="4"/>`;
    case 'square':
      return html`<rect x="${x - 4}" y="${y - 4}" width="8" height="8"/>`;
    case 'triangle':
      return html`<path class="mark" d="M${x} ${y - 5}l5 9h-10z"/>`;
  }
}

/** What stands below a chart: a piece of each curve, with its name. */
export function legendOf(curves: readonly Curve[]): Markup {
  return html`<ul class="legend">${curves.map(
    ({ name, style, mark }) =>
      html`<li><svg viewBox="0 0 34 14" aria-hidden="true"><g class="curve ${style}"><polyline points="1,7 33,7"/>${markAt(mark, 17, 7)}</g></svg>${name}</li>`,
  )}</ul>`;
}

/** The least and the greatest of some numbers, and `least`, so that an axis begins no later than that. */
export function rangeOf(values: readonly number[], least: number, most: number): readonly [number, number] {
  return [values.reduce((a, b) => Math.min(a, b), least), values.reduce((a, b) => Math.max(a, b), most)];
}
