/** Long sums of both strict implementations in float32: plain64 is generated from the one, and fma's last bits are its own. */
import { describe } from 'vitest';
import { plainKernels } from '../../src/kernels/plain/index.ts';
import { createSimdKernels } from '../../src/kernels/simd/index.ts';
import { expectSameBits } from '../matchers.ts';
import { onHeap } from './contract/heap.ts';
import { describeLongSums } from './contract/long-sums.ts';
import { arena } from './simd/arena.ts';

describe('plain', () => {
  const subject = { kernels: plainKernels, allocate: onHeap, beforeCase: () => {}, compare: expectSameBits };
  describeLongSums(subject);
});

describe('simd', () => {
  const { memory, allocate, reset } = arena({ shared: false });
  const kernels = createSimdKernels(memory, 'simd');
  describeLongSums({ kernels, allocate, beforeCase: reset, compare: expectSameBits });
});
