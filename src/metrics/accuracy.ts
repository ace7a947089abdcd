/**
 * Accuracy: 1 for a sample whose largest prediction is at the target's class, else 0.
 * The first of equal predictions counts, as in Keras' argmax.
 */
import type { Targets } from '../losses/loss.ts';
import type { FloatArray } from '../tensor/tensor.ts';

/**
 * predictions [N, C], targets rows [N, C] or class numbers [N] → values [N].
 */
export function accuracy(
  N: number,
  C: number,
  predictions: FloatArray,
  targets: Targets,
  values: Float64Array,
): void {
  const classes = targets instanceof Int32Array;
  for (let n = 0; n < N; n++) {
    const expected = classes ? targets[n] : argmax(targets, n * C, C);
    values[n] = argmax(predictions, n * C, C) === expected ? 1 : 0;
  }
}

/** The place of each row's largest number, of equal ones the first: rows of C → one a row. */
export function argmaxOfRows(values: FloatArray, C: number): Int32Array {
  return Int32Array.from({ length: values.length / C }, (_, n) => argmax(values, n * C, C));
}

/** Index of the first maximum of C numbers from `start` on. */
export function argmax(values: ArrayLike<number>, start: number, C: number): number {
  let best = 0;
  for (let c = 1; c < C; c++) {
    if (values[start + c] > values[start + best]) best = c;
  }
  return best;
}
