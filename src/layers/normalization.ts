/**
 * Normalisation by fixed numbers, each channel c (the last dimension) by itself, or all numbers alike:
 *
 *   y = (x − m)/max(√v, 1e-7)          invert: y = x·max(√v, 1e-7) + m
 *
 * m and v are given, or found in data by `adapt` before training; no training changes them. Source of the layer's rules: Keras'
 * Normalization, whose weights are mean, variance and count, all of them not trainable; where m and v are given it has none.
 */

import { describe } from '../checks/describe.ts';
import { expectMemory } from '../checks/detached.ts';
import { begin, isIterator } from '../checks/iterators.ts';
import { normalizationGroup } from '../kernels/groups/normalization.ts';
import { needKernels } from '../kernels/groups.ts';
import { type DenseArray, isDense, isNumberArray, shapeOfNested, type TensorLike } from '../tensor/nested.ts';
import { type FloatArray, type Shape, sizeOf, type Tensor, tensor } from '../tensor/tensor.ts';
import { finite, flag, numeric, unary } from './checks.ts';
import {
  Layer,
  type LayerConfig,
  type LayerOptions,
  layerOptions,
  type ParameterSpec,
  type Run,
} from './layer.ts';
import { ownLayer } from './registry.ts';

/** By which mean and variance, and of which numbers. */
export interface NormalizationOptions extends LayerOptions {
  /** −1, the last dimension: each channel has its own mean and variance. null: one mean and one variance for all numbers. Default: −1. */
  axis?: number | null | undefined;
  /** The mean of all numbers, or of each channel; with `variance`. Left out: `adapt` finds both. */
  mean?: number | readonly number[] | undefined;
  /** The variance of all numbers, or of each channel; with `mean`. */
  variance?: number | readonly number[] | undefined;
  /** true: the inverse, from normalised numbers back. Default: false. */
  invert?: boolean | undefined;
}

/** Data to adapt to: samples, or batches of samples one by one. */
export type AdaptData = Tensor | TensorLike | Iterable<TensorLike> | AsyncIterable<TensorLike>;

/** Keras' smallest deviation, its backend's epsilon. */
const SMALLEST = 1e-7;

/** The layer that `normalization` makes. */
export class Normalization extends Layer {
  readonly className: string = 'Normalization';
  readonly axis: number | null;
  readonly mean: number | readonly number[] | null;
  readonly variance: number | readonly number[] | null;
  readonly invert: boolean;

  constructor(options?: NormalizationOptions) {
    const own = ['axis', 'mean', 'variance', 'invert'];
    const given = layerOptions('normalization', options, arguments, own, { nullable: ['axis'] });
    super(given, 'normalization');
    const { axis = -1, mean, variance, invert = false } = given;
    if (Array.isArray(axis)) {
      throw new TypeError(
        `normalization: axis must be −1, the last dimension, or null, got ${describe(axis)}: for several dimensions flatten before it, and reshape behind it`,
      );
    }
    if (axis !== null) numeric('normalization', 'axis', axis, '−1, the last dimension, or null');
    if (axis !== null && !Number.isInteger(axis)) {
      throw new RangeError(`normalization: axis must be −1, the last dimension, or null, got ${axis}`);
    }
    this.axis = axis;
    if ((mean === undefined) !== (variance === undefined)) {
      const missing = mean === undefined ? 'mean' : 'variance';
      throw new TypeError(`normalization: mean and variance must be given together: ${missing} is missing`);
    }
    this.mean = mean === undefined ? null : numbersOf('mean', mean);
    this.variance = variance === undefined ? null : numbersOf('variance', variance);
    for (const value of [this.variance ?? []].flat()) {
      if (value < 0) throw new RangeError(`normalization: variance must be at least 0, got ${value}`);
    }
    this.invert = flag('normalization', 'invert', invert);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    if (this.axis !== null && (![-1, inputShape.length].includes(this.axis) || inputShape.length === 0)) {
      throw new RangeError(
        `normalization: axis must be −1, the last dimension, where the channels are, or null: got ${this.axis} for [${inputShape}]`,
      );
    }
    const C = sizeOf(this.#channels(inputShape));
    for (const [name, numbers] of Object.entries({ mean: this.mean, variance: this.variance })) {
      if (Array.isArray(numbers) && numbers.length !== C) {
        throw new RangeError(
          `normalization: ${name} must have a number per channel: expected ${C}, got ${numbers.length}`,
        );
      }
    }
    return inputShape;
  }

  /** In Keras' order; `count` is its alone, and stays 0, as Keras 3 leaves it. */
  protected override describeParameters(inputShape: Shape): ParameterSpec[] {
    if (this.mean !== null) return [];
    const shape = this.#channels(inputShape);
    return [
      { name: 'mean', shape, initializer: 'zeros', role: 'fixed' },
      { name: 'variance', shape, initializer: 'ones', role: 'fixed' },
      { name: 'count', shape: [], initializer: 'zeros', role: 'fixed' },
    ];
  }

  /** What has a mean and a variance of its own: each channel, or nothing. */
  #channels(inputShape: Shape): Shape {
    return this.axis === null ? [] : inputShape.slice(-1);
  }

  /**
   * Finds mean and variance of each channel in data, and forgets those of before. To be called before the layer is used, or
   * when all that trains with it has ended.
   *
   *     const scale = normalization();
   *     await scale.adapt(train.x);
   *
   * @param data samples `[n, …shape]`, or batches of them one by one: the result has the same bits, however samples are batched
   * @throws Error where mean and variance were given, TypeError where data holds no samples, RangeError where they are none, or
   *   of another shape than the layer is built for, or not finite.
   */
  async adapt(data: AdaptData): Promise<void> {
    if (this.mean !== null) throw new Error('adapt: this normalization was given its mean and variance');
    let moments: Moments | null = null;
    let number = 0;
    for await (const batch of batchesOf(data)) {
      number++;
      const what = number === 1 ? 'data' : `batch ${number} of data`;
      const { data: values, shape } = samplesOf(what, await batch);
      const sample = shape.slice(1);
      if (!this.built) this.build(this.givenInputShape ?? sample);
      const expected = this.inputShape as Shape; // built
      if (sample.length !== expected.length || sample.some((size, d) => size !== expected[d])) {
        throw new RangeError(`adapt: ${what} must hold samples of [${expected}], got [${sample}]`);
      }
      moments ??= new Moments(sizeOf(this.#channels(expected)));
      moments.add(values, sizeOf(expected));
    }
    if (!moments || moments.count === 0) {
      throw new RangeError('adapt: data must hold at least one sample, got none');
    }
    const found = [moments.mean, moments.squares.map((sum) => sum / moments.count), [0]];
    for (const [p, parameter] of this.parameters.entries()) {
      // A model that is built from it later takes over what is there.
      parameter.value ??= tensor(new Float32Array(sizeOf(parameter.shape)), parameter.shape);
      parameter.value.data.set(found[p]);
    }
    this.weightsVersion++;
  }

  forward({ kernels, stage, x, y, parameters, scratch }: Run, N: number): void {
    const C = sizeOf(this.#channels(stage.inputShape));
    const { centre, factor, shift } = this.#coefficients(parameters, scratch, C);
    kernels.normalizeForward((N * sizeOf(stage.inputShape)) / C, C, x, centre, factor, shift, false, y);
  }

  backward({ kernels, stage, dy, dx, parameters, scratch }: Run, N: number): void {
    if (!dx) return;
    const C = sizeOf(this.#channels(stage.inputShape));
    const { centre, factor, shift } = this.#coefficients(parameters, scratch, C);
    // dx = dy·factor
    centre.fill(0);
    shift.fill(0);
    kernels.normalizeForward((N * sizeOf(stage.inputShape)) / C, C, dy, centre, factor, shift, false, dx);
  }

  /** y = (x − centre)·factor + shift, the factor in float64 and rounded once. */
  #coefficients(
    [mean, variance]: readonly FloatArray[],
    scratch: FloatArray,
    C: number,
  ): Record<'centre' | 'factor' | 'shift', FloatArray> {
    const [centre, factor, shift] = [0, 1, 2].map((i) => scratch.subarray(i * C, (i + 1) * C));
    const at = (numbers: number | ArrayLike<number>, c: number): number =>
      typeof numbers === 'number' ? numbers : numbers[c];
    for (let c = 0; c < C; c++) {
      const deviation = Math.max(Math.sqrt(at(this.variance ?? variance, c)), SMALLEST);
      const m = at(this.mean ?? mean, c);
      centre[c] = this.invert ? 0 : m;
      factor[c] = this.invert ? deviation : 1 / deviation;
      shift[c] = this.invert ? m : 0;
    }
    return { centre, factor, shift };
  }

  override scratchSize({ inputShape }: { readonly inputShape: Shape }): number {
    return 3 * sizeOf(this.#channels(inputShape));
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override work(): string {
    return 'scaling';
  }

  override getConfig(): LayerConfig {
    const { axis, mean, variance, invert } = this;
    return {
      ...{ ...this.baseConfig(), axis, invert },
      ...(mean !== null && { mean, variance }),
    };
  }
}

/** Chan, Golub and LeVeque's merging of means and sums of squared differences, in float64: one sample after the other. */
class Moments {
  count = 0;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
  readonly #C: number;

  constructor(C: number) {
    this.#C = C;
    this.mean = new Float64Array(C);
    this.squares = new Float64Array(C);
  }

  /** Samples of so many numbers each, one after the other. */
  add(values: FloatArray, size: number): void {
    const C = this.#C;
    const pixels = size / C;
    for (let at = 0; at < values.length; at += size) {
      const all = this.count + pixels;
      for (let c = 0; c < C; c++) {
        let sum = 0;
        for (let i = at + c; i < at + size; i += C) sum += values[i];
        const mean = sum / pixels;
        let squares = 0;
        for (let i = at + c; i < at + size; i += C) squares += (values[i] - mean) * (values[i] - mean);
        if (!Number.isFinite(squares))
          throw new RangeError('adapt: data must be finite, got NaN or Infinity');
        const delta = mean - this.mean[c];
        this.mean[c] += delta * (pixels / all);
        this.squares[c] += squares + delta * delta * ((this.count * pixels) / all);
      }
      this.count = all;
    }
  }
}

/** Samples as one batch, and batches as they are. */
function batchesOf(data: AdaptData): Iterable<unknown> | AsyncIterable<unknown> {
  expectMemory('adapt', 'data', data);
  if (Array.isArray(data) || isNumberArray(data) || isDense(data)) return [data];
  const begun = begin(data);
  // It has begun: as it came, it would begin once more.
  if (isIterator(begun)) return { [Symbol.asyncIterator]: () => begun as AsyncIterator<unknown> };
  throw new TypeError(`adapt: data must be samples, or batches of samples one by one, got ${describe(data)}`);
}

/** A batch's numbers and its shape, the samples' number first. */
function samplesOf(what: string, batch: unknown): DenseArray {
  if (isDense(batch) && batch.shape.length > 1) return batch;
  const shape = shapeOfNested('adapt', what, batch);
  if (shape.length < 2) {
    throw new TypeError(`adapt: ${what} must be samples with a shape, [n, …shape], got [${shape}]`);
  }
  return tensor(batch as TensorLike[]);
}

/** A finite number, or an array of them. */
function numbersOf(name: string, given: unknown): number | readonly number[] {
  if (!Array.isArray(given)) return finite('normalization', name, given);
  if (given.length === 0)
    throw new RangeError(`normalization: ${name} must hold numbers, got ${describe(given)}`);
  return given.map((value) => finite('normalization', name, value));
}

/**
 * Gives numbers mean 0 and variance 1, by a given mean and variance or by those that `adapt` finds in data.
 *
 *     normalization({ mean: 33.3, variance: 6000 }) // [28, 28, 1] → [28, 28, 1]
 *
 * @throws TypeError or RangeError where an option is unknown or out of range.
 */
export const normalization = unary(
  'normalization',
  (options?: NormalizationOptions): Normalization => new Normalization(options),
);

needKernels(normalizationGroup);
ownLayer('Normalization', Normalization);
