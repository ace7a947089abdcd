/**
 * Sum of tensors, element by element: y = ((x₀ + x₁) + x₂) + …; dxᵢ = dy, summed where xᵢ was repeated.
 * Source of the layer's rules: Keras' Add.
 */
import { sizeOf } from '../tensor/tensor.ts';
import { unary } from './checks.ts';
import type { LayerOptions, Run } from './layer.ts';
import { gather, Merge, repeatsOf, spread } from './merge.ts';
import { ownLayer } from './registry.ts';

/** The layer that `add` makes. */
export class Add extends Merge {
  readonly className: string = 'Add';

  constructor(options?: LayerOptions) {
    super('add', options, arguments);
  }

  forward(run: Run, N: number): void {
    const { kernels, stage, y, scratch } = run;
    const size = N * sizeOf(stage.outputShape);
    y.set(spread(run, 0, N, scratch).subarray(0, size));
    for (let i = 1; i < run.xs.length; i++) kernels.addTo(size, spread(run, i, N, scratch), y);
  }

  backward(run: Run, N: number): void {
    const { stage, dy, dxs } = run;
    const repeated = repeatsOf(stage);
    for (const [i, dx] of dxs.entries()) {
      if (!dx) continue;
      if (repeated[i]) gather(run, i, N, dy, dx);
      else dx.set(dy.subarray(0, N * sizeOf(stage.outputShape)));
    }
  }

  override work(): string {
    return 'sum';
  }
}

/** A layer that adds tensors up: `add().apply([a, b])`. @throws RangeError where an option is unknown. */
export const add = unary('add', (options?: LayerOptions): Add => new Add(options));

ownLayer('Add', Add);
