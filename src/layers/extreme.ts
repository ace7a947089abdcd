/**
 * What maximum and minimum have in common: of each element the most extreme one, and which input it came from. The gradient goes to that
 * input alone; on a tie to the first one. Source of the rules: Keras' Maximum and Minimum (on TensorFlow).
 */
import { sizeOf } from '../tensor/tensor.ts';
import type { LayerOptions, Run, Stage } from './layer.ts';
import { eachGradient, Merge, spread } from './merge.ts';

/** A layer that takes the most extreme of several tensors' elements. */
export abstract class Extreme extends Merge {
  /** 1: the maximum; −1: the minimum, which is the maximum of all signs turned. */
  readonly #sign: 1 | -1;

  constructor(operation: string, sign: 1 | -1, options: LayerOptions | undefined, given: ArrayLike<unknown>) {
    super(operation, options, given);
    this.#sign = sign;
  }

  forward(run: Run, N: number): void {
    const { stage, xs, y, kept, scratch } = run;
    const size = N * sizeOf(stage.outputShape);
    const sign = this.#sign;
    y.set(spread(run, 0, N, scratch).subarray(0, size));
    kept.fill(0, 0, size);
    for (let i = 1; i < xs.length; i++) {
      const x = spread(run, i, N, scratch);
      for (let e = 0; e < size; e++) {
        if (!(sign * x[e] > sign * y[e])) continue;
        y[e] = x[e];
        kept[e] = i;
      }
    }
  }

  backward(run: Run, N: number): void {
    const { dy, kept } = run;
    eachGradient(run, N, (i, wide, size) => {
      for (let e = 0; e < size; e++) wide[e] = kept[e] === i ? dy[e] : 0;
    });
  }

  /** One byte per element: which input it came from. */
  override keptBytes({ outputShape }: Stage): number {
    return sizeOf(outputShape);
  }
}
