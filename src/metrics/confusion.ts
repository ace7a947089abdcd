/** Which classes a model takes for which, counted. */
import type { Tensor } from '../tensor/tensor.ts';
import { argmax } from './accuracy.ts';

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

/** The place of each row's largest number, of equal ones the first: rows [N, K] → [N]. */
export function classesOfRows({ data, shape: [N, K] }: Pick<Tensor, 'data' | 'shape'>): number[] {
  return Array.from({ length: N }, (_, n) => argmax(data, n * K, K));
}
