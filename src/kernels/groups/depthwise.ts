/** Depthwise convolutions. */
import type { KernelGroup } from '../groups.ts';
import type { Kernels } from '../kernels.ts';
import { longDepthwise } from '../long/depthwise.ts';
import { depthwiseBackward, depthwiseForward, depthwiseScratch } from '../plain/depthwise.ts';
import { depthwiseKernels } from '../simd/depthwise.ts';

// Kernels speaks of either dtype and these functions of one, as in plain/index.ts.
const plain: Pick<Kernels, 'depthwiseScratch' | 'depthwiseForward' | 'depthwiseBackward'> = {
  depthwiseScratch,
  depthwiseForward,
  depthwiseBackward,
};

export const depthwiseGroup: KernelGroup = {
  plain,
  simd: (simd) => depthwiseKernels(simd, plain),
  long: longDepthwise,
};
