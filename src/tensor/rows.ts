/** Rows of arrays. */
import type { NumberArray } from './nested.ts';

/**
 * to[i] = from[indices[i]], row by row.
 * @param size numbers in a row
 * @param to of the kind of `from`, with room for as many rows as there are indices
 * @returns `to`
 */
export function copyRows<A extends NumberArray>(from: A, size: number, indices: Iterable<number>, to: A): A {
  let i = 0;
  for (const n of indices) to.set(from.subarray(n * size, (n + 1) * size), size * i++);
  return to;
}
