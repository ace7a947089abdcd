/**
 * The dense layer: which way each product is computed.
 *
 * Large layers walk lists of non-zero factors (dense-sparse.ts) where a look at the factors finds enough of them zero, else they are
 * matrix products in tiles (dense-product.ts): the bits are the same. Small layers are matrix products as they are (matmul.ts), and
 * those with fewer than four columns are left to the plain kernels.
 */

import type { FloatArray } from '../../tensor/tensor.ts';
import type { Kernels } from '../kernels.ts';
import { plainInARow } from '../plain/common.ts';
import { FLOAT, transposeKernel } from './blocks.ts';
import { columnSums } from './column-sums.ts';
import type { SimdCompiler } from './compiler.ts';
import { denseProductScratch, forwardByProduct, inputByProduct, weightsByProduct } from './dense-product.ts';
import {
  BLOCK_COLUMNS,
  sparseBackwardInput,
  sparseBackwardWeights,
  sparseForward,
  sparseScratch,
} from './dense-sparse.ts';
import { clearDead } from './elementwise-backward.ts';
import { product } from './matmul.ts';

type ForwardKernels = Pick<Kernels, 'denseScratch' | 'denseForward'>;
type BackwardKernels = Pick<Kernels, 'denseBackwardInput' | 'denseBackwardWeights' | 'denseBackwardBias'>;

/** Inputs from which on lists pay. */
const MANY_INPUTS = 64;

export function denseKernels(simd: SimdCompiler): ForwardKernels {
  return {
    denseScratch(N, I, O) {
      const own = isLarge(I, O) ? Math.max(sparseScratch(N, I, O), denseProductScratch(N, O)) : I * O;
      return Math.max(plainInARow.denseScratch(N, I, O), own);
    },

    denseForward(N, I, O, x, w, b, relu, y, scratch) {
      if (O < 4) return plainInARow.denseForward(N, I, O, x, w, b, relu, y, scratch);
      const [xAt, wAt, bAt, yAt] = [simd.address(x), simd.address(w), simd.address(b), simd.address(y)];
      if (isLarge(I, O)) {
        if (!listsPay(x, N, I)) return forwardByProduct(simd, [N, I, O], x, w, b, relu, y, scratch);
        sparseForward(simd, I, O, relu)(N, xAt, wAt, bAt, yAt, simd.address(scratch));
      } else {
        const layout = { aRow: I, aStep: 1, bStep: O, cRow: O, columns: O, tail: relu } as const;
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
      if (isLarge(I, O)) {
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
      if (isLarge(I, O) && rows >= BLOCK_COLUMNS) {
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

/** Lists are kept for whole blocks of outputs and whole vectors of inputs. */
function isLarge(I: number, O: number): boolean {
  return I >= MANY_INPUTS && I % 4 === 0 && O % BLOCK_COLUMNS === 0;
}

/** Numbers that are looked at, about. */
const LOOKS = 2048;

/** Share of zeros from which on lists are faster: measured in dense-product.ts. */
const ENOUGH_ZEROS = 0.37;

/** Samples from which on products in tiles pay: a tile's copy is one row per sample. */
const MANY_SAMPLES = 16;

/**
 * Whether lists of [N, width] numbers pay: of few samples always, else where enough are zero, by a look at some, an odd number
 * apart: a stride that is no divisor of the width.
 */
function listsPay(values: FloatArray, N: number, width: number): boolean {
  if (N < MANY_SAMPLES) return true;
  const count = N * width;
  let looked = 0;
  let zeros = 0;
  const step = Math.max(17, Math.floor(count / LOOKS) | 1);
  for (let i = 0; i < count; i += step) {
    looked++;
    if (values[i] === 0) zeros++;
  }
  return zeros > ENOUGH_ZEROS * looked;
}
