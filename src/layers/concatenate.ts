/**
 * Tensors side by side along one dimension (default: the last one): y[…, c] = x₀[…, c] for c < C₀, x₁[…, c − C₀] for the next C₁, ….
 * Only copies: no number is computed. Source of the layer's rules: Keras' Concatenate.
 */
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { numeric, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run, type Stage } from './layer.ts';
import { ownLayer } from './registry.ts';

/** Along which dimension. */
export interface ConcatenateOptions extends LayerOptions {
  /** −1, the default, is the last one; the batch is dimension 0, as in Keras. */
  axis?: number | undefined;
}

/** The layer that `concatenate` makes. */
export class Concatenate extends Layer {
  readonly className: string = 'Concatenate';
  override readonly takesSeveral = true;
  readonly axis: number;

  constructor(options?: ConcatenateOptions) {
    const given = layerOptions('concatenate', options, arguments, ['axis']);
    super(given, 'concatenate');
    const { axis = -1 } = given;
    numeric('concatenate', 'axis', axis, 'an integer');
    if (!Number.isInteger(axis) || axis === 0) {
      throw new RangeError(`concatenate: axis must be an integer, and not 0, the batch's, got ${axis}`);
    }
    this.axis = axis;
  }

  override computeOutputShape(...shapes: Shape[]): Shape {
    const [first] = shapes;
    const axis = dimension(this.axis, first);
    if (shapes.length < 2)
      throw new RangeError(`concatenate: expected at least two inputs, got ${shapes.length}`);
    const isEqual = (shape: Shape): boolean =>
      shape.length === first.length && shape.every((size, d) => d === axis || size === first[d]);
    if (!shapes.every(isEqual)) {
      throw new RangeError(
        `concatenate: shapes must be equal but for dimension ${axis}, got ${shapes.map((shape) => `[${shape}]`).join(' and ')}`,
      );
    }
    return first.map((size, d) => (d === axis ? shapes.reduce((sum, shape) => sum + shape[d], 0) : size));
  }

  forward({ stage, xs, y }: Run, N: number): void {
    this.#eachRow(stage, N, (i, xRow, yRow, length) => {
      const x = xs[i];
      for (let e = 0; e < length; e++) y[yRow + e] = x[xRow + e];
    });
  }

  backward({ stage, dy, dxs }: Run, N: number): void {
    this.#eachRow(stage, N, (i, xRow, yRow, length) => {
      const dx = dxs[i];
      if (dx) for (let e = 0; e < length; e++) dx[xRow + e] = dy[yRow + e];
    });
  }

  /** Where each input's rows are, in it and in the output. */
  #eachRow(
    { inputShapes, outputShape }: Stage,
    N: number,
    visit: (input: number, xRow: number, yRow: number, length: number) => void,
  ): void {
    const axis = dimension(this.axis, outputShape);
    const rows = N * sizeOf(outputShape.slice(0, axis));
    const lengths = inputShapes.map((shape) => sizeOf(shape.slice(axis)));
    const width = lengths.reduce((sum, length) => sum + length, 0);
    for (let row = 0; row < rows; row++) {
      let yRow = row * width;
      for (const [i, length] of lengths.entries()) {
        visit(i, row * length, yRow, length);
        yRow += length;
      }
    }
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override work(): string {
    return 'copy';
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), axis: this.axis };
  }
}

/** An axis as Keras counts it, with the batch, as a dimension of a sample. */
function dimension(axis: number, shape: Shape): number {
  const d = axis < 0 ? shape.length + axis : axis - 1;
  if (d >= 0 && d < shape.length) return d;
  throw new RangeError(
    `concatenate: axis must be one of the sample's: expected −${shape.length} to −1, got ${axis}`,
  );
}

/** A layer that puts tensors side by side: `concatenate().apply([a, b])`. @throws RangeError where an option is out of range. */
export const concatenate = unary(
  'concatenate',
  (options?: ConcatenateOptions): Concatenate => new Concatenate(options),
);

ownLayer('Concatenate', Concatenate);
