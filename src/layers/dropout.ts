/**
 * Dropout (Srivastava et al. 2014), inverted as in Keras: while training, each element is dropped with
 * probability `rate` and the others are multiplied by 1/(1 − rate), so that inference needs no scaling.
 *
 * Every call in training has a mask of its own, also in a frozen layer: `trainable = false` doesn't switch
 * dropout off. The mask is a function of (seed, layer, step, position in the batch, element), the same on any thread.
 */

import { describe } from '../checks/describe.ts';
import { dropoutGroup } from '../kernels/groups/dropout.ts';
import { needKernels } from '../kernels/groups.ts';
import { dropoutThreshold } from '../tensor/random.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { numberWithin, unary } from './checks.ts';
import { drawMask, type NoiseShape } from './dropout-mask.ts';
import {
  Layer,
  type LayerConfig,
  type LayerOptions,
  layerOptions,
  type Run,
  type Stage,
  type StepKey,
} from './layer.ts';
import { ownLayer } from './registry.ts';

/** How much is dropped. */
export interface DropoutOptions extends LayerOptions {
  /** Share of the elements that are dropped: 0 ≤ rate < 1. */
  rate: number;
  /**
   * Shape of the mask, the batch first, where elements are to share a lot: 1 in a dimension that shares it, null or the dimension's
   * size in one that doesn't. [null, 1, 1, null] drops whole channels of images, [null, 1, 1, 1] whole samples. Default: each
   * element by itself.
   */
  noiseShape?: readonly (number | null)[] | undefined;
}

/** What both kinds of dropout are. */
export abstract class DropoutLayer extends Layer {
  override readonly keptWhat = 'mask';
  readonly rate: number;
  /** 1/(1 − rate), in single precision because kernels multiply float32 by it. */
  readonly scale: number;
  readonly noiseShape: readonly (number | null)[] | null;
  readonly #where: string;

  /**
   * @param where what messages call it
   * @param given options whose names are known to be right
   */
  constructor(where: string, given: DropoutOptions) {
    super(given, where);
    this.#where = where;
    this.rate = numberWithin(where, 'rate', given.rate, 0, 1);
    this.scale = Math.fround(1 / (1 - this.rate));
    this.noiseShape = given.noiseShape === undefined ? null : noiseSizes(where, given.noiseShape);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    this.#noise(inputShape); // throws where it doesn't fit
    return inputShape;
  }

  /** Sizes of the mask; null: as many as there are elements. */
  #noise(inputShape: Shape): NoiseShape | null {
    if (!this.noiseShape) return null;
    const [batch, ...sizes] = this.noiseShape;
    const fits = sizes.every((size, d) => size === null || size === 1 || size === inputShape[d]);
    if (sizes.length !== inputShape.length || !fits) {
      throw new RangeError(
        `${this.#where}: noiseShape must be the batch and then 1, null or the size of each dimension of [${inputShape}], got [${this.noiseShape}]`,
      );
    }
    return { bySample: batch !== 1, sizes: sizes.map((size, d) => size ?? inputShape[d]) };
  }

  forward({ kernels, stage, x, y, kept, first }: Run, N: number, key: StepKey | null): void {
    if (!key) throw new Error('dropout: inference has no dropout pass');
    const noise = this.#noise(stage.inputShape);
    if (noise) {
      drawMask(noise, stage.inputShape, this.rate, key, first, N, kept);
      // Forward is backward's function: kept elements times the scale, +0 elsewhere.
      kernels.dropoutBackward(N * sizeOf(stage.inputShape), kept, x, this.scale, y);
      return;
    }
    kernels.dropoutForward(
      N,
      sizeOf(stage.inputShape),
      x,
      key[0],
      key[1],
      first,
      dropoutThreshold(this.rate),
      this.scale,
      y,
      kept,
    );
  }

  backward({ kernels, stage, dy, dx, kept }: Run, N: number): void {
    if (dx) kernels.dropoutBackward(N * sizeOf(stage.inputShape), kept, dy, this.scale, dx);
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override isRandom(): boolean {
    return this.rate > 0;
  }

  /** One byte per element: kept or dropped. */
  override keptBytes(stage: Stage): number {
    return sizeOf(stage.inputShape);
  }

  override isIdentity(training: boolean): boolean {
    return !training || this.rate === 0;
  }

  /** A dropped element is 0 and has no gradient; a kept one is as dead as it was. */
  override zeroOutputsAreDead(zeroInputsAreDead: boolean): boolean {
    return zeroInputsAreDead;
  }

  override work(): string {
    return 'mask (training only)';
  }
}

/** The layer that `dropout` makes. */
export class Dropout extends DropoutLayer {
  readonly className: string = 'Dropout';

  constructor(options: DropoutOptions) {
    super('dropout', layerOptions('dropout', options, arguments, ['rate', 'noiseShape']));
  }

  override getConfig(): LayerConfig {
    const { rate, noiseShape } = this;
    return { ...this.baseConfig(), rate, ...(noiseShape && { noiseShape }) };
  }
}

/** @throws TypeError or RangeError where it holds anything but sizes and nulls; the batch's can't be a fixed number but 1. */
function noiseSizes(where: string, given: unknown): readonly (number | null)[] {
  if (!Array.isArray(given)) {
    throw new TypeError(`${where}: noiseShape must be an array, the batch first, got ${describe(given)}`);
  }
  const isSize = (size: unknown): boolean =>
    size === null || (Number.isInteger(size) && (size as number) >= 1);
  if (!given.every(isSize) || (given[0] !== null && given[0] !== 1)) {
    throw new RangeError(
      `${where}: noiseShape must be null or 1 for the batch, then integers ≥ 1 or null, got ${describe(given)}`,
    );
  }
  return given;
}

/**
 * Dropout: while training, a share of the numbers is set to 0 at random, and the others are made larger. In inference nothing happens.
 *
 *     dropout({ rate: 0.25 }) // [128] → [128]
 *
 * @throws RangeError where the rate is out of range.
 */
export const dropout = unary('dropout', (options: DropoutOptions): Dropout => new Dropout(options));

needKernels(dropoutGroup);
ownLayer('Dropout', Dropout);
