/** Long sums of the plain kernels in float32: plain64 is generated from them. */
import { plainKernels } from '../../src/kernels/plain/index.ts';
import { expectSameBits } from '../matchers.ts';
import { onHeap } from './contract/heap.ts';
import { describeLongSums } from './contract/long-sums.ts';

describeLongSums({
  kernels: plainKernels,
  allocate: onHeap,
  beforeCase: () => {},
  compare: expectSameBits,
});
