/**
 * Binary accuracy: the share of a sample's outputs that are on the right side of a threshold, Keras' BinaryAccuracy.
 *
 *   value[n] = (number of c with (prediction[n, c] > threshold) = target[n, c]) / C
 */
import type { Targets } from '../losses/loss.ts';
import type { FloatArray } from '../tensor/tensor.ts';

/**
 * predictions, targets [N, C] → values [N].
 * @param threshold ½ for probabilities, 0 for logits, which is the same
 */
export function binaryAccuracy(
  N: number,
  C: number,
  predictions: FloatArray,
  targets: Targets,
  values: Float64Array,
  threshold: number,
): void {
  for (let n = 0; n < N; n++) {
    let right = 0;
    for (let i = n * C; i < (n + 1) * C; i++) {
      if ((predictions[i] > threshold ? 1 : 0) === targets[i]) right++;
    }
    values[n] = right / C;
  }
}
