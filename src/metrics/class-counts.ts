/**
 * How often each class was said rightly, was said at all, and should have been: what F-scores and overlaps are made of. All rows of all samples are
 * counted together.
 */
import type { Targets } from '../losses/loss.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { Metric } from './metric.ts';

/** The counts of one class. */
export interface ClassCount {
  readonly right: number;
  readonly said: number;
  readonly should: number;
}

/** One row: what it says and what it should say, of each class 1 or 0. Both are all 0 before; a row that isn't to count leaves them so. */
export type Mark = (
  predictions: FloatArray,
  targets: Targets,
  row: number,
  said: Float64Array,
  should: Float64Array,
) => void;

/**
 * The metric that counts.
 * @param K classes
 * @param rows of each sample
 * @param figure what is made of the counts of all classes
 */
export function countClasses(
  K: number,
  rows: number,
  mark: Mark,
  figure: (counts: readonly ClassCount[]) => number,
): Metric {
  const width = 3 * K;
  return {
    width,
    measure(N, _C, predictions, targets, values) {
      const [said, should] = [new Float64Array(K), new Float64Array(K)];
      values.fill(0, 0, N * width);
      for (let row = 0; row < N * rows; row++) {
        said.fill(0);
        should.fill(0);
        mark(predictions, targets, row, said, should);
        const at = Math.floor(row / rows) * width;
        for (let k = 0; k < K; k++) {
          values[at + 3 * k] += said[k] * should[k];
          values[at + 3 * k + 1] += said[k];
          values[at + 3 * k + 2] += should[k];
        }
      }
    },
    result: (state) =>
      figure(
        Array.from({ length: K }, (_, k) => {
          const [right, said, should] = state.slice(3 * k, 3 * k + 3);
          return { right, said, should };
        }),
      ),
  };
}
