/**
 * Leaky ReLU (Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic models"):
 *
 *   y = x > 0 ? x : negativeSlope·x
 *
 * The gradient at 0 is negativeSlope. Source of the layer's rules: Keras' LeakyReLU.
 */
import { leakyReluGroup } from '../kernels/groups/leaky-relu.ts';
import { needKernels } from '../kernels/groups.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { atLeastZero, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run } from './layer.ts';
import { ownLayer } from './registry.ts';

/** The slope below zero. */
export interface LeakyReluOptions extends LayerOptions {
  /** Slope below zero, at least 0. Default: 0.3. */
  negativeSlope?: number | undefined;
}

/** The layer that `leakyReLU` makes. */
export class LeakyReLU extends Layer {
  readonly className: string = 'LeakyReLU';
  readonly negativeSlope: number;

  constructor(options?: LeakyReluOptions) {
    const given = layerOptions('leakyReLU', options, arguments, ['negativeSlope']);
    super(given, 'leakyReLU');
    this.negativeSlope = atLeastZero('leakyReLU', 'negativeSlope', given.negativeSlope ?? 0.3);
  }

  forward({ kernels, stage, x, y }: Run, N: number): void {
    kernels.leakyReluForward(N * sizeOf(stage.inputShape), x, this.negativeSlope, y);
  }

  backward({ kernels, stage, y, dy, dx }: Run, N: number): void {
    if (dx) kernels.leakyReluBackward(N * sizeOf(stage.inputShape), y, dy, this.negativeSlope, dx);
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: true };
  }

  override hasKinks(): boolean {
    return true;
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), negativeSlope: this.negativeSlope };
  }
}

/**
 * A ReLU with a small slope below 0.
 *
 *     leakyReLU({ negativeSlope: 0.1 }) // [128] → [128]
 *
 * @throws TypeError or RangeError where the slope is out of range, RangeError for an unknown option.
 */
export const leakyReLU = unary(
  'leakyReLU',
  (options?: LeakyReluOptions): LeakyReLU => new LeakyReLU(options),
);

ownLayer('LeakyReLU', LeakyReLU);
needKernels(leakyReluGroup);
