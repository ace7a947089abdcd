/**
 * Parametric ReLU (He et al. 2015, "Delving deep into rectifiers", arXiv:1502.01852), whose slopes below zero are learnt:
 *
 *   y = x > 0 ? x : α·x         dx = dy·(x > 0 ? 1 : x < 0 ? α : 0),  dα = Σ dy·x where x < 0
 *
 * There is a slope for each element of a sample, or, along the shared axes, one for all. dα is summed in float64, samples ascending, and rounded once.
 * Source of the layer's rules: Keras' PReLU, whose gradient at 0 is 0.
 */
import { describe } from '../checks/describe.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { checkInitializer, type Initializer } from '../tensor/initializers.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { unary } from './checks.ts';
import { doublesIn, doublesSize } from './doubles.ts';
import {
  Layer,
  type LayerConfig,
  type LayerOptions,
  layerOptions,
  type ParameterSpec,
  type Run,
  type Stage,
} from './layer.ts';
import { placesIn } from './merge.ts';
import { ownLayer } from './registry.ts';
import { checkRegularizer, type Regularizer, type RegularizerConfig } from './regularizer.ts';

/** The slopes below zero. */
export interface PReluOptions extends LayerOptions {
  /** Dimensions along which all elements have one slope, the batch counted as 0: [1, 2] of images is one per channel. Default: none. */
  sharedAxes?: readonly number[] | undefined;
  /** How the slopes begin. Default: `zeros`. */
  alphaInitializer?: Initializer | undefined;
  /** What large slopes cost: `'l2'`, `l2({ l2: 1e-4 })`, `{ l1, l2 }`. Default: nothing. */
  alphaRegularizer?: Regularizer | undefined;
}

/** The layer that `prelu` makes. */
export class PReLU extends Layer {
  readonly className: string = 'PReLU';
  readonly sharedAxes: readonly number[];
  readonly alphaInitializer: Initializer;
  readonly alphaRegularizer: RegularizerConfig | null;
  /** The slope of each element of a sample; null: nothing was computed yet, and a model from a file may ask for gigabytes. */
  #places: Int32Array | null = null;

  constructor(options?: PReluOptions) {
    const own = ['sharedAxes', 'alphaInitializer', 'alphaRegularizer'];
    const given = layerOptions('prelu', options, arguments, own);
    super(given, 'prelu');
    const { sharedAxes = [], alphaInitializer = 'zeros' } = given;
    if (!Array.isArray(sharedAxes) || !sharedAxes.every((axis) => Number.isInteger(axis) && axis > 0)) {
      throw new TypeError(
        `prelu: sharedAxes must be an array of integers ≥ 1 (the batch is 0), got ${describe(sharedAxes)}`,
      );
    }
    this.sharedAxes = sharedAxes;
    this.alphaInitializer = checkInitializer('prelu: alphaInitializer', alphaInitializer);
    this.alphaRegularizer = checkRegularizer('prelu: alphaRegularizer', given.alphaRegularizer);
  }

  override build(inputShape: Shape): void {
    super.build(inputShape);
    this.#places = null;
  }

  #placesIn({ inputShape }: Stage): Int32Array {
    this.#places ??= placesIn(this.#slopes(inputShape), inputShape);
    return this.#places;
  }

  override computeOutputShape(inputShape: Shape): Shape {
    if (this.sharedAxes.every((axis) => axis <= inputShape.length)) return inputShape;
    throw new RangeError(
      `prelu: sharedAxes must be at most ${inputShape.length} for [${inputShape}], got ${describe(this.sharedAxes)}`,
    );
  }

  #slopes(inputShape: Shape): Shape {
    return inputShape.map((size, d) => (this.sharedAxes.includes(d + 1) ? 1 : size));
  }

  protected override describeParameters(inputShape: Shape): ParameterSpec[] {
    const { alphaInitializer: initializer, alphaRegularizer: regularizer } = this;
    return [{ name: 'alpha', shape: this.#slopes(inputShape), initializer, regularizer }];
  }

  forward({ stage, x, y, parameters: [alpha] }: Run, N: number): void {
    const places = this.#placesIn(stage);
    for (let n = 0, i = 0; n < N; n++) {
      for (let e = 0; e < places.length; e++, i++) y[i] = x[i] > 0 ? x[i] : alpha[places[e]] * x[i];
    }
  }

  backward({ stage, x, dy, dx, parameters: [alpha], gradients, scratch }: Run, N: number): void {
    const places = this.#placesIn(stage);
    const sums = gradients && doublesIn(scratch, 0, alpha.length).fill(0);
    for (let n = 0, i = 0; n < N; n++) {
      for (let e = 0; e < places.length; e++, i++) {
        const slope = x[i] > 0 ? 1 : x[i] < 0 ? alpha[places[e]] : 0;
        if (sums && x[i] < 0) sums[places[e]] += dy[i] * x[i];
        if (dx) dx[i] = dy[i] * slope;
      }
    }
    if (sums) gradients?.[0].set(sums);
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: true, output: false };
  }

  override scratchSize({ inputShape }: Stage, kernels: Kernels): number {
    return doublesSize(sizeOf(this.#slopes(inputShape)), kernels);
  }

  override hasKinks(): boolean {
    return true;
  }

  override work(): string {
    return 'activation';
  }

  override getConfig(): LayerConfig {
    const { sharedAxes, alphaInitializer, alphaRegularizer } = this;
    return {
      ...{ ...this.baseConfig(), sharedAxes },
      ...(alphaInitializer !== 'zeros' && { alphaInitializer }),
      ...(alphaRegularizer && { alphaRegularizer }),
    };
  }
}

/**
 * A ReLU whose slopes below 0 are learnt.
 *
 *     prelu({ sharedAxes: [1, 2] }) // [28, 28, 16] → [28, 28, 16]
 *
 * @throws TypeError or RangeError for wrong options.
 */
export const prelu = unary('prelu', (options?: PReluOptions): PReLU => new PReLU(options));

ownLayer('PReLU', PReLU);
