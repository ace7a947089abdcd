/** Whether a product [N, I]·[I, O] is faster by lists of the factors that aren't zero (dense-sparse.ts). The bits are the same. */
import type { FloatArray } from '../../tensor/tensor.ts';
import { BLOCK_COLUMNS } from './dense-sparse.ts';

/** Inputs from which on lists pay. */
const MANY_INPUTS = 64;

/** Numbers that are looked at, about. */
const LOOKS = 2048;

/** Share of zeros from which on lists are faster: measured in dense-product.ts. */
const ENOUGH_ZEROS = 0.37;

/** Samples from which on products in tiles pay: a tile's copy is one row per sample. */
const MANY_SAMPLES = 16;

/** Lists are kept for whole blocks of outputs and whole vectors of inputs. */
export function mayList(I: number, O: number): boolean {
  return I >= MANY_INPUTS && I % 4 === 0 && O % BLOCK_COLUMNS === 0;
}

/**
 * Whether lists of [N, width] numbers pay: of few samples always, else where enough are zero, by a look at some, an odd number
 * apart: a stride that is no divisor of the width.
 */
export function listsPay(values: FloatArray, N: number, width: number): boolean {
  if (N < MANY_SAMPLES) return true;
  const count = N * width;
  const step = Math.max(17, (count / LOOKS) | 1);
  let zeros = 0;
  for (let i = 0; i < count; i += step) if (values[i] === 0) zeros++;
  return zeros * step > ENOUGH_ZEROS * count;
}
