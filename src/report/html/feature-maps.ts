/** What the frozen features see in one digit: the digit, and a sheet of feature maps for each layer shown. */
import type { FeatureMaps } from '../../experiment/details.ts';
import { formatInteger } from '../format.ts';
import type { Messages } from '../messages.ts';
import { html, type Markup } from './markup.ts';
import { type Pixels, pngUrl } from './png.ts';

/** Maps in a row of a sheet, and pixels between them. */
const COLUMNS = 8;
const GAP = 2;
/** The number of filters that are shown; others are left out. */
const MOST_MAPS = 64;

/** @param digits of the second phase; `label` is a place in them */
export function featureMapSection(
  { index, label, pixels, layers }: FeatureMaps,
  digits: readonly number[],
  { height, width }: { readonly height: number; readonly width: number },
  t: Messages,
): Markup {
  const sample = formatInteger(index, t.locale);
  const data = Buffer.from(pixels, 'base64');
  const about = t.page.imageOf(`${digits[label]}`, sample);
  const digit = html`<figure class="digit"><img src="${pngUrl({ width, height, channels: 1, data })}" width="${width}" height="${height}" alt="${about}"></figure>`;
  const sheets = layers.map((layer) => {
    const [H, W, C] = layer.shape;
    const title = t.page.mapsOf(layer.layer, formatInteger(C, t.locale), `${H}×${W}`);
    const sheet = drawSheet(Buffer.from(layer.pixels, 'base64'), layer.shape);
    return html`<figure><img src="${pngUrl(sheet)}" width="${sheet.width}" height="${sheet.height}" alt="${title}"><figcaption>${title}</figcaption></figure>`;
  });
  return html`<p>${t.page.mapsLead(`${digits[label]}`, sample)}</p>
<div class="maps">${digit}${sheets}</div>`;
}

/** Maps [H, W, C] in rows, one for each channel; what is between them is transparent. */
function drawSheet(bytes: Uint8Array, [H, W, C]: readonly number[]): Pixels {
  const count = Math.min(C, MOST_MAPS);
  const width = Math.min(count, COLUMNS) * (W + GAP) - GAP;
  const height = Math.ceil(count / COLUMNS) * (H + GAP) - GAP;
  const data = new Uint8Array(width * height * 2);
  for (let c = 0; c < count; c++) {
    const top = Math.floor(c / COLUMNS) * (H + GAP);
    const left = (c % COLUMNS) * (W + GAP);
    for (let y = 0; y < H; y++) {
      for (let x = 0; x < W; x++) {
        const at = ((top + y) * width + left + x) * 2;
        data[at] = bytes[(y * W + x) * C + c];
        data[at + 1] = 255;
      }
    }
  }
  return { width, height, channels: 2, data };
}
