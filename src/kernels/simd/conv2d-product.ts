/**
 * Convolutions that are one matrix product: y = patches·w + b, w [K, OC].
 *
 * Of a pointwise kernel (1×1, strides of 1) the patches are the image as it lies, and all samples one matrix [N·P, C]. Those of a
 * dilated kernel are written out, sample by sample, by im2col.
 *
 * The block is matmul.ts': 4 rows × 8 columns, k ascending. But w is packed into panels [⌈OC/8⌉, K, 8] once per call, and a panel then
 * serves all rows. As w lies, the 32 bytes of each k are in a cache line of their own, OC floats from the next. The last block of
 * rows overlaps the one before.
 *
 * Measured on MobileNetV2's shapes (Node 20, one thread, AMD Zen 3, in turns): panels take 0.77 to
 * 0.92 of the time of w as it lies. To copy the rows of x too, four side by side, would take 0.93 to 0.97 of that, without the copy's
 * own time. Blocks of 2 × 16 are as fast, 3 × 12 and 5 × 8 half as fast: Node 20's compiler spills.
 *
 * Where many inputs are zero, as behind ReLU, a pointwise kernel goes by lists of what isn't, as a dense layer does (dense-sparse.ts), for
 * the same bits: with 60 % of zeros in 0.61 to 0.73 of the time (AMD Zen 4). Eight images on two threads, random weights, whose inputs are
 * zero in 50 to 65 %: MobileNet 0.61, MobileNetV2 0.87, DenseNet121 0.90 of the time.
 *
 * Rows are cut into tiles that the second cache holds, so that memory is read once, not once a panel. It counts where rows are many and
 * long: 3,136 to 25,088 rows of 144 numbers, in 0.94 to 0.6 of the time; elsewhere it changes nothing (AMD Zen 4).
 */

import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry } from '../geometry.ts';
import type { Kernels, Rectifier } from '../kernels.ts';
import { plainInARow } from '../plain/common.ts';
import type { ModuleBuilder } from './assembler.ts';
import { FLOAT, overlappingBlocks } from './blocks.ts';
import type { Kernel, MulAdd, SimdCompiler } from './compiler.ts';
import { i32 } from './instructions.ts';
import { listsPay, mayList } from './lists-pay.ts';
import { BLOCK_ROWS, emitBlock, product, type Tail } from './matmul.ts';
import { type PanelShape, packedSize, panels } from './panels.ts';

const TILE = 16384;

/** Positions of the kernel are apart, so that a row of a patch isn't one run of numbers. */
export function isDilated(g: Conv2dGeometry): boolean {
  return g.DH !== 1 || g.DW !== 1;
}

/** Kernels of 1×1 on every pixel: the patches are the image as it lies, and all samples one matrix. */
export function isPointwise(g: Conv2dGeometry): boolean {
  return g.KH === 1 && g.KW === 1 && g.SH === 1 && g.SW === 1;
}

/** Whether it is a matrix product of patches that lie in memory, or are written out. */
export const isProduct = (g: Conv2dGeometry): boolean => isPointwise(g) || isDilated(g);

/** Whether it is a product that doesn't fill a block of rows: then w is taken as it lies. */
export function hasFewRows(g: Conv2dGeometry): boolean {
  return isProduct(g) && g.P < BLOCK_ROWS;
}

/** conv2dForward where `isProduct`, with at least 4 filters; w is in panels unless `hasFewRows`. Scratch is [ packed weights | patches of a sample ]. */
export function convolveByProduct(simd: SimdCompiler, g: Conv2dGeometry, ...args: AfterGeometry): void {
  const [N, x, w, b, relu, y, scratch] = args;
  const { P, OC } = g;
  const multiply = productWith(simd, g, isPointwise(g) ? N * P : P, relu, simd.address(w));
  const [bAt, yAt] = [simd.address(b), simd.address(y)];
  if (isPointwise(g)) {
    multiply(simd.address(x), yAt, bAt);
    return;
  }
  const patches = scratch.subarray(packedSize(g));
  const size = g.H * g.W * g.C;
  for (let n = 0; n < N; n++) {
    plainInARow.im2col(g, x.subarray(n * size, (n + 1) * size), patches);
    multiply(simd.address(patches), yAt + n * P * OC * FLOAT, bAt);
  }
}

/** Whether a pointwise kernel's images have so many zeros, as behind ReLU, that lists of what isn't zero pay (dense-sparse.ts). */
export function hasManyZeros(g: Conv2dGeometry, N: number, x: FloatArray): boolean {
  return isPointwise(g) && mayList(g.C, g.OC) && listsPay(x, N * g.P, g.C);
}

type AfterGeometry =
  Parameters<Kernels['conv2dForward']> extends [Conv2dGeometry, ...infer Rest] ? Rest : never;

/** multiply(patches, y, bias), addresses of so many rows, by w in panels or as it lies. */
function productWith(
  simd: SimdCompiler,
  g: Conv2dGeometry,
  rows: number,
  tail: Rectifier,
  w: number,
): (patches: number, y: number, bias: number) => void {
  const { K, OC } = g;
  if (!hasFewRows(g)) {
    const multiply = productWithPanels(simd, g, tail);
    return (patches, y, bias) => multiply(rows, patches, w, y, bias);
  }
  const layout = { aRow: K, aStep: 1, bStep: OC, cRow: OC, columns: OC, tail } as const;
  const kernel = product(simd, layout);
  return (patches, y, bias) => kernel(rows, K, patches, w, y, bias);
}

/** multiply(rows, a, packed, c, bias): c [rows, OC] = tail(a [rows, K] · w + bias) of w in panels; rows ≥ 4. */
export function productWithPanels(simd: SimdCompiler, g: PanelShape, tail: Tail): Kernel {
  const { K, OC } = g;
  const kernel = simd.kernel(`panelProduct ${K} ${OC} ${tail}`, (module) =>
    emitProduct(module, simd.mulAdd, g, tail),
  );
  const tile = BLOCK_ROWS * Math.max(8, Math.floor(TILE / (BLOCK_ROWS * K)));
  return (rows, a, packed, c, bias) => {
    eachTile(rows, tile, (row, some) => {
      kernel(some, a + row * K * FLOAT, packed, c + row * OC * FLOAT, bias);
    });
  };
}

/** Rows in tiles of so many, a multiple of BLOCK_ROWS; what wouldn't fill a block goes with the tile before. */
export function eachTile(rows: number, tile: number, visit: (row: number, some: number) => void): void {
  for (let row = 0; row < rows; ) {
    const some = rows - row < tile + BLOCK_ROWS ? rows - row : tile;
    visit(row, some);
    row += some;
  }
}

function emitProduct(module: ModuleBuilder, mulAdd: MulAdd, g: PanelShape, tail: Tail): void {
  const { K, OC } = g;
  const { width } = panels(g);
  const layout = { aRow: K, aStep: 1, bStep: width, cRow: OC, columns: OC, tail } as const;
  const signature = { rows: 'i32', a: 'i32', packed: 'i32', c: 'i32', bias: 'i32' } as const;
  module.func('kernel', signature, (f, { rows, a, packed, c, bias }) => {
    const [column, row, aBlock, cBlock, biasBlock] = f.locals('i32', 5);
    const depth = f.local('i32', K);
    // for each panel: for each block of rows
    overlappingBlocks(f, column, { count: OC, size: width, bytes: FLOAT }, () => {
      biasBlock.set(i32.add(bias, column));
      overlappingBlocks(f, row, { count: rows, size: BLOCK_ROWS, bytes: 1 }, () => {
        aBlock.set(i32.add(a, i32.mul(row, K * FLOAT)));
        cBlock.set(i32.add(i32.add(c, column), i32.mul(row, OC * FLOAT)));
        emitBlock(f, mulAdd, width / 4, layout, depth, aBlock, packed, cBlock, biasBlock);
      });
      packed.advance(K * width * FLOAT);
    });
  });
}
