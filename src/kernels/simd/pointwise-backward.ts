/**
 * Backward pass of convolutions of 1×1: matrix products over all pixels of all samples, dw = xᵀ·dy and dx = dy·wᵀ.
 *
 * As they lie, a block's 4 channels of x, and its 8 filters of dy or channels of w, are in a cache line of their own for each term
 * of its sums, and those lines are far apart, often at distances of which the first cache holds few. So all are packed side by side:
 *
 *   dx   wᵀ in panels of 8 channels, as in the forward pass (conv2d-product.ts).
 *   dw   pixels go by in chunks, of which x is packed [C/4, pixels, 4], and dy [pixels, 8] for 8 filters at a time. dw's sums are
 *        stored between chunks.
 *
 * Measured on MobileNetV2's and ResNet's shapes (Node 20, one thread, AMD Zen 4, 8 samples, in turns; registers alone give 44 to 47
 * GFLOP/s): on 7×7 and 14×14 dw runs at 37 to 43 GFLOP/s (32 to 38 with dy alone packed), dx at 42 to 44 (31 to 44 with wᵀ as it lies).
 * With less than 32 channels, on 56×56 and 112×112, dw gains nothing: 26 to 30. Chunks of half and of twice the size are as fast.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry } from '../geometry.ts';
import type { FunctionBuilder, Local, ModuleBuilder } from './assembler.ts';
import { FLOAT, PANEL, transposeKernel, VECTOR } from './blocks.ts';
import { columnSums } from './column-sums.ts';
import type { MulAdd, SimdCompiler } from './compiler.ts';
import { productWithPanels } from './conv2d-product.ts';
import { i32, type Value, v128 } from './instructions.ts';
import { BLOCK_ROWS, emitBlock, type ProductLayout, product } from './matmul.ts';
import { type PanelShape, packTransposed, panelSize } from './panels.ts';

/** Numbers of x in a chunk, 256 KB: a part of the second cache. */
const CHUNK = 65_536;
const FEWEST_PIXELS = 64;
const MOST_PIXELS = 256;

/** Pixels of a chunk. */
function chunkPixels({ C }: Conv2dGeometry): number {
  return Math.min(MOST_PIXELS, Math.max(FEWEST_PIXELS, Math.floor(CHUNK / C)));
}

/** Elements of scratch: [ wT in panels | or a chunk of x, and of dy ] */
export function pointwiseBackwardScratch(g: Conv2dGeometry): number {
  return g.C < 4 ? 0 : Math.max(panelSize({ K: g.OC, OC: g.C }), chunkPixels(g) * (g.C + PANEL));
}

/** See Kernels.conv2dBackward; for at least 4 channels and 4 filters. */
export function pointwiseBackward(
  simd: SimdCompiler,
  g: Conv2dGeometry,
  N: number,
  x: FloatArray,
  w: FloatArray,
  dy: FloatArray,
  dw: FloatArray | null,
  db: FloatArray | null,
  dx: FloatArray | null,
  scratch: FloatArray,
): void {
  const { C, OC } = g;
  const rows = N * g.P;
  const dyAt = simd.address(dy);
  if (dw) weightGradient(simd, g, rows, x, dy, dw, scratch);
  if (db) columnSums(simd, OC)(rows, dyAt, simd.address(db));
  if (dx)
    inputGradient(
      simd,
      { K: OC, OC: C },
      rows,
      dyAt,
      simd.address(w),
      simd.address(dx),
      simd.address(scratch),
    );
}

/** dx [rows, C] = dy·wᵀ; wᵀ [OC, C] is `shape`. */
function inputGradient(
  simd: SimdCompiler,
  shape: PanelShape,
  rows: number,
  dy: number,
  w: number,
  dx: number,
  packed: number,
): void {
  const { K, OC: C } = shape;
  if (rows < BLOCK_ROWS) {
    transposeKernel(simd, C, K)(w, packed);
    const layout = { aRow: K, aStep: 1, bStep: C, cRow: C, columns: C, tail: 'none' } as const;
    product(simd, layout)(rows, K, dy, packed, dx, 0);
    return;
  }
  packTransposed(simd, shape)(w, packed);
  productWithPanels(simd, shape, 'none')(rows, dy, packed, dx, 0);
}

/** dw [C, OC] = xᵀ·dy, rows ascending. */
function weightGradient(
  simd: SimdCompiler,
  g: Conv2dGeometry,
  rows: number,
  x: FloatArray,
  dy: FloatArray,
  dw: FloatArray,
  scratch: FloatArray,
): void {
  const { C, OC } = g;
  const [xAt, dyAt, dwAt] = [simd.address(x), simd.address(dy), simd.address(dw)];
  if (C % BLOCK_ROWS !== 0 || OC % PANEL !== 0) {
    const layout = { aRow: 1, aStep: C, bStep: OC, cRow: OC, columns: OC, tail: 'none' } as const;
    product(simd, layout)(C, rows, xAt, dyAt, dwAt, 0);
    return;
  }
  dw.fill(0, 0, C * OC);
  const add = simd.kernel(`pointwise weight gradient ${C} ${OC}`, (module) =>
    emitWeightGradient(module, simd.mulAdd, C, OC),
  );
  const [chunk, packed] = [chunkPixels(g), simd.address(scratch)];
  for (let row = 0; row < rows; row += chunk) {
    add(Math.min(chunk, rows - row), xAt + row * C * FLOAT, dyAt + row * OC * FLOAT, dwAt, packed);
  }
}

/** kernel(rows, x, dy, dw, packed): dw [C, OC] += xᵀ·dy, of x [rows, C] and dy [rows, OC]; C is a multiple of 4, OC of 8. */
function emitWeightGradient(module: ModuleBuilder, mulAdd: MulAdd, C: number, OC: number): void {
  const layout: ProductLayout = {
    ...{ aRow: 1, aStep: BLOCK_ROWS, bStep: PANEL, cRow: OC, columns: PANEL },
    ...{ tail: 'none', goesOn: true },
  };
  const signature = { rows: 'i32', x: 'i32', dy: 'i32', dw: 'i32', packed: 'i32' } as const;
  module.func('kernel', signature, (f, { rows, x, dy, dw, packed }) => {
    const [channel, filter, xBlock, dwBlock] = f.locals('i32', 4);
    const blockBytes = f.local('i32', i32.mul(rows, BLOCK_ROWS * FLOAT));
    const dyPacked = f.local('i32', i32.add(packed, i32.mul(rows, C * FLOAT)));
    emitPackChannels(f, C, rows, x, packed, blockBytes);
    // for each 8 filters: for each 4 channels
    f.for(filter, 0, OC, PANEL, () => {
      emitPackFilters(f, OC, rows, i32.add(dy, i32.shl(filter, 2)), dyPacked);
      xBlock.set(packed);
      dwBlock.set(i32.add(dw, i32.shl(filter, 2)));
      f.for(channel, 0, C, BLOCK_ROWS, () => {
        emitBlock(f, mulAdd, PANEL / 4, layout, rows, xBlock, dyPacked, dwBlock, dwBlock);
        xBlock.set(i32.add(xBlock, blockBytes));
        dwBlock.advance(BLOCK_ROWS * OC * FLOAT);
      });
    });
  });
}

/** x [rows, C] → packed [C/4, rows, 4], up to 16 channels, which are one cache line, at a time. */
function emitPackChannels(
  f: FunctionBuilder,
  C: number,
  rows: Local<'i32'>,
  x: Local<'i32'>,
  packed: Local<'i32'>,
  blockBytes: Local<'i32'>,
): void {
  const blocks = [4, 2, 1].find((count) => C % (count * BLOCK_ROWS) === 0) ?? 1;
  const ends = Array.from({ length: blocks }, () => f.local('i32'));
  const [channel, from, left] = f.locals('i32', 3);
  const block = f.local('i32', packed);
  f.for(channel, 0, C, blocks * BLOCK_ROWS, () => {
    for (const end of ends) {
      end.set(block);
      block.set(i32.add(block, blockBytes));
    }
    from.set(i32.add(x, i32.shl(channel, 2)));
    left.set(rows);
    f.while(left, () => {
      for (const [b, end] of ends.entries()) {
        f.store(end, 0, v128.load(from, b * VECTOR));
        end.advance(VECTOR);
      }
      from.advance(C * FLOAT);
      left.advance(-1);
    });
  });
}

/** PANEL filters of dy [rows, OC] → packed [rows, PANEL]. */
function emitPackFilters(
  f: FunctionBuilder,
  OC: number,
  rows: Local<'i32'>,
  dy: Value<'i32'>,
  packed: Local<'i32'>,
): void {
  const [from, to, left] = [f.local('i32', dy), f.local('i32', packed), f.local('i32', rows)];
  f.while(left, () => {
    for (let v = 0; v < PANEL / 4; v++) f.store(to, v * VECTOR, v128.load(from, v * VECTOR));
    from.advance(OC * FLOAT);
    to.advance(PANEL * FLOAT);
    left.advance(-1);
  });
}
