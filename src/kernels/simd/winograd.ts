/**
 * Winograd's F(2×2, 3×3) in SIMD; the method and its matrices stand in plain/winograd.ts.
 *
 * A chunk is some rows of tiles, about a dozen tiles, whose numbers stay near the registers on their way through three
 * passes (winograd-passes.ts): the input's transform, sixteen matrix products, the output's transform with bias, ReLU and
 * pooling. The last two alternate over panels of 8 output channels, so that M is small. The filters are transformed once a
 * call into panels [⌈OC/8⌉, 16, C, 8], which the products read without gaps.
 *
 * Additions are rounded one by one in the order of plain/winograd.ts, so strict mode has its bits.
 *
 * Measured (bench/kernels.mjs, Node 20, one thread, a batch of 128): the experiment's second layer with its pooling in
 * 14.8 ms, which is 91 GFLOP/s of the direct way's operations; that takes 27 ms in the same run. fma gains nothing.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { Kernels, Rectifier } from '../kernels.ts';
import { plainInARow } from '../plain/common.ts';
import type { ModuleBuilder } from './assembler.ts';
import { FLOAT, overlappingBlocks, VECTOR } from './blocks.ts';
import type { MulAdd, SimdCompiler } from './compiler.ts';
import { geometryKey } from './conv2d-forward.ts';
import { f32x4, i32, type Value, v128 } from './instructions.ts';
import { isUnpadded, paddedGeometry, paddedSize, padImage } from './padding.ts';
import { InputPass, OutputPass, PANEL, PLACES, ProductPass, type Tiling } from './winograd-passes.ts';

type WinogradKernels = Pick<Kernels, 'winogradScratch' | 'winogradForward' | 'winogradPoolForward'>;

/** A chunk has so many tiles where the image does: with fewer U would be read too often, with more V leaves the cache. */
const CHUNK_TILES = 12;
/** Images of so few tiles are one chunk. (As two of 12, of which some are computed twice, 7×7 outputs took 1.5 times as long.) */
const MOST_TILES = 16;

/** The arrays of a call; `choice` is null without pooling. */
interface Arrays {
  readonly x: FloatArray;
  readonly w: FloatArray;
  readonly b: FloatArray;
  readonly y: FloatArray;
  readonly choice: Uint8Array | null;
  readonly scratch: FloatArray;
}

export function winogradKernels(
  simd: SimdCompiler,
  maxPool2dForward: Kernels['maxPool2dForward'],
): WinogradKernels {
  function run(tiling: Tiling, N: number, relu: Rectifier, arrays: Arrays): void {
    const { x, w, b, y, choice, scratch } = arrays;
    const parts = scratchParts(tiling);
    const u = simd.address(scratch);
    filters(simd, tiling)(simd.address(w), u);
    const key = `winograd ${geometryKey(tiling.padded)} ${tiling.OH} ${tiling.OW} ${choice !== null} ${relu}`;
    const kernel = simd.kernel(key, (module) =>
      emitWinograd(module, simd.mulAdd, tiling, choice !== null, relu),
    );
    const [xAt, bAt, yAt] = [simd.address(x), simd.address(b), simd.address(y)];
    const choiceAt = choice ? simd.address(choice) : 0;
    const v = u + parts.v * FLOAT;
    const m = u + parts.m * FLOAT;
    if (isUnpadded(tiling.covered)) {
      kernel(N, xAt, u, v, m, bAt, yAt, choiceAt);
      return;
    }
    const image = scratch.subarray(parts.image, parts.end);
    const outputSize = (choice ? tiling.TH * tiling.TW : tiling.OH * tiling.OW) * tiling.OC;
    for (let n = 0; n < N; n++) {
      padImage(tiling.covered, x, n, image);
      const out = n * outputSize;
      kernel(1, simd.address(image), u, v, m, bAt, yAt + out * FLOAT, choiceAt + out);
    }
  }

  const winogradForward: Kernels['winogradForward'] = (g, N, x, w, b, relu, y, scratch) => {
    if (!suits(g)) return plainInARow.winogradForward(g, N, x, w, b, relu, y, scratch);
    run(outputTiling(g), N, relu, { x, w, b, y, choice: null, scratch });
  };

  return {
    winogradScratch(g, pool) {
      if (!suits(g)) return plainInARow.winogradScratch(g, pool);
      const unpooled = scratchParts(outputTiling(g)).end;
      if (!pool) return unpooled;
      return isWindow(pool)
        ? Math.max(unpooled, scratchParts(windowTiling(g, pool)).end)
        : unpooled + g.P * g.OC;
    },

    winogradForward,

    winogradPoolForward(g, pool, N, x, w, b, relu, y, choice, scratch) {
      if (!suits(g)) {
        return plainInARow.winogradPoolForward(g, pool, N, x, w, b, relu, y, choice, scratch);
      }
      if (isWindow(pool)) return run(windowTiling(g, pool), N, relu, { x, w, b, y, choice, scratch });
      // One sample at a time: its convolution's output stays in the cache.
      const at = scratchParts(outputTiling(g)).end;
      const convolved = scratch.subarray(at, at + g.P * g.OC);
      const [inputSize, outputSize] = [g.H * g.W * g.C, pool.OH * pool.OW * pool.C];
      for (let n = 0; n < N; n++) {
        const sample = x.subarray(n * inputSize, (n + 1) * inputSize);
        const [from, to] = [n * outputSize, (n + 1) * outputSize];
        winogradForward(g, 1, sample, w, b, relu, convolved, scratch);
        maxPool2dForward(pool, 1, convolved, y.subarray(from, to), choice.subarray(from, to));
      }
    },
  };
}

/** Lanes go across four input channels and eight output channels; fewer are left to the plain kernels. */
function suits(g: Conv2dGeometry): boolean {
  return g.C >= 4 && g.OC >= PANEL;
}

/** Whether a tile is a window: pooling then is fused in. */
function isWindow(pool: PoolGeometry): boolean {
  return pool.KH === 2 && pool.KW === 2 && pool.SH === 2 && pool.SW === 2;
}

// ---- tiles ---------------------------------------------------------------------------------------------------------

/** Tiles for the whole output. */
function outputTiling(g: Conv2dGeometry): Tiling {
  return tilingOf(g, Math.ceil(g.OH / 2), Math.ceil(g.OW / 2));
}

/** A tile for each window: rows and columns that fill none aren't computed. */
function windowTiling(g: Conv2dGeometry, pool: PoolGeometry): Tiling {
  return tilingOf(g, pool.OH, pool.OW);
}

function tilingOf(g: Conv2dGeometry, TH: number, TW: number): Tiling {
  const covered = { ...g, OH: 2 * TH, OW: 2 * TW };
  const rows = rowsOfChunk(TH, TW);
  const count = rows * TW;
  // Places a multiple of the cache's size apart would push each other out; a line between them prevents it.
  const slice = count * g.C + 16;
  const { C, OC, OH, OW } = g;
  return { covered, padded: paddedGeometry(covered), C, OC, OH, OW, TH, TW, rows, count, slice };
}

/** Rows of tiles that a chunk has; the last one of an image may have fewer. */
function rowsOfChunk(TH: number, TW: number): number {
  return TH * TW <= MOST_TILES ? TH : Math.ceil(CHUNK_TILES / TW);
}

/** Where the parts of scratch begin, in elements: [ U | V of a chunk | M of a chunk and panel | a padded sample ]. */
function scratchParts({ covered, C, OC, slice, count }: Tiling) {
  const v = Math.ceil(OC / PANEL) * PLACES * C * PANEL;
  const m = v + PLACES * slice;
  const image = m + PLACES * count * PANEL;
  return { v, m, image, end: image + paddedSize(covered) };
}

// ---- kernels -------------------------------------------------------------------------------------------------------

/** kernel(w, u): w [3, 3, C, OC] → u [panels, 16, C, 8] = G·g·Gᵀ. */
function filters(simd: SimdCompiler, { C, OC }: Tiling) {
  return simd.kernel(`winograd filters ${C} ${OC}`, (module) =>
    module.func('kernel', { w: 'i32', u: 'i32' }, (f, { w, u }) => {
      const [column, row, c] = f.locals('i32', 3);
      const [g0, g1, g2, outer] = f.locals('v128', 4);
      const oneHalf = f.local('v128', f32x4.splat(0.5));
      // G·g, [4, 3]
      const half = f.locals('v128', 12);
      const place = C * PANEL * FLOAT;
      /** G times three vectors. */
      const transform = (from: readonly Value<'v128'>[], set: (i: number, value: Value<'v128'>) => void) => {
        [g0, g1, g2].forEach((g, i) => {
          g.set(from[i]);
        });
        outer.set(f32x4.add(g0, g2));
        set(0, g0);
        set(1, f32x4.mul(oneHalf, f32x4.add(outer, g1)));
        set(2, f32x4.mul(oneHalf, f32x4.sub(outer, g1)));
        set(3, g2);
      };
      // for each panel: for each input channel: for both vectors
      overlappingBlocks(f, column, { count: OC, size: PANEL, bytes: FLOAT }, () => {
        row.set(i32.add(w, column));
        f.for(c, 0, C, 1, () => {
          for (let v = 0; v < PANEL / 4; v++) {
            for (let kw = 0; kw < 3; kw++) {
              const column = [0, 1, 2].map((kh) =>
                v128.load(row, (3 * kh + kw) * C * OC * FLOAT + v * VECTOR),
              );
              transform(column, (i, value) => half[3 * i + kw].set(value));
            }
            for (let i = 0; i < 4; i++) {
              transform(half.slice(3 * i, 3 * i + 3), (j, value) =>
                f.store(u, (4 * i + j) * place + v * VECTOR, value),
              );
            }
          }
          row.advance(OC * FLOAT);
          u.advance(PANEL * FLOAT);
        });
        u.advance((PLACES - 1) * place);
      });
    }),
  );
}

/** kernel(N, x, u, v, m, bias, y, choice): x [N, H, W, C] → y [N, OH, OW, OC], or pooled y and choice [N, TH, TW, OC]. */
function emitWinograd(
  module: ModuleBuilder,
  mulAdd: MulAdd,
  tiling: Tiling,
  isPooled: boolean,
  relu: Rectifier,
): void {
  const { padded, OC, TH, TW, rows, C } = tiling;
  const signature = {
    samples: 'i32',
    x: 'i32',
    u: 'i32',
    v: 'i32',
    m: 'i32',
    bias: 'i32',
    y: 'i32',
    choice: 'i32',
  } as const;
  module.func('kernel', signature, (f, { samples, x, u, v, m, bias, y, choice }) => {
    const [row, channel, panel, out] = f.locals('i32', 4);
    const outputSize = (isPooled ? TH * TW : tiling.OH * tiling.OW) * OC;
    const input = new InputPass(f, tiling);
    /** The three passes of so many rows of tiles, from `row` on. */
    const chunk = (some: number): void => {
      const part = { ...tiling, rows: some, count: some * TW };
      const product = new ProductPass(f, mulAdd, part);
      const output = new OutputPass(f, part, isPooled ? { y, choice } : { y }, relu);
      input.emit(i32.add(x, i32.mul(row, 2 * padded.W * C * FLOAT)), v, some);
      panel.set(u);
      // for each panel of output channels
      overlappingBlocks(f, channel, { count: OC, size: PANEL, bytes: 1 }, () => {
        product.emit(v, panel, m);
        output.emit(m, i32.add(bias, i32.shl(channel, 2)), row, i32.add(out, channel));
        panel.advance(PLACES * C * PANEL * FLOAT);
      });
    };
    const left = TH % rows;
    // for each sample: for each chunk, from its row of tiles on; the last one may have fewer
    out.set(0);
    f.while(samples, () => {
      f.for(row, 0, TH - left, rows, () => chunk(rows));
      if (left > 0) chunk(left);
      x.advance(padded.H * padded.W * C * FLOAT);
      out.advance(outputSize);
      samples.advance(-1);
    });
  });
}
