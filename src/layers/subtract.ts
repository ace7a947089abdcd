/**
 * Difference of two tensors, element by element: y = x₀ − x₁; dx₀ = dy, dx₁ = −dy, summed where an input was repeated.
 * Source of the layer's rules: Keras' Subtract.
 */
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { unary } from './checks.ts';
import type { LayerOptions, Run } from './layer.ts';
import { eachGradient, Merge, spread } from './merge.ts';
import { ownLayer } from './registry.ts';

/** The layer that `subtract` makes. */
export class Subtract extends Merge {
  readonly className: string = 'Subtract';

  constructor(options?: LayerOptions) {
    super('subtract', options, arguments);
  }

  override computeOutputShape(...shapes: Shape[]): Shape {
    if (shapes.length !== 2) {
      throw new RangeError(`subtract: expected two inputs, got ${shapes.length}`);
    }
    return super.computeOutputShape(...shapes);
  }

  forward(run: Run, N: number): void {
    const { stage, y, scratch } = run;
    const size = N * sizeOf(stage.outputShape);
    y.set(spread(run, 0, N, scratch).subarray(0, size));
    const x = spread(run, 1, N, scratch);
    for (let e = 0; e < size; e++) y[e] = y[e] - x[e];
  }

  backward(run: Run, N: number): void {
    const { dy } = run;
    eachGradient(run, N, (i, wide, size) => {
      for (let e = 0; e < size; e++) wide[e] = i === 0 ? dy[e] : -dy[e];
    });
  }

  override work(): string {
    return 'difference';
  }
}

/** A layer that subtracts one tensor from another: `subtract().apply([a, b])` is a − b. @throws RangeError where an option is unknown. */
export const subtract = unary('subtract', (options?: LayerOptions): Subtract => new Subtract(options));

ownLayer('Subtract', Subtract);
