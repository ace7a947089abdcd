/** Convolutions backward, direct and by Winograd, and max-pooling, which is folded into them. */
import type { KernelGroup } from '../groups.ts';
import type { Kernels } from '../kernels.ts';
import { longConvolutionBackward } from '../long/conv2d-backward.ts';
import { conv2dBackward } from '../plain/conv2d.ts';
import { conv2dPoolBackward } from '../plain/conv2d-pool.ts';
import { maxPool2dBackward } from '../plain/max-pool.ts';
import { winogradBackward, winogradBackwardScratch } from '../plain/winograd-backward.ts';
import { winogradTurnedFilters } from '../plain/winograd-filters.ts';
import { conv2dBackwardKernels } from '../simd/conv2d-backward.ts';
import { elementwiseBackwardKernels } from '../simd/elementwise-backward.ts';
import { maxPoolBackwardKernels } from '../simd/max-pool-backward.ts';
import { winogradBackwardKernels } from '../simd/winograd-backward.ts';
import { turnedFilterKernels } from '../simd/winograd-turned-filters.ts';
import { winograd4Kernels } from '../simd/winograd4.ts';

// Kernels speaks of either dtype and these functions of one, as in plain/index.ts.
const plain: Pick<
  Kernels,
  | 'conv2dBackward'
  | 'conv2dPoolBackward'
  | 'winogradTurnedFilters'
  | 'winogradBackward'
  | 'winogradBackwardScratch'
  | 'maxPool2dBackward'
> = {
  conv2dBackward,
  conv2dPoolBackward,
  winogradTurnedFilters,
  winogradBackward,
  winogradBackwardScratch,
  maxPool2dBackward,
};

export const convolutionBackwardGroup: KernelGroup = {
  plain,
  simd(simd) {
    const { maxPool2dBackward } = maxPoolBackwardKernels(simd, plain);
    const { reluBackward } = elementwiseBackwardKernels(simd);
    return {
      ...turnedFilterKernels(simd),
      ...winogradBackwardKernels(simd, plain, winograd4Kernels(simd)),
      ...conv2dBackwardKernels(simd, plain, maxPool2dBackward, reluBackward),
      maxPool2dBackward,
    };
  },
  long: longConvolutionBackward,
};
