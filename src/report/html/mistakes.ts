/** The worst mistakes: each image with the probability of every class. */
import type { Mistake, PhaseDetails } from '../../experiment/details.ts';
import type { PhaseResult } from '../../experiment/result.ts';
import { formatInteger, formatPercent } from '../format.ts';
import type { Messages } from '../messages.ts';
import { html, type Markup } from './markup.ts';
import { pngUrl } from './png.ts';

/** The number of classes that have a line: the likeliest ones. */
const MOST_CLASSES = 10;
/** Width of the bar of a certainty, in the drawing's units. */
const CERTAIN = 60;

export function mistakeGallery(
  { digits }: PhaseResult,
  { mistakes, confusion }: PhaseDetails,
  image: { readonly height: number; readonly width: number },
  t: Messages,
): Markup {
  if (mistakes.length === 0) {
    const isPerfect = confusion.every((row, label) => row.every((count, k) => count === 0 || k === label));
    return html`<p>${isPerfect ? t.page.noMistakes : t.page.notKept}</p>`;
  }
  return html`<ul class="mistakes">${mistakes.map((mistake) => html`<li>${figure(mistake, digits, image, t)}</li>\n`)}</ul>`;
}

function figure(
  { index, label, predicted, probabilities, pixels }: Mistake,
  digits: readonly number[],
  { height, width }: { readonly height: number; readonly width: number },
  t: Messages,
): Markup {
  const sample = formatInteger(index, t.locale);
  const name = t.page.mistake(`${digits[label]}`, `${digits[predicted]}`);
  const data = Buffer.from(pixels, 'base64');
  return html`<figure><figcaption><strong>${name}</strong> <small>${t.page.sample(sample)}</small></figcaption>
<img src="${pngUrl({ width, height, channels: 1, data })}" width="${width}" height="${height}" alt="${t.page.imageOf(`${digits[label]}`, sample)}">
<table><caption class="unseen">${name}: ${t.page.probability}</caption>
<thead class="unseen"><tr><th scope="col">${t.page.classColumn}</th><th scope="col">${t.page.probability}</th></tr></thead>
<tbody>${likeliest(probabilities).map((k) => probabilityRow(digits[k], probabilities[k], k === label, t))}</tbody></table></figure>`;
}

export function probabilityRow(
  digit: number | string,
  probability: number,
  isRight: boolean,
  t: Messages,
): Markup {
  const bar = Math.round(probability * CERTAIN * 10) / 10;
  return html`<tr${isRight ? html` class="right"` : null}><th scope="row">${digit}${isRight ? html` <span aria-hidden="true">✓</span><span class="unseen">(${t.page.itIs})</span>` : null}</th><td><svg viewBox="0 0 ${CERTAIN} 10" aria-hidden="true"><rect width="${bar}" height="10"/></svg> ${formatPercent(probability, t.locale)}</td></tr>`;
}

/** Places of the likeliest classes, in the classes' order. @param most of them */
export function likeliest(probabilities: readonly number[], most = MOST_CLASSES): number[] {
  return Array.from(probabilities.keys())
    .sort((a, b) => probabilities[b] - probabilities[a] || a - b)
    .slice(0, most)
    .sort((a, b) => a - b);
}
