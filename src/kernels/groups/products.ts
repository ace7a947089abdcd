/** Products with one factor transposed, and patches back to images: the parts of backward passes, for layers of users' own. */
import type { KernelGroup } from '../groups.ts';
import type { Kernels } from '../kernels.ts';
import { col2im } from '../plain/im2col.ts';
import { matmulTransposeA, matmulTransposeB } from '../plain/matmul.ts';
import { matmulTransposedKernels } from '../simd/matmul-transposed.ts';

// Kernels speaks of either dtype and these functions of one, as in plain/index.ts.
const plain: Pick<Kernels, 'matmulTransposeA' | 'matmulTransposeB'> = { matmulTransposeA, matmulTransposeB };

export const productsGroup: KernelGroup = {
  plain: { ...plain, col2im },
  simd: (simd) => matmulTransposedKernels(simd, plain),
};
