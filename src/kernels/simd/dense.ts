/**
 * The dense layer: which way each product is computed.
 *
 * Large layers walk lists of non-zero factors (dense-sparse.ts) where a look at the factors finds enough of them zero, else they are
 * matrix products in tiles (dense-product.ts): the bits are the same. Small layers are matrix products as they are (matmul.ts), and
 * those with fewer than four columns are left to the plain kernels.
 */
import type { Kernels } from '../kernels.ts';
import { plainInARow } from '../plain/common.ts';
import { FLOAT, transposeKernel } from './blocks.ts';
import { columnSums } from './column-sums.ts';
import type { SimdCompiler } from './compiler.ts';
import { denseProductScratch, forwardByProduct, inputByProduct, weightsByProduct } from './dense-product.ts';
import {
  BLOCK_COLUMNS,
  forwardByLists,
  sparseBackwardInput,
  sparseBackwardWeights,
  sparseScratch,
} from './dense-sparse.ts';
import { clearDead } from './elementwise-backward.ts';
import { listsPay, mayList } from './lists-pay.ts';
import { product } from './matmul.ts';

type ForwardKernels = Pick<Kernels, 'denseScratch' | 'denseForward'>;
type BackwardKernels = Pick<Kernels, 'denseBackwardInput' | 'denseBackwardWeights' | 'denseBackwardBias'>;

export function denseKernels(simd: SimdCompiler): ForwardKernels {
  return {
    denseScratch(N, I, O) {
      const own = mayList(I, O) ? Math.max(sparseScratch(N, I, O), denseProductScratch(N, O)) : I * O;
      return Math.max(plainInARow.denseScratch(N, I, O), own);
    },

    denseForward(N, I, O, x, w, b, relu, y, scratch) {
      if (O < 4) return plainInARow.denseForward(N, I, O, x, w, b, relu, y, scratch);
      if (mayList(I, O)) {
        const multiply = listsPay(x, N, I) ? forwardByLists : forwardByProduct;
        multiply(simd, [N, I, O], x, w, b, relu, y, scratch);
      } else {
        const layout = { aRow: I, aStep: 1, bStep: O, cRow: O, columns: O, tail: relu } as const;
        const [xAt, wAt, bAt, yAt] = [simd.address(x), simd.address(w), simd.address(b), simd.address(y)];
        product(simd, layout)(N, I, xAt, wAt, yAt, bAt);
      }
    },
  };
}

/** @param plain for what is left to them */
export function denseBackwardKernels(simd: SimdCompiler, plain: BackwardKernels): BackwardKernels {
  return {
    denseBackwardInput(N, I, O, dy, w, alive, dx, scratch) {
      if (I < 4) return plain.denseBackwardInput(N, I, O, dy, w, alive, dx, scratch);
      const [dyAt, wAt, dxAt] = [simd.address(dy), simd.address(w), simd.address(dx)];
      const scratchAt = simd.address(scratch);
      const aliveAt = alive ? simd.address(alive) : 0;
      if (mayList(I, O)) {
        if (!listsPay(dy, N, O)) return inputByProduct(simd, [N, I, O], dy, w, alive, dx, scratch);
        sparseBackwardInput(simd, I, O, alive !== null)(N, dyAt, wAt, aliveAt, dxAt, scratchAt);
      } else {
        // dx = dy·wᵀ, wᵀ written out so that columns are neighbours
        transposeKernel(simd, I, O)(wAt, scratchAt);
        const layout = { aRow: O, aStep: 1, bStep: I, cRow: I, columns: I, tail: 'none' } as const;
        product(simd, layout)(N, O, dyAt, scratchAt, dxAt, 0);
        if (alive) clearDead(simd)(N * I, aliveAt, dxAt);
      }
    },

    denseBackwardWeights(N, I, O, x, dy, from, to, dw, scratch) {
      if (O < 4) return plain.denseBackwardWeights(N, I, O, x, dy, from, to, dw, scratch);
      const [xAt, dyAt, dwAt] = [simd.address(x), simd.address(dy), simd.address(dw)];
      const rows = to - from;
      const xFrom = xAt + from * FLOAT;
      const dwFrom = dwAt + from * O * FLOAT;
      if (mayList(I, O) && rows >= BLOCK_COLUMNS) {
        if (!listsPay(dy, N, O)) {
          return weightsByProduct(simd, [N, I, O], rows, xFrom, dy, dwFrom, scratch);
        }
        sparseBackwardWeights(simd, I, O)(N, rows, xFrom, dyAt, dwFrom, simd.address(scratch));
      } else {
        // dw = xᵀ·dy
        const layout = { aRow: 1, aStep: I, bStep: O, cRow: O, columns: O, tail: 'none' } as const;
        product(simd, layout)(rows, N, xFrom, dyAt, dwFrom, 0);
      }
    },

    denseBackwardBias(N, O, dy, db) {
      if (O < 4) return plain.denseBackwardBias(N, O, dy, db);
      columnSums(simd, O)(N, simd.address(dy), simd.address(db));
    },
  };
}
