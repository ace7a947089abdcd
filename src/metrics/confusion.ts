/** Which classes a model takes for which, counted. */
import type { Tensor } from '../tensor/tensor.ts';
import { argmaxOfRows } from './accuracy.ts';

/** counts[label][predicted] of K classes. All numbers are from 0 to K − 1. */
export function countConfusions(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  K: number,
): number[][] {
  const counts = Array.from({ length: K }, () => new Array<number>(K).fill(0));
  for (let n = 0; n < labels.length; n++) counts[labels[n]][predicted[n]]++;
  return counts;
}

/** The same of rows [N, K] of predictions: the largest number of a row is what it says. */
export function confusionOf(labels: ArrayLike<number>, { data, shape: [, K] }: Tensor): number[][] {
  return countConfusions(labels, argmaxOfRows(data, K), K);
}
