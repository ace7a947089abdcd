/**
 * The network as a drawing: an image goes forward through the layers, and the gradient of its error comes back, as far as it is
 * needed. Its lines are as thick as the gradient is large; frozen layers are ice.
 */
import { html, type Markup } from '../../report/html/markup.ts';

export interface FlowLayer {
  readonly name: string;
  readonly frozen: boolean;
  /** The norm of its weights' gradient; 0: it has none. */
  readonly norm: number;
  /** A gradient goes on from here to the layer before it. */
  readonly passesOn: boolean;
}

export interface Flow {
  readonly title: string;
  readonly image: string;
  readonly error: string;
  readonly layers: readonly FlowLayer[];
}

/** The drawing's own units: it is a third as wide on a phone, so letters are large. */
const BOX = { width: 122, height: 76, gap: 36, top: 62 } as const;
/** Room for the words at both ends, "imagem" in a phone’s large letters too. */
const END = 112;
const FLAKE = 44;
const FORWARD = BOX.top + BOX.height / 2;
const BACKWARD = 176;

/** Lines from 3 to 13 wide, on a scale of powers of ten: norms of 0.001 and less are thinnest, of 10 and more thickest. */
export function thickness(norm: number): number {
  const share = (Math.log10(Math.max(norm, 1e-3)) + 3) / 4;
  return Math.round((3 + 10 * Math.min(1, share)) * 10) / 10;
}

export function flowOf({ title, image, error, layers }: Flow): Markup {
  const left = (i: number): number => END + BOX.gap + i * (BOX.width + BOX.gap);
  const width = left(layers.length) + END;
  /** Where a layer's gradient comes from and goes to; of the last one: the error. */
  const middle = (i: number): number => (i < layers.length ? left(i) + BOX.width / 2 : width - END / 2);
  const arrow = (i: number): Markup =>
    html`<path class="forward" d="M${left(i) - BOX.gap + 5} ${FORWARD}h${BOX.gap - 11}l-7 -6m7 6l-7 6"/>`;
  const bottom = BOX.top + BOX.height;
  const backward = layers.map(({ norm, passesOn }, i) => {
    // No gradient comes here: neither this layer's weights nor one before them want it.
    if (norm === 0 && !passesOn) return null;
    const line = `M${middle(i + 1)} ${BACKWARD}H${middle(i)}V${bottom + 14}`;
    return html`<path class="lane" stroke-width="${thickness(norm)}" d="${line}"/><path class="backward" stroke-width="${thickness(norm)}" d="${line}"/><path class="head" d="M${middle(i)} ${bottom + 4}l10 13h-20z"/>`;
  });
  const end = `M${middle(layers.length)} ${FORWARD + 16}V${BACKWARD}`;
  return html`<svg class="flow" viewBox="0 0 ${width} 192" role="img" aria-label="${title}">
<text x="0" y="${FORWARD + 7}">${image}</text><text class="error" x="${width}" y="${FORWARD + 7}" text-anchor="end">${error}</text>
${[...layers, null].map((_, i) => arrow(i))}
<path class="lane" stroke-width="6" d="${end}"/><path class="backward" stroke-width="6" d="${end}"/>
${backward}
${layers.map(({ name, frozen }, i) => box(name, frozen, left(i)))}
</svg>`;
}

function box(name: string, frozen: boolean, x: number): Markup {
  const { width, height, top } = BOX;
  const middle = x + width / 2;
  return html`<g class="${frozen ? 'ice' : 'warm'}"><rect x="${x}" y="${top}" width="${width}" height="${height}" rx="12"/>${
    frozen
      ? html`<text class="flake" x="${middle}" y="${FLAKE}" text-anchor="middle" aria-hidden="true">❄</text>`
      : null
  }<text x="${middle}" y="${top + height / 2 + 8}" text-anchor="middle">${name}</text></g>`;
}
