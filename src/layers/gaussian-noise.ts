/**
 * Normal noise, added while training: y = x + stddev·z, z normal with mean 0 and deviation 1. Inference has none. Each number is a function
 * of (seed, layer, step, position in the batch, element), as dropout's masks are. Source of the layer's rules: Keras' GaussianNoise.
 */

import { noiseGroup } from '../kernels/groups/noise.ts';
import { needKernels } from '../kernels/groups.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { atLeastZero, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run, type StepKey } from './layer.ts';
import { ownLayer } from './registry.ts';

/** How strong the noise is. */
export interface GaussianNoiseOptions extends LayerOptions {
  /** Its standard deviation, at least 0. */
  stddev: number;
}

/** The layer that `gaussianNoise` makes. */
export class GaussianNoise extends Layer {
  readonly className: string = 'GaussianNoise';
  readonly stddev: number;

  constructor(options: GaussianNoiseOptions) {
    const given = layerOptions('gaussianNoise', options, arguments, ['stddev']);
    super(given, 'gaussianNoise');
    this.stddev = atLeastZero('gaussianNoise', 'stddev', given.stddev);
  }

  forward({ kernels, stage, x, y, first }: Run, N: number, key: StepKey | null): void {
    if (!key) throw new Error('gaussianNoise: inference has no noise');
    kernels.gaussianNoise(N, sizeOf(stage.inputShape), x, key[0], key[1], first, this.stddev, y);
  }

  backward({ stage, dy, dx }: Run, N: number): void {
    dx?.set(dy.subarray(0, N * sizeOf(stage.inputShape)));
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override isRandom(): boolean {
    return this.stddev > 0;
  }

  override isIdentity(training: boolean): boolean {
    return !training || this.stddev === 0;
  }

  override zeroOutputsAreDead(): boolean {
    return false;
  }

  override work(): string {
    return 'noise (training only)';
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), stddev: this.stddev };
  }
}

/**
 * Adds normal noise while training. In inference nothing happens.
 *
 *     gaussianNoise({ stddev: 0.1 }) // [28, 28, 1] → [28, 28, 1]
 *
 * @throws TypeError or RangeError where the deviation is out of range.
 */
export const gaussianNoise = unary(
  'gaussianNoise',
  (options: GaussianNoiseOptions): GaussianNoise => new GaussianNoise(options),
);

needKernels(noiseGroup);
ownLayer('GaussianNoise', GaussianNoise);
