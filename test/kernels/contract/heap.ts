/** Arrays in ordinary memory, for the plain kernels. */
import type { Allocate } from './bench.ts';

// The type parameter can't be narrowed by comparing the string, hence the casts.
export const onHeap: Allocate = (type, length) => {
  if (type === 'float32') return new Float32Array(length) as never;
  if (type === 'float64') return new Float64Array(length) as never;
  return new Uint8Array(length) as never;
};
