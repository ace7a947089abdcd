/** Which classes a model takes for which. */
import type { Tensor } from '../tensor/tensor.ts';
import { argmax } from './accuracy.ts';

/**
 * counts[label][predicted], where the first of equal predictions counts, as in `accuracy`.
 * @param predictions [N, K]
 * @param labels [N], from 0 to K − 1
 */
export function confusionMatrix({ data, shape }: Tensor, labels: ArrayLike<number>): number[][] {
  const [N, K] = shape;
  const counts = Array.from({ length: K }, () => new Array<number>(K).fill(0));
  for (let n = 0; n < N; n++) counts[labels[n]][argmax(data, n * K, K)]++;
  return counts;
}
