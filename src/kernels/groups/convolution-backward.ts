/** Convolutions backward, direct and by Winograd. */
import type { KernelGroup } from '../groups.ts';
import type { Kernels } from '../kernels.ts';
import { longConvolutionBackward } from '../long/conv2d-backward.ts';
import { conv2dBackward } from '../plain/conv2d.ts';
import { conv2dPoolBackward } from '../plain/conv2d-pool.ts';
import { winogradBackward, winogradBackwardScratch } from '../plain/winograd-backward.ts';
import { conv2dBackwardKernels } from '../simd/conv2d-backward.ts';
import { elementwiseKernels } from '../simd/elementwise.ts';
import { maxPoolKernels } from '../simd/max-pool.ts';
import { winogradKernels } from '../simd/winograd.ts';
import { winogradBackwardKernels } from '../simd/winograd-backward.ts';

// Kernels speaks of either dtype and these functions of one, as in plain/index.ts.
const plain: Pick<
  Kernels,
  'conv2dBackward' | 'conv2dPoolBackward' | 'winogradBackward' | 'winogradBackwardScratch'
> = { conv2dBackward, conv2dPoolBackward, winogradBackward, winogradBackwardScratch };

export const convolutionBackwardGroup: KernelGroup = {
  plain,
  simd(simd) {
    const { maxPool2dForward, maxPool2dBackward } = maxPoolKernels(simd);
    const { reluBackward } = elementwiseKernels(simd);
    return {
      ...winogradBackwardKernels(simd, plain, winogradKernels(simd, maxPool2dForward)),
      ...conv2dBackwardKernels(simd, plain, maxPool2dBackward, reluBackward),
    };
  },
  long: longConvolutionBackward,
};
