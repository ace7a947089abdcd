/**
 * ReLU as a layer of its own, in all of Keras' forms:
 *
 *   y = x > threshold ? min(x, maxValue) : negativeSlope·(x − threshold)
 *
 * The gradient is 0 from maxValue on, and at the threshold negativeSlope. Without a slope and a threshold the plan folds it into the layer before it. Source of the layer's rules: Keras' ReLU.
 */
import { clippedReluGroup } from '../kernels/groups/clipped-relu.ts';
import { needKernels } from '../kernels/groups.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { atLeastZero, unary } from './checks.ts';
import { type Fold, Layer, type LayerConfig, type LayerOptions, layerOptions, type Run } from './layer.ts';
import { ownLayer } from './registry.ts';

/** Where it bends. */
export interface ReluOptions extends LayerOptions {
  /** The largest output, at least 0; null (the default): there is none. 6 for ReLU6. */
  maxValue?: number | null | undefined;
  /** Slope below the threshold, at least 0. Default: 0. */
  negativeSlope?: number | undefined;
  /** Inputs up to it are damped or cut off; at least 0. Default: 0. */
  threshold?: number | undefined;
}

/** The layer that `reLU` makes. */
export class ReLU extends Layer {
  readonly className: string = 'ReLU';
  readonly maxValue: number | null;
  readonly negativeSlope: number;
  readonly threshold: number;

  constructor(options?: ReluOptions) {
    const own = ['maxValue', 'negativeSlope', 'threshold'];
    const given = layerOptions('reLU', options, arguments, own, { nullable: ['maxValue'] });
    super(given, 'reLU');
    const { maxValue = null } = given;
    this.maxValue = maxValue === null ? null : atLeastZero('reLU', 'maxValue', maxValue);
    this.negativeSlope = atLeastZero('reLU', 'negativeSlope', given.negativeSlope ?? 0);
    this.threshold = atLeastZero('reLU', 'threshold', given.threshold ?? 0);
  }

  forward({ kernels, stage, x, y }: Run, N: number): void {
    const { negativeSlope, threshold, maxValue } = this;
    const size = N * sizeOf(stage.inputShape);
    kernels.clippedReluForward(size, x, negativeSlope, threshold, maxValue ?? Infinity, y);
  }

  backward({ kernels, stage, x, dy, dx }: Run, N: number): void {
    const { negativeSlope, threshold, maxValue } = this;
    const size = N * sizeOf(stage.inputShape);
    if (dx) kernels.clippedReluBackward(size, x, dy, negativeSlope, threshold, maxValue ?? Infinity, dx);
  }

  override foldsAs(): Fold | null {
    if (!this.#isCutOff() || this.threshold !== 0) return null;
    const { maxValue: max } = this;
    if (max === null) return { kind: 'relu' };
    // What is cut off is told by its value.
    return max > 0 && Math.fround(max) === max ? { kind: 'relu', max } : null;
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: true, output: false };
  }

  override kinks(): readonly number[] {
    return this.maxValue === null ? [0] : [0, this.maxValue];
  }

  override zeroOutputsAreDead(): boolean {
    return this.#isCutOff();
  }

  #isCutOff(): boolean {
    return this.negativeSlope === 0;
  }

  override work(): string {
    return 'activation';
  }

  override getConfig(): LayerConfig {
    const { maxValue, negativeSlope, threshold } = this;
    return { ...this.baseConfig(), maxValue, negativeSlope, threshold };
  }
}

/**
 * A ReLU as a layer: negative numbers become 0. It may be cut off above, as ReLU6 is.
 *
 *     reLU({ maxValue: 6 }) // [28, 28, 16] → [28, 28, 16]
 *
 * @throws TypeError or RangeError where an option is unknown or out of range.
 */
export const reLU = unary('reLU', (options?: ReluOptions): ReLU => new ReLU(options));

ownLayer('ReLU', ReLU);
needKernels(clippedReluGroup);
