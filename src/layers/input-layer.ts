/** The place where samples come in, and the symbolic tensor that it gives. Source of its rules: Keras' Input. */

import { noMoreArguments, PUT_INTO_OPTIONS } from '../checks/options.ts';
import { sampleSizes } from '../checks/values.ts';
import type { Shape } from '../tensor/tensor.ts';
import { knownOptions, unary } from './checks.ts';
import { Layer, type LayerConfig, SymbolicTensor } from './layer.ts';
import { ownLayer } from './registry.ts';

/** A model's input. */
export interface InputOptions {
  /** Shape of one sample, without the batch. */
  shape: Shape;
  /** What messages and files call it. Default: `input_layer`. */
  name?: string | undefined;
}

/** The layer that stands for a model's input. It does nothing. */
export class InputLayer extends Layer {
  readonly className: string = 'InputLayer';
  /** What it gives. */
  readonly tensor: SymbolicTensor;

  constructor(options: InputOptions) {
    noMoreArguments('input', arguments, 1, PUT_INTO_OPTIONS);
    const { shape, ...others } = knownOptions('input', options, ['shape', 'name', 'trainable']);
    if (shape === undefined) {
      throw new TypeError(
        'input: shape is missing: expected the shape of one sample: input({ shape: [28, 28, 1] })',
      );
    }
    super({ ...others, inputShape: sampleSizes('input', 'shape', shape) }, 'input');
    const own = this.givenInputShape as Shape; // it was given
    this.build(own);
    this.tensor = new SymbolicTensor(this, own, [], true);
  }

  override get output(): SymbolicTensor {
    return this.tensor;
  }

  /** Never called: an identity has no pass. */
  forward(): void {}
  backward(): void {}

  override isIdentity(): boolean {
    return true;
  }

  override getConfig(): LayerConfig {
    return { name: this.name, trainable: this.trainable, shape: this.tensor.shape };
  }
}

/**
 * A model's input, for layers to be applied to: `dense({ units: 3 }).apply(input({ shape: [4] }))`.
 * @throws TypeError or RangeError where the shape is missing or none.
 */
export const input = unary(
  'input',
  (options: InputOptions): SymbolicTensor => new InputLayer(options).tensor,
);

ownLayer('InputLayer', InputLayer);
