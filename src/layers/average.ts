/**
 * Mean of tensors, element by element: y = (((x₀ + x₁) + …) / k); dxᵢ = dy / k, summed where xᵢ was repeated.
 * Source of the layer's rules: Keras' Average.
 */
import { sizeOf } from '../tensor/tensor.ts';
import { unary } from './checks.ts';
import type { LayerOptions, Run } from './layer.ts';
import { eachGradient, Merge, spread } from './merge.ts';
import { ownLayer } from './registry.ts';

/** The layer that `average` makes. */
export class Average extends Merge {
  readonly className: string = 'Average';

  constructor(options?: LayerOptions) {
    super('average', options, arguments);
  }

  forward(run: Run, N: number): void {
    const { kernels, stage, xs, y, scratch } = run;
    const size = N * sizeOf(stage.outputShape);
    y.set(spread(run, 0, N, scratch).subarray(0, size));
    for (let i = 1; i < xs.length; i++) kernels.addTo(size, spread(run, i, N, scratch), y);
    for (let e = 0; e < size; e++) y[e] = y[e] / xs.length;
  }

  backward(run: Run, N: number): void {
    const { xs, dy } = run;
    eachGradient(run, N, (_, wide, size) => {
      for (let e = 0; e < size; e++) wide[e] = dy[e] / xs.length;
    });
  }

  override work(): string {
    return 'mean';
  }
}

/** A layer that averages tensors: `average().apply([a, b])`. @throws RangeError where an option is unknown. */
export const average = unary('average', (options?: LayerOptions): Average => new Average(options));

ownLayer('Average', Average);
