/**
 * The dense layer by blocks of registers (matmul.ts), where most factors aren't zero.
 *
 * A large layer's weights and inputs don't fit the caches, and rows that are a power of two long fall on few lines of them. So each
 * product is cut into tiles that do fit, copied so that their rows are neighbours:
 *
 *   forward   TILE_INPUTS inputs at a time, 8 outputs of them: y [N, 8] += x's columns times w's tile, copied, [256, 8]
 *   dx        32 inputs at a time: dy times w's 32 rows, transposed, [O, 32]
 *   dw        dy in panels of 8 outputs, [O/8, N, 8]; 32 inputs at a time: x's tile [N, 32], copied, transposed by its strides, times each
 *
 * A sum that is stored after one tile and taken up with the next is the same sum. Scratch holds one tile, and for dw the panels.
 *
 * Measured (Node 20, one thread, AMD Zen 4 of 47 GFLOP/s from registers, 128 samples, 4608 → 128, nothing zero, in turns): forward
 * 3.8 ms, 40 GFLOP/s, 0.85 of the time that w takes as it lies; dx 3.8; dw 3.9, 0.97 of dy as it lies. Lists (dense-sparse.ts) take as
 * long where 64 % of the inputs aren't zero (forward), 84 % of the gradients (dx) or 70 % (dw); in other layers 60 to 80 %.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Rectifier } from '../kernels.ts';
import { FLOAT, PANEL, transposeKernel, VECTOR } from './blocks.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { i32, v128 } from './instructions.ts';
import { product } from './matmul.ts';

/** Inputs of a tile in the forward pass: w's is 8 KB, and four rows of x are 4 KB. */
const TILE_INPUTS = 256;
/** Inputs of a tile in the backward pass. */
const TILE_ROWS = 32;

/** Elements of scratch. */
export const denseProductScratch = (N: number, O: number): number =>
  Math.max(PANEL * TILE_INPUTS, N * (TILE_ROWS + O), O * TILE_ROWS);

/** y [N, O] = relu(x·w + b), or without ReLU, or with ReLU6 */
export function forwardByProduct(
  simd: SimdCompiler,
  [N, I, O]: readonly [number, number, number],
  x: FloatArray,
  w: FloatArray,
  b: FloatArray,
  relu: Rectifier,
  y: FloatArray,
  scratch: FloatArray,
): void {
  const [xAt, wAt, bAt, yAt, panel] = [x, w, b, y, scratch].map((array) => simd.address(array));
  const layout = { aRow: I, aStep: 1, bStep: PANEL, cRow: O, columns: PANEL } as const;
  const copy = copyKernel(simd, O, PANEL);
  for (let i = 0; i < I; i += TILE_INPUTS) {
    const inputs = Math.min(TILE_INPUTS, I - i);
    const tail = i + inputs < I ? 'none' : relu;
    const multiply = product(simd, { ...layout, tail, goesOn: i > 0 });
    for (let o = 0; o < O; o += PANEL) {
      copy(inputs, PANEL, wAt + (i * O + o) * FLOAT, panel);
      multiply(N, inputs, xAt + i * FLOAT, panel, yAt + o * FLOAT, bAt + o * FLOAT);
    }
  }
}

/** dx [N, I] = dy·wᵀ; +0 where `alive` is given and 0. I ≥ 32. */
export function inputByProduct(
  simd: SimdCompiler,
  [N, I, O]: readonly [number, number, number],
  dy: FloatArray,
  w: FloatArray,
  alive: FloatArray | null,
  dx: FloatArray,
  scratch: FloatArray,
): void {
  const [dyAt, wAt, dxAt, tile] = [dy, w, dx, scratch].map((array) => simd.address(array));
  const aliveAt = alive ? simd.address(alive) : 0;
  const transpose = transposeKernel(simd, TILE_ROWS, O);
  const layout = { aRow: O, aStep: 1, bStep: TILE_ROWS, cRow: I, columns: TILE_ROWS } as const;
  const multiply = product(simd, { ...layout, tail: alive ? 'alive' : 'none' });
  eachTile(I, (i) => {
    transpose(wAt + i * O * FLOAT, tile);
    multiply(N, O, dyAt, tile, dxAt + i * FLOAT, aliveAt + i * FLOAT);
  });
}

/** `rows` ≥ 32 rows of dw [rows, O] = xᵀ·dy, x and dw beginning (in bytes) with the first of them. */
export function weightsByProduct(
  simd: SimdCompiler,
  [N, I, O]: readonly [number, number, number],
  rows: number,
  xAt: number,
  dy: FloatArray,
  dwAt: number,
  scratch: FloatArray,
): void {
  const [dyAt, tile] = [simd.address(dy), simd.address(scratch)];
  const panels = tile + N * TILE_ROWS * FLOAT;
  const layout = { aRow: 1, aStep: TILE_ROWS, bStep: PANEL, cRow: O, columns: PANEL, tail: 'none' } as const;
  const multiply = product(simd, layout);
  const copy = copyKernel(simd, I, TILE_ROWS);
  const copyPanel = copyKernel(simd, O, PANEL);
  for (let o = 0; o < O; o += PANEL) copyPanel(N, PANEL, dyAt + o * FLOAT, panels + o * N * FLOAT);
  eachTile(rows, (i) => {
    copy(N, TILE_ROWS, xAt + i * FLOAT, tile);
    for (let o = 0; o < O; o += PANEL) {
      multiply(TILE_ROWS, N, tile, panels + o * N * FLOAT, dwAt + (i * O + o) * FLOAT, 0);
    }
  });
}

/** Calls back for each tile of 32; the last one ends where they end, and what it shares with the one before is computed twice. */
function eachTile(count: number, visit: (first: number) => void): void {
  for (let i = 0; i < count; i += TILE_ROWS) visit(Math.min(i, count - TILE_ROWS));
}

/** kernel(rows, columns, from, to): columns, a multiple of four, of rows `fromRow` numbers apart → rows `toRow` apart. */
function copyKernel(simd: SimdCompiler, fromRow: number, toRow: number): Kernel {
  return simd.kernel(`copyTile ${fromRow} ${toRow}`, (module) => {
    const signature = { rows: 'i32', columns: 'i32', from: 'i32', to: 'i32' } as const;
    module.func('kernel', signature, (f, { rows, columns, from, to }) => {
      const j = f.local('i32');
      const bytes = f.local('i32', i32.mul(columns, FLOAT));
      f.while(rows, () => {
        f.for(j, 0, bytes, VECTOR, () => {
          f.store(i32.add(to, j), 0, v128.load(i32.add(from, j)));
        });
        from.advance(fromRow * FLOAT);
        to.advance(toRow * FLOAT);
        rows.advance(-1);
      });
    });
  });
}
