/** Average pooling, of windows and global. */
import type { KernelGroup } from '../groups.ts';
import type { Kernels } from '../kernels.ts';
import { averagePool2dBackward, averagePool2dForward } from '../plain/average-pool.ts';
import { averagePoolKernels } from '../simd/average-pool.ts';

const plain: Pick<Kernels, 'averagePool2dForward' | 'averagePool2dBackward'> = {
  averagePool2dForward,
  averagePool2dBackward,
};

export const averagePoolingGroup: KernelGroup = { plain, simd: (simd) => averagePoolKernels(simd, plain) };
