/**
 * Product of tensors, element by element: y = (x₀·x₁)·x₂·…; dxᵢ = dy times the other factors, in their order.
 * Source of the layer's rules: Keras' Multiply.
 */
import { multiplyGroup } from '../kernels/groups/multiply.ts';
import { needKernels } from '../kernels/groups.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { unary } from './checks.ts';
import type { LayerOptions, Run, Stage } from './layer.ts';
import { eachGradient, Merge, repeatsOf, spread } from './merge.ts';
import { ownLayer } from './registry.ts';

/** The layer that `multiply` makes. */
export class Multiply extends Merge {
  readonly className: string = 'Multiply';

  constructor(options?: LayerOptions) {
    super('multiply', options, arguments);
  }

  forward(run: Run, N: number): void {
    const { kernels, stage, y, scratch } = run;
    const size = N * sizeOf(stage.outputShape);
    y.set(spread(run, 0, N, scratch).subarray(0, size));
    for (let i = 1; i < run.xs.length; i++) kernels.multiplyBy(size, spread(run, i, N, scratch), y);
  }

  backward(run: Run, N: number): void {
    const { kernels, xs, dy, scratch } = run;
    eachGradient(run, N, (i, wide, size) => {
      wide.set(dy.subarray(0, size));
      const room = scratch.subarray(size);
      for (let j = 0; j < xs.length; j++) {
        if (j !== i) kernels.multiplyBy(size, spread(run, j, N, room), wide);
      }
    });
  }

  override scratchSize(stage: Stage, _kernels: unknown, N: number): number {
    return repeatsOf(stage).some(Boolean) ? 2 * N * sizeOf(stage.outputShape) : 0;
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: true, output: false };
  }

  override work(): string {
    return 'product';
  }
}

/** A layer that multiplies tensors: `multiply().apply([a, b])`. @throws RangeError where an option is unknown. */
export const multiply = unary('multiply', (options?: LayerOptions): Multiply => new Multiply(options));

ownLayer('Multiply', Multiply);
needKernels(multiplyGroup);
