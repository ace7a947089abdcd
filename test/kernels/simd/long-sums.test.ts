/** Long sums of the strict SIMD kernels: fma's last bits are its own. */
import { createSimdKernels } from '../../../src/kernels/simd/index.ts';
import { expectSameBits } from '../../matchers.ts';
import { describeLongSums } from '../contract/long-sums.ts';
import { arena } from './arena.ts';

const { memory, allocate, reset } = arena({ shared: false });
const kernels = createSimdKernels(memory, 'simd');
describeLongSums({ kernels, allocate, beforeCase: reset, compare: expectSameBits });
