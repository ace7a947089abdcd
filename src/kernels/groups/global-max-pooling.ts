/** Global max-pooling. */
import type { KernelGroup } from '../groups.ts';
import type { Kernels } from '../kernels.ts';
import { globalMaxPoolBackward, globalMaxPoolForward } from '../plain/global-max-pool.ts';
import { globalMaxPoolKernels } from '../simd/global-max-pool.ts';

// Kernels speaks of either dtype and these functions of one, as in plain/index.ts.
const plain: Pick<Kernels, 'globalMaxPoolForward' | 'globalMaxPoolBackward'> = {
  globalMaxPoolForward,
  globalMaxPoolBackward,
};

export const globalMaxPoolingGroup: KernelGroup = {
  plain,
  simd: (simd) => globalMaxPoolKernels(simd, plain),
};
