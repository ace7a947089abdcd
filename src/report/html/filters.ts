/** The first layer's filters before and after training, and the difference: three sheets of the same order and scale. */
import type { FilterDetails } from '../../experiment/details.ts';
import { maximum } from '../../tensor/maximum.ts';
import { formatDecimal, formatInteger } from '../format.ts';
import type { Messages } from '../messages.ts';
import { extent } from '../sparkline.ts';
import { html, type Markup } from './markup.ts';
import { type Pixels, pngUrl } from './png.ts';
import { htmlTable } from './table.ts';

/** Filters on a sheet, and in one of its rows; more of them aren't told apart. */
const MOST_FILTERS = 64;
const COLUMNS = 8;
/** Pixels of a weight, and between filters. */
const SCALE = 8;
const GAP = 4;
/** A kernel larger than that is no picture any more. */
const LARGEST_SIDE = 16;

/** Nothing where the layer's kernel is too large to be drawn. */
export function filterSection({ layer, shape, before, after }: FilterDetails, t: Messages): Markup | null {
  const [KH, KW, C, OC] = shape;
  if (Math.max(KH, KW, C) > LARGEST_SIDE) return null;
  const count = Math.min(OC, MOST_FILTERS);
  const decimal = (value: number): string => formatDecimal(value, 3, t.locale);
  const difference = after.map((weight, i) => weight - before[i]);
  const largest = maximum([before, after, difference].flatMap(extentOf).map(Math.abs)) || 1;
  const sheet = (when: string, weights: readonly number[]): Markup => {
    const pixels = drawSheet(weights, shape, count, largest);
    const [least, most] = extent(weights).map(decimal);
    const about = t.page.filterSheet(when, formatInteger(count, t.locale), least, most);
    return html`<figure><img class="filters" src="${pngUrl(pixels)}" width="${pixels.width}" height="${pixels.height}" alt="${about}"><figcaption>${about}</figcaption></figure>`;
  };
  const rows = Array.from({ length: count }, (_, oc) => {
    const [from, to] = [before, after].map((weights) => weights.filter((_, i) => i % OC === oc));
    return [
      formatInteger(oc + 1, t.locale),
      decimal(norm(from)),
      decimal(norm(to)),
      decimal(cosine(from, to)),
    ];
  });
  const { filterColumn, lengthBefore, lengthAfter, cosine: cosineName } = t.page;
  const columns = [
    { name: filterColumn },
    ...[lengthBefore, lengthAfter, cosineName].map((name) => ({ name, isNumber: true })),
  ];
  const size = `${KH}×${KW}${C > 1 ? `×${C}` : ''}`;
  return html`<p>${t.page.filtersLead(layer, size, formatInteger(OC, t.locale))}</p>
<div class="triple">${sheet(t.page.before, before)}${sheet(t.page.after, after)}${sheet(t.page.difference, difference)}</div>
<details><summary>${t.page.filterNumbers}</summary>${htmlTable(t.page.filterCaption, columns, rows, t.page.swipe)}</details>`;
}

/**
 * Filters [KH, KW, C, OC] in rows, the mean over the channels of each: black is −largest, grey 0, white largest; what is
 * between them is transparent.
 */
function drawSheet(
  weights: readonly number[],
  [KH, KW, C, OC]: readonly number[],
  count: number,
  largest: number,
): Pixels {
  const [tileHeight, tileWidth] = [KH * SCALE + GAP, KW * SCALE + GAP];
  const width = Math.min(count, COLUMNS) * tileWidth - GAP;
  const height = Math.ceil(count / COLUMNS) * tileHeight - GAP;
  const data = new Uint8Array(width * height * 2);
  for (let oc = 0; oc < count; oc++) {
    const top = Math.floor(oc / COLUMNS) * tileHeight;
    const left = (oc % COLUMNS) * tileWidth;
    for (let y = 0; y < KH * SCALE; y++) {
      for (let x = 0; x < KW * SCALE; x++) {
        const first = (Math.floor(y / SCALE) * KW + Math.floor(x / SCALE)) * C;
        let sum = 0;
        for (let c = 0; c < C; c++) sum += weights[(first + c) * OC + oc];
        const at = ((top + y) * width + left + x) * 2;
        data[at] = Math.round(127.5 + (127.5 * sum) / C / largest);
        data[at + 1] = 255;
      }
    }
  }
  return { width, height, channels: 2, data };
}

const extentOf = (weights: readonly number[]): readonly [number, number] => extent(weights);

/** √Σ w² */
function norm(weights: readonly number[]): number {
  return Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
}

/** Σ a·b / (|a|·|b|); 0 where one of them is nothing. */
function cosine(a: readonly number[], b: readonly number[]): number {
  const [lengthA, lengthB] = [norm(a) || 1, norm(b) || 1];
  return a.reduce((sum, value, i) => sum + (value / lengthA) * (b[i] / lengthB), 0);
}
