/** Arrays compared as a whole, by ndarray-ops. */
import { ndarray, ops } from '../src/ndarray.ts';

type Numbers = Float32Array | Float64Array | Uint8Array;

/** The largest difference of two arrays of as many numbers; NaN where any is. */
export function largestDifference(a: Numbers, b: Numbers): number {
  const difference = ndarray(new Float64Array(a.length));
  ops.sub(difference, ndarray(a), ndarray(b));
  ops.abseq(difference);
  // sup passes over NaN, a sum doesn't.
  return a.length === b.length && !Number.isNaN(ops.sum(difference)) ? ops.sup(difference) : Number.NaN;
}

/** The sum of all differences, as a part of the sum of what is expected. */
export function relativeDifference(actual: Numbers, expected: Numbers): number {
  const difference = ndarray(new Float64Array(expected.length));
  ops.sub(difference, ndarray(actual), ndarray(expected));
  return ops.norm1(difference) / ops.norm1(ndarray(expected));
}
