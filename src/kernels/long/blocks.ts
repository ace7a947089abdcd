/**
 * Sums of many terms, in blocks: a float32 sum in a row loses digits with its length, 1 % of a million equal terms.
 *
 *   block = BLOCK consecutive terms from +0        group = GROUP consecutive blocks, one by one
 *   sum   = the groups, one by one
 *
 * A block is what a kernel computes anyway of a shorter array, so this stands on top of any implementation of Kernels, and none of
 * them knows of it. The order is in docs/order-of-sums.md.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { CommonKernels } from '../groups.ts';

/** Sums of up to so many terms are computed in a row: the experiment's longest has 5,408. */
export const LONGEST = 8192;

/** Terms of a block: beyond 256 the digits that a block loses show, with fewer the blocks' own work does. */
export const BLOCK = 256;

/** Blocks of a group. */
export const GROUP = 64;

/** Adds up the blocks' sums of `size` elements, each handed in as an array; the result is in `total`. */
export class BlockSums {
  readonly #kernels: CommonKernels;
  readonly #size: number;
  readonly #group: FloatArray;
  readonly #total: FloatArray;
  #blocks = 0;

  /** @param group room for `size` elements */
  constructor(kernels: CommonKernels, size: number, group: FloatArray, total: FloatArray) {
    this.#kernels = kernels;
    this.#size = size;
    this.#group = group;
    this.#total = total;
    total.fill(0, 0, size);
  }

  add(block: FloatArray): void {
    if (this.#blocks % GROUP === 0) {
      this.#endGroup();
      this.#group.fill(0, 0, this.#size);
    }
    this.#kernels.addTo(this.#size, block, this.#group);
    this.#blocks++;
  }

  /** After the last block. */
  finish(): void {
    this.#endGroup();
  }

  #endGroup(): void {
    if (this.#blocks > 0) this.#kernels.addTo(this.#size, this.#group, this.#total);
  }
}

/** Calls back for each block of `terms` terms: from ≤ term < to. */
export function eachBlock(terms: number, visit: (from: number, to: number) => void): void {
  for (let from = 0; from < terms; from += BLOCK) visit(from, Math.min(terms, from + BLOCK));
}

/** Columns from ≤ column < to of a matrix [rows, columns], as a matrix of their own. A copy a row: element by element takes four times as long. */
export function gatherColumns(
  rows: number,
  columns: number,
  from: number,
  to: number,
  matrix: FloatArray,
  part: FloatArray,
): void {
  for (let row = 0; row < rows; row++) {
    const rowAt = row * columns;
    part.set(matrix.subarray(rowAt + from, rowAt + to), row * (to - from));
  }
}

/** Hands out consecutive views of `scratch`, from `at` on. */
export function roomsIn(scratch: FloatArray, at: number): (size: number) => FloatArray {
  let end = at;
  return (size) => {
    end += size;
    return scratch.subarray(end - size, end);
  };
}
