/**
 * Another shape for the same numbers, in row-major order. Nothing is computed and nothing moves. Source of the layer's rules:
 * Keras' Reshape.
 */

import { describe } from '../checks/describe.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions } from './layer.ts';
import { ownLayer } from './registry.ts';

/** The new shape. */
export interface ReshapeOptions extends LayerOptions {
  /** Sizes of one sample, without the batch. One of them may be −1: what is left over. */
  targetShape: Shape;
}

/** The layer that `reshape` makes. */
export class Reshape extends Layer {
  readonly className: string = 'Reshape';
  readonly targetShape: Shape;

  constructor(options: ReshapeOptions) {
    const given = layerOptions('reshape', options, arguments, ['targetShape']);
    super(given, 'reshape');
    const { targetShape } = given;
    if (!Array.isArray(targetShape)) {
      throw new TypeError(`reshape: targetShape must be an array of sizes, got ${describe(targetShape)}`);
    }
    const isSize = (size: unknown): boolean =>
      Number.isInteger(size) && ((size as number) >= 1 || size === -1);
    if (!targetShape.every(isSize) || targetShape.filter((size) => size === -1).length > 1) {
      throw new RangeError(
        `reshape: targetShape must hold integers ≥ 1, and −1 at most once, got ${describe(targetShape)}`,
      );
    }
    this.targetShape = targetShape;
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const size = sizeOf(inputShape, 'reshape');
    const known = this.targetShape.reduce((product, d) => (d === -1 ? product : product * d), 1);
    const isOpen = this.targetShape.includes(-1);
    if (isOpen ? size % known !== 0 : size !== known) {
      throw new RangeError(
        `reshape: targetShape [${this.targetShape}] must hold the ${size} numbers of an input of shape [${inputShape}]`,
      );
    }
    return this.targetShape.map((d) => (d === -1 ? size / known : d));
  }

  /** Never called: an identity has no pass. */
  forward(): void {}
  backward(): void {}

  override isIdentity(): boolean {
    return true;
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), targetShape: this.targetShape };
  }
}

/**
 * Gives the same numbers another shape.
 *
 *     reshape({ targetShape: [7, 7, -1] }) // [784] → [7, 7, 16]
 *
 * @throws TypeError or RangeError where the shape is none.
 */
export const reshape = unary('reshape', (options: ReshapeOptions): Reshape => new Reshape(options));

ownLayer('Reshape', Reshape);
