/** Rescaling. */
import type { KernelGroup } from '../groups.ts';
import type { Kernels } from '../kernels.ts';
import { affine } from '../plain/affine.ts';
import { affineKernels } from '../simd/affine.ts';

// Kernels speaks of either dtype and this function of one, as in plain/index.ts.
const plain: Pick<Kernels, 'affine'> = { affine };

export const rescalingGroup: KernelGroup = { plain, simd: (simd) => affineKernels(simd, plain) };
