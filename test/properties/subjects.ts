/** The kernels that properties are tested on, each with arrays where it can reach them. */
import { plainKernels } from '../../src/kernels/plain/index.ts';
import { createSimdKernels } from '../../src/kernels/simd/index.ts';
import type { FloatArray } from '../../src/tensor/tensor.ts';
import type { Bench, Subject } from '../kernels/contract/bench.ts';
import { onHeap } from '../kernels/contract/heap.ts';
import { arena } from '../kernels/simd/arena.ts';
import { expectSameBits } from '../matchers.ts';

const wasm = arena({ shared: false });

export const subjects: [string, Subject][] = [
  ['plain', { kernels: plainKernels, allocate: onHeap, beforeCase: () => {}, compare: expectSameBits }],
  [
    'simd',
    {
      kernels: createSimdKernels(wasm.memory, 'simd'),
      allocate: wasm.allocate,
      beforeCase: wasm.reset,
      compare: expectSameBits,
    },
  ],
];

/**
 * Random whole numbers from −4 to 4. Sums of products of these are exact in float32, in whatever order, as long as
 * they stay below 2^24: laws of algebra then hold to the bit.
 */
export function integers(bench: Bench, length: number): FloatArray {
  return bench.copy(bench.input(length).map((v) => Math.round(4 * v)));
}
