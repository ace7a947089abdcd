/**
 * The dense layer: which way each product is computed.
 *
 * Large layers walk lists of non-zero factors (dense-sparse.ts). Others are plain matrix products in blocks of
 * registers (matmul.ts), and those with fewer than four columns are left to the plain kernels.
 */

import type { FloatArray } from '../../tensor/tensor.ts';
import type { Kernels } from '../kernels.ts';
import { plainKernels } from '../plain/index.ts';
import { FLOAT, transposeKernel } from './blocks.ts';
import { columnSums } from './column-sums.ts';
import type { SimdCompiler } from './compiler.ts';
import {
  BLOCK_COLUMNS,
  sparseBackwardInput,
  sparseBackwardWeights,
  sparseForward,
  sparseScratch,
} from './dense-sparse.ts';
import { clearDead } from './elementwise.ts';
import { product } from './matmul.ts';

type DenseKernels = Pick<
  Kernels,
  'denseScratch' | 'denseForward' | 'denseBackwardInput' | 'denseBackwardWeights' | 'denseBackwardBias'
>;

/** Inputs from which on lists pay. */
const MANY_INPUTS = 64;

export function denseKernels(simd: SimdCompiler): DenseKernels {
  return {
    denseScratch(N, I, O) {
      const own = isSparse(I, O) ? sparseScratch(N, I, O) : I * O;
      return Math.max(plainKernels.denseScratch(N, I, O), own);
    },

    denseForward(N, I, O, x, w, b, relu, y, scratch) {
      if (O < 4) return plainKernels.denseForward(N, I, O, x, w, b, relu, y, scratch);
      const [xAt, wAt, bAt, yAt] = [simd.address(x), simd.address(w), simd.address(b), simd.address(y)];
      if (isSparse(I, O)) {
        sparseForward(simd, I, O, relu)(N, xAt, wAt, bAt, yAt, simd.address(scratch));
      } else {
        const layout = { aRow: I, aStep: 1, bStep: O, cRow: O, columns: O, tail: relu } as const;
        product(simd, layout)(N, I, xAt, wAt, yAt, bAt);
      }
    },

    denseBackwardInput(N, I, O, dy, w, alive, dx, scratch) {
      if (I < 4) return plainKernels.denseBackwardInput(N, I, O, dy, w, alive, dx, scratch);
      const [dyAt, wAt, dxAt] = [simd.address(dy), simd.address(w), simd.address(dx)];
      const scratchAt = simd.address(scratch);
      const aliveAt = alive ? simd.address(alive) : 0;
      if (isSparse(I, O)) {
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
      if (O < 4) return plainKernels.denseBackwardWeights(N, I, O, x, dy, from, to, dw, scratch);
      const [xAt, dyAt, dwAt] = [simd.address(x), simd.address(dy), simd.address(dw)];
      const rows = to - from;
      const xFrom = xAt + from * FLOAT;
      const dwFrom = dwAt + from * O * FLOAT;
      if (isSparse(I, O) && rows >= BLOCK_COLUMNS && isMostlyZero(dy, N * O)) {
        sparseBackwardWeights(simd, I, O)(N, rows, xFrom, dyAt, dwFrom, simd.address(scratch));
      } else {
        // dw = xᵀ·dy
        const layout = { aRow: 1, aStep: I, bStep: O, cRow: O, columns: O, tail: 'none' } as const;
        product(simd, layout)(rows, N, xFrom, dyAt, dwFrom, 0);
      }
    },

    denseBackwardBias(N, O, dy, db) {
      if (O < 4) return plainKernels.denseBackwardBias(N, O, dy, db);
      columnSums(simd, O)(N, simd.address(dy), simd.address(db));
    },
  };
}

/** Lists are kept for whole blocks of outputs and whole vectors of inputs. */
function isSparse(I: number, O: number): boolean {
  return I >= MANY_INPUTS && I % 4 === 0 && O % BLOCK_COLUMNS === 0;
}

/** Whether lists of these numbers pay, by a look at every 17th: a stride that is no divisor of the outputs. */
function isMostlyZero(values: FloatArray, count: number): boolean {
  let looked = 0;
  let zeros = 0;
  for (let i = 0; i < count; i += 17) {
    looked++;
    if (values[i] === 0) zeros++;
  }
  return 2 * zeros > looked;
}
