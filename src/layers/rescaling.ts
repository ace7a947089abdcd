/**
 * Other units: y = x·scale + offset, for pixels from 0 to 255 for instance scale 1/255. Both may be a number per channel (the last
 * dimension). Source of the layer's rules: Keras' Rescaling.
 */

import { describe } from '../checks/describe.ts';
import { rescalingGroup } from '../kernels/groups/rescaling.ts';
import { needKernels } from '../kernels/groups.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { finite, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run } from './layer.ts';
import { ownLayer } from './registry.ts';

/** Factor and summand. */
export interface RescalingOptions extends LayerOptions {
  /** What every number is multiplied by; an array has one for each channel. */
  scale: number | readonly number[];
  /** What is added to the product. Default: 0. */
  offset?: number | readonly number[] | undefined;
}

/** The layer that `rescaling` makes. */
export class Rescaling extends Layer {
  readonly className: string = 'Rescaling';
  readonly scale: number | readonly number[];
  readonly offset: number | readonly number[];

  constructor(options: RescalingOptions) {
    const given = layerOptions('rescaling', options, arguments, ['scale', 'offset']);
    super(given, 'rescaling');
    this.scale = numbersOf('scale', given.scale);
    this.offset = numbersOf('offset', given.offset ?? 0);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const C = inputShape[inputShape.length - 1];
    for (const [name, numbers] of Object.entries({ scale: this.scale, offset: this.offset })) {
      if (typeof numbers !== 'number' && numbers.length !== C) {
        throw new RangeError(
          `rescaling: ${name} must have a number per channel: expected ${C}, got ${numbers.length}`,
        );
      }
    }
    return inputShape;
  }

  forward({ kernels, stage, x, y }: Run, N: number): void {
    const { scale, offset } = this.#perChannel();
    const size = N * sizeOf(stage.inputShape);
    if (scale.some((each) => each !== 0)) kernels.affine(size, x, scale, offset, y);
    // What files compare with is made so, of infinite numbers too, whose product with 0 would be NaN.
    else for (let i = 0; i < size; i++) y[i] = offset[i % offset.length];
  }

  backward({ kernels, stage, dy, dx }: Run, N: number): void {
    const { scale, none } = this.#perChannel();
    const size = N * sizeOf(stage.inputShape);
    if (scale.some((each) => each !== 0)) {
      if (dx) kernels.affine(size, dy, scale, none, dx);
    } else dx?.fill(0, 0, size);
  }

  /** One number for all, or as many as there are channels. */
  #perChannel(): Record<'scale' | 'offset' | 'none', readonly number[]> {
    const [scale, offset] = [this.scale, this.offset];
    const lengthOf = (given: number | readonly number[]): number =>
      typeof given === 'number' ? 1 : given.length;
    const C = Math.max(lengthOf(scale), lengthOf(offset));
    const spread = (given: number | readonly number[]): readonly number[] =>
      typeof given === 'number' ? new Array<number>(C).fill(given) : given;
    return { scale: spread(scale), offset: spread(offset), none: spread(0) };
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override work(): string {
    return 'scaling';
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), scale: this.scale, offset: this.offset };
  }
}

/** A finite number, or an array of them. */
function numbersOf(name: string, given: unknown): number | readonly number[] {
  if (!Array.isArray(given)) return finite('rescaling', name, given);
  if (given.length === 0)
    throw new RangeError(`rescaling: ${name} must hold numbers, got ${describe(given)}`);
  return given.map((value) => finite('rescaling', name, value));
}

/**
 * Multiplies all numbers by a factor and adds an offset.
 *
 *     rescaling({ scale: 1 / 255 }) // [224, 224, 3] → [224, 224, 3]
 *
 * @throws TypeError or RangeError where a number is none.
 */
export const rescaling = unary('rescaling', (options: RescalingOptions): Rescaling => new Rescaling(options));

ownLayer('Rescaling', Rescaling);
needKernels(rescalingGroup);
