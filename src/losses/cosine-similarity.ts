/**
 * How much two directions differ, Keras' CosineSimilarity: −1 where output and target point the same way, 0 at a right angle, 1 where they are
 * opposite. Lengths don't matter.
 *
 *   loss[n] = −Σ_c t̂·x̂,   x̂ = x/‖x‖ and t̂ = t/‖t‖ with ‖x‖ = √(Σ_c x²)
 *   ∂(mean loss)/∂x[n, c] = −(t̂ − (Σ t̂·x̂)·x̂)/‖x‖/batch
 *
 * A length below ε = 1e-7 counts as ε, as in Keras, and is then a constant: rows of zeros have no direction, and cost 0. Computed in float64, c
 * ascending from +0; the gradient is rounded once, when it is stored.
 */
import { knownOptions, unary } from '../checks/options.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { Loss, LossRun } from './loss.ts';
import { losses } from './registry.ts';

const EPSILON = 1e-7;

class CosineSimilarity implements Loss {
  readonly name = 'cosineSimilarity';
  readonly targetKind = 'rows';
  readonly isOfRow = true;

  compute({ C, x, targets, losses, dx }: LossRun, N: number, batch: number): void {
    const t = targets as FloatArray; // compile() checked that these are rows
    for (let n = 0; n < N; n++) {
      const [row, end] = [n * C, (n + 1) * C];
      const length = lengthOf(x, row, end);
      const targetLength = lengthOf(t, row, end);
      let cosine = 0;
      for (let i = row; i < end; i++) cosine += (t[i] / targetLength) * (x[i] / length);
      losses[n] = -cosine;
      if (!dx) continue;
      const turn = length > EPSILON ? cosine : 0; // a constant length: no change by it
      for (let i = row; i < end; i++) {
        dx[i] = -(t[i] / targetLength - turn * (x[i] / length)) / length / batch;
      }
    }
  }
}

/** √(Σ v²) of v[from ≤ i < to], at least ε. */
function lengthOf(v: FloatArray, from: number, to: number): number {
  let squares = 0;
  for (let i = from; i < to; i++) squares += v[i] * v[i];
  return Math.max(Math.sqrt(squares), EPSILON);
}

/**
 * For targets that are directions, as embeddings are: rows of the model's output shape, compared along the last dimension.
 *
 *     model.compile({ optimizer: 'adam', loss: 'cosineSimilarity', metrics: ['cosineSimilarity'] });
 *     cosineSimilarity() // outputs [[3, 4]], targets [[1, 0]] → -0.6
 *
 * The loss is negative where directions agree, so that small is good; the metric of this name is the cosine itself, as in Keras.
 */
export const cosineSimilarity: () => Loss = unary('cosineSimilarity', (options?: object): Loss => {
  knownOptions('cosineSimilarity', options, []);
  return new CosineSimilarity();
});

losses.own('cosineSimilarity', cosineSimilarity);
