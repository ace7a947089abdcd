/**
 * Maximum of tensors, element by element. The gradient goes to the maximum alone; on a tie to the first one.
 * Source of the layer's rules: Keras' Maximum (on TensorFlow).
 */
import { sizeOf } from '../tensor/tensor.ts';
import { unary } from './checks.ts';
import type { LayerOptions, Run, Stage } from './layer.ts';
import { gather, Merge, placesOf, spread } from './merge.ts';
import { ownLayer } from './registry.ts';

/** The layer that `maximum` makes. */
export class Maximum extends Merge {
  readonly className = 'Maximum';
  override readonly keptWhat = 'place of the maximum';

  constructor(options?: LayerOptions) {
    super('maximum', options);
  }

  forward(run: Run, N: number): void {
    const { stage, xs, y, kept, scratch } = run;
    const size = N * sizeOf(stage.outputShape);
    y.set(spread(run, 0, N, scratch).subarray(0, size));
    kept.fill(0, 0, size);
    for (let i = 1; i < xs.length; i++) {
      const x = spread(run, i, N, scratch);
      for (let e = 0; e < size; e++) {
        if (!(x[e] > y[e])) continue;
        y[e] = x[e];
        kept[e] = i;
      }
    }
  }

  backward(run: Run, N: number): void {
    const { stage, dy, dxs, kept, scratch } = run;
    const size = N * sizeOf(stage.outputShape);
    const places = placesOf(stage);
    for (const [i, dx] of dxs.entries()) {
      if (!dx) continue;
      const wide = places[i] ? scratch : dx;
      for (let e = 0; e < size; e++) wide[e] = kept[e] === i ? dy[e] : 0;
      if (places[i]) gather(run, i, N, wide, dx);
    }
  }

  /** One byte an element: which input it came from. */
  override keptBytes({ outputShape }: Stage): number {
    return sizeOf(outputShape);
  }

  override scratchSize(stage: Stage, _kernels: unknown, N: number): number {
    return placesOf(stage).some(Boolean) ? N * sizeOf(stage.outputShape) : 0;
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override work(): string {
    return 'maximum';
  }
}

/** A layer that takes the maximum of tensors: `maximum().apply([a, b])`. @throws RangeError where an option is unknown. */
export const maximum = unary('maximum', (options?: LayerOptions): Maximum => new Maximum(options));

ownLayer('Maximum', Maximum);
