/** Float64 numbers in a layer's scratch memory, whose elements may be half as large: sums that are rounded once. */
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';

/** Elements of scratch memory that so many need, wherever they begin. */
export function doublesSize(count: number, { dtype }: Kernels): number {
  return (count + 1) * (dtype === 'float32' ? 2 : 1);
}

/** So many of them, after the first `taken` elements of `scratch`. */
export function doublesIn(scratch: FloatArray, taken: number, count: number): Float64Array {
  const begin = scratch.byteOffset + taken * scratch.BYTES_PER_ELEMENT;
  return new Float64Array(scratch.buffer, Math.ceil(begin / 8) * 8, count);
}
