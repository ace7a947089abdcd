/**
 * Dimensions in another order: y[n, i₁, …] = x[n, …], dimension d of y being dimension dims[d] of x, counted from 1 after the batch.
 *
 * Only copies: no number is computed. Source of the layer's rules: Keras' Permute.
 */
import { describe } from '../checks/describe.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run, type Stage } from './layer.ts';
import { ownLayer } from './registry.ts';

/** The new order. */
export interface PermuteOptions extends LayerOptions {
  /** Dimensions of the input in the order of the output, counted from 1: [2, 1] turns rows and columns round. */
  dims: readonly number[];
}

/** The layer that `permute` makes. */
export class Permute extends Layer {
  readonly className: string = 'Permute';
  readonly dims: readonly number[];

  constructor(options: PermuteOptions) {
    const given = layerOptions('permute', options, arguments, ['dims']);
    super(given, 'permute');
    const { dims } = given;
    if (!Array.isArray(dims)) {
      throw new TypeError(`permute: dims must be an array of dimensions, got ${describe(dims)}`);
    }
    const expected = dims.map((_, d) => d + 1);
    if (dims.length === 0 || !expected.every((d) => dims.includes(d))) {
      throw new RangeError(
        `permute: dims must be the numbers from 1 to ${dims.length || 'the last dimension'}, each once, got ${describe(dims)}`,
      );
    }
    this.dims = dims;
  }

  override computeOutputShape(inputShape: Shape): Shape {
    if (inputShape.length !== this.dims.length) {
      throw new RangeError(
        `permute: dims must name every dimension of a sample: expected ${inputShape.length}, got ${this.dims.length}`,
      );
    }
    return this.dims.map((d) => inputShape[d - 1]);
  }

  forward({ stage, x, y }: Run, N: number): void {
    this.#eachElement(stage, N, (from, to) => {
      y[to] = x[from];
    });
  }

  backward({ stage, dy, dx }: Run, N: number): void {
    if (!dx) return;
    this.#eachElement(stage, N, (from, to) => {
      dx[from] = dy[to];
    });
  }

  /** Where each number is in the input and in the output. */
  #eachElement(
    { inputShape, outputShape }: Stage,
    N: number,
    visit: (from: number, to: number) => void,
  ): void {
    const size = sizeOf(inputShape);
    // How far apart neighbours along each dimension of the output are in the input.
    const strides = this.dims.map((d) => sizeOf(inputShape.slice(d)));
    const index = outputShape.map(() => 0);
    let from = 0;
    for (let to = 0; to < size; to++) {
      for (let n = 0; n < N; n++) visit(n * size + from, n * size + to);
      // The next index, the last dimension running fastest.
      for (let d = index.length - 1; d >= 0; d--) {
        from += strides[d];
        if (++index[d] < outputShape[d]) break;
        from -= strides[d] * outputShape[d];
        index[d] = 0;
      }
    }
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override isIdentity(): boolean {
    return this.dims.every((dim, d) => dim === d + 1);
  }

  override zeroOutputsAreDead(zeroInputsAreDead: boolean): boolean {
    return zeroInputsAreDead;
  }

  override work(): string {
    return 'copy';
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), dims: this.dims };
  }
}

/**
 * Reorders the dimensions of each sample, which are counted from 1.
 *
 *     permute({ dims: [3, 1, 2] }) // [28, 28, 3] → [3, 28, 28]
 *
 * @throws TypeError or RangeError where `dims` is no order.
 */
export const permute = unary('permute', (options: PermuteOptions): Permute => new Permute(options));

ownLayer('Permute', Permute);
