/**
 * Zoom about the image's centre, while training, by factors drawn evenly between two bounds. With zh and zw, one more than what is drawn for
 * height and width, images are read (affine-sampling.ts) at
 *
 *   ix = zw·ox + (1 − zw)·(W − 1)/2        iy = zh·oy + (1 − zh)·(H − 1)/2
 *
 * so that what is drawn below 0 shows a part of the image, larger, and above 0 the image smaller. Source: Keras' RandomZoom.
 */
import { AFFINE_OPTIONS, AffineAugmentation, type AffineOptions } from './affine-augmentation.ts';
import type { AffineMatrix } from './affine-sampling.ts';
import { factorRange, type ImageShape, type Range, within } from './augmentation.ts';
import { unary } from './checks.ts';
import { type LayerConfig, layerOptions } from './layer.ts';
import { ownLayer } from './registry.ts';

/** How much larger or smaller images become. */
export interface RandomZoomOptions extends AffineOptions {
  /** f for −f to f, or [lower, upper]: above −1, at most 1. −0.2 shows 80 % of the height, 0.2 all of it and a fifth beyond. */
  heightFactor: number | Range;
  /** The same of the width; null or left out: as the height, so that proportions stay. */
  widthFactor?: number | Range | null | undefined;
}

/** The layer that `randomZoom` makes. */
export class RandomZoom extends AffineAugmentation {
  readonly className: string = 'RandomZoom';
  readonly heightFactor: Range;
  readonly widthFactor: Range | null;
  protected readonly draws: number;

  constructor(options: RandomZoomOptions) {
    const where = 'randomZoom';
    const given = layerOptions(
      where,
      options,
      arguments,
      ['heightFactor', 'widthFactor', ...AFFINE_OPTIONS],
      { nullable: ['widthFactor'], aliases: { factor: 'heightFactor' } },
    );
    super(given, where);
    this.heightFactor = zoomRange(where, 'heightFactor', given.heightFactor);
    this.widthFactor =
      (given.widthFactor ?? null) === null ? null : zoomRange(where, 'widthFactor', given.widthFactor);
    this.draws = this.widthFactor ? 2 : 1;
  }

  protected matrix([u, v]: readonly number[], { H, W }: ImageShape): AffineMatrix {
    const zh = 1 + within(this.heightFactor, u);
    const zw = this.widthFactor ? 1 + within(this.widthFactor, v) : zh;
    return [zw, 0, ((W - 1) / 2) * (1 - zw), 0, zh, ((H - 1) / 2) * (1 - zh)];
  }

  protected changesNothing(): boolean {
    return [...this.heightFactor, ...(this.widthFactor ?? [])].every((bound) => bound === 0);
  }

  override getConfig(): LayerConfig {
    const { heightFactor, widthFactor } = this;
    return { ...this.affineConfig(), heightFactor, ...(widthFactor && { widthFactor }) };
  }
}

/** −1 would be an image without size. */
function zoomRange(where: string, name: string, value: unknown): Range {
  const range = factorRange(where, name, value);
  if (range[0] === -1) {
    const got = typeof value === 'number' ? `${value}, which is from -1 to 1` : '-1';
    throw new RangeError(`${where}: ${name} must be above -1, got ${got}`);
  }
  return range;
}

/**
 * Zooms images in or out at random, while training. The factor 0.2 means from −0.2 (in) to 0.2 (out).
 *
 *     randomZoom({ heightFactor: 0.2 }) // [96, 96, 3] → [96, 96, 3]
 *
 * @throws TypeError or RangeError where an option is out of range.
 */
export const randomZoom = unary(
  'randomZoom',
  (options: RandomZoomOptions): RandomZoom => new RandomZoom(options),
);

ownLayer('RandomZoom', RandomZoom);
