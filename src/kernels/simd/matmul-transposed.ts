/** Products with one factor transposed. Fewer than four columns are left to the plain kernels. */
import type { Kernels } from '../kernels.ts';
import { transposeKernel } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { product } from './matmul.ts';

type TransposedKernels = Pick<Kernels, 'matmulTransposeA' | 'matmulTransposeB'>;

/** @param plain for what is left to them */
export function matmulTransposedKernels(simd: SimdCompiler, plain: TransposedKernels): TransposedKernels {
  return {
    matmulTransposeA(M, K, N, a, b, c) {
      if (N < 4) return plain.matmulTransposeA(M, K, N, a, b, c);
      const layout = { aRow: 1, aStep: M, bStep: N, cRow: N, columns: N, tail: 'none' } as const;
      const [aAt, bAt, cAt] = [simd.address(a), simd.address(b), simd.address(c)];
      product(simd, layout)(M, K, aAt, bAt, cAt, 0);
    },

    matmulTransposeB(M, K, N, a, b, c, scratch) {
      if (N < 4) return plain.matmulTransposeB(M, K, N, a, b, c, scratch);
      // b written out transposed, so that columns are neighbours
      transposeKernel(simd, N, K)(simd.address(b), simd.address(scratch));
      const layout = { aRow: K, aStep: 1, bStep: N, cRow: N, columns: N, tail: 'none' } as const;
      product(simd, layout)(M, K, simd.address(a), simd.address(scratch), simd.address(c), 0);
    },
  };
}
