/**
 * Weight gradient of convolutions of 1×1, with strides or without: dw [C, OC] = xᵀ·dy over all pixels of all samples.
 *
 * As they lie, a block's 4 channels of x and its 8 filters of dy stand in a cache line of their own for each pixel, and those lines are far
 * apart, often at distances of which the first cache holds few. So pixels go by in chunks, of which x is packed [C/4, pixels, 4], and dy
 * [pixels, 8] for 8 filters at a time. dw's sums are stored between chunks. With strides, the pixels that are read are copied side by side first.
 *
 * Measured (Node 20, one thread, AMD Zen 4, 8 samples, in turns; registers alone give 44 to 47 GFLOP/s): on MobileNetV2's layers of 7×7 and 14×14
 * 37 to 43 GFLOP/s (32 to 38 with dy alone packed), on ResNet50's strided ones 35 to 42 (8 to 25 in the image, as other kernels are done). With
 * less than 32 channels, on 56×56 and 112×112, nothing is gained: 26 to 30. Chunks of half and of twice the size are as fast.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry } from '../geometry.ts';
import type { ModuleBuilder } from './assembler.ts';
import { FLOAT, PANEL } from './blocks.ts';
import type { MulAdd, SimdCompiler } from './compiler.ts';
import { isPointwise } from './conv2d-product.ts';
import { i32 } from './instructions.ts';
import { BLOCK_ROWS, emitBlock, type ProductLayout } from './matmul.ts';
import { emitPackColumns } from './panels.ts';

/** Numbers of x in a chunk, 256 KB: a part of the second cache. */
const CHUNK = 65_536;
const FEWEST_PIXELS = 64;
const MOST_PIXELS = 256;

/** Kernels of 1×1 whose channels and filters fill blocks. */
export function isPacked({ KH, KW, C, OC }: Conv2dGeometry): boolean {
  return KH === 1 && KW === 1 && C % BLOCK_ROWS === 0 && OC % PANEL === 0;
}

/** Pixels of a chunk. */
function chunkPixels({ C }: Conv2dGeometry): number {
  return Math.floor(Math.min(MOST_PIXELS, Math.max(FEWEST_PIXELS, CHUNK / C)));
}

/** Elements of scratch: [ a chunk of x, packed | and of dy | with strides, the chunk's pixels side by side ] */
export function packedScratch(g: Conv2dGeometry): number {
  return isPacked(g) ? chunkPixels(g) * (2 * g.C + PANEL) : 0;
}

/** dw from dy, an address; where `isPacked`. */
export function packedWeightGradient(
  simd: SimdCompiler,
  g: Conv2dGeometry,
  N: number,
  x: FloatArray,
  dyAt: number,
  dw: FloatArray,
  scratch: FloatArray,
): void {
  const { C, OC, P } = g;
  const chunk = chunkPixels(g);
  const [packed, dwAt] = [simd.address(scratch), simd.address(dw.fill(0, 0, C * OC))];
  const side = scratch.subarray(chunk * (C + PANEL));
  const add = simd.kernel(`pointwiseDw ${C} ${OC}`, (module) =>
    emitWeightGradient(module, simd.mulAdd, C, OC),
  );
  for (let row = 0; row < N * P; row += chunk) {
    const rows = Math.min(chunk, N * P - row);
    const pixels = isPointwise(g) ? x.subarray(row * C) : gather(g, x, row, rows, side);
    add(rows, simd.address(pixels), dyAt + row * OC * FLOAT, dwAt, packed);
  }
}

/** The pixels of x [N, H, W, C] that `rows` rows of y [N·OH·OW, OC] read, from number `first` on, side by side. */
function gather(
  { C, H, W, SH, SW, OW, P }: Conv2dGeometry,
  x: FloatArray,
  first: number,
  rows: number,
  side: FloatArray,
): FloatArray {
  for (let r = 0; r < rows; r++) {
    const [n, p] = [Math.floor((first + r) / P), (first + r) % P];
    const pixel = (n * H + Math.floor(p / OW) * SH) * W + (p % OW) * SW;
    side.set(x.subarray(pixel * C, (pixel + 1) * C), r * C);
  }
  return side;
}

/** kernel(rows, x, dy, dw, packed): dw [C, OC] += xᵀ·dy, of x [rows, C] and dy [rows, OC]; C is a multiple of 4, OC of 8. */
function emitWeightGradient(module: ModuleBuilder, mulAdd: MulAdd, C: number, OC: number): void {
  const layout: ProductLayout = {
    ...{ aRow: 1, aStep: BLOCK_ROWS, bStep: PANEL, cRow: OC, columns: PANEL },
    ...{ tail: 'none', goesOn: true },
  };
  const signature = { rows: 'i32', x: 'i32', dy: 'i32', dw: 'i32', packed: 'i32' } as const;
  module.func('kernel', signature, (f, { rows, x, dy, dw, packed }) => {
    const [channel, filter, xBlock, dyBlock, dwBlock] = f.locals('i32', 5);
    const blockBytes = f.local('i32', i32.mul(rows, BLOCK_ROWS * FLOAT));
    // x, four channels side by side
    dyBlock.set(packed);
    f.for(channel, 0, C, BLOCK_ROWS, () => {
      emitPackColumns(f, BLOCK_ROWS, C, rows, i32.add(x, i32.shl(channel, 2)), dyBlock);
      dyBlock.set(i32.add(dyBlock, blockBytes));
    });
    // for each 8 filters: for each 4 channels
    f.for(filter, 0, OC, PANEL, () => {
      emitPackColumns(f, PANEL, OC, rows, i32.add(dy, i32.shl(filter, 2)), dyBlock);
      xBlock.set(packed);
      dwBlock.set(i32.add(dw, i32.shl(filter, 2)));
      f.for(channel, 0, C, BLOCK_ROWS, () => {
        emitBlock(f, mulAdd, PANEL / 4, layout, rows, xBlock, dyBlock, dwBlock, dwBlock);
        xBlock.set(i32.add(xBlock, blockBytes));
        dwBlock.advance(BLOCK_ROWS * OC * FLOAT);
      });
    });
  });
}
