/** Dense layers backward. */
import type { KernelGroup } from '../groups.ts';
import type { Kernels } from '../kernels.ts';
import { longDenseBackward } from '../long/dense.ts';
import { denseBackwardBias, denseBackwardInput, denseBackwardWeights } from '../plain/dense.ts';
import { denseBackwardKernels } from '../simd/dense.ts';

// Kernels speaks of either dtype and these functions of one, as in plain/index.ts.
const plain: Pick<Kernels, 'denseBackwardInput' | 'denseBackwardWeights' | 'denseBackwardBias'> = {
  denseBackwardInput,
  denseBackwardWeights,
  denseBackwardBias,
};

export const denseBackwardGroup: KernelGroup = {
  plain,
  simd: (simd) => denseBackwardKernels(simd, plain),
  long: longDenseBackward,
};
