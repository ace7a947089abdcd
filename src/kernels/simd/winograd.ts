/**
 * Winograd's F(2×2, 3×3) in SIMD; the method and its matrices are in plain/winograd.ts.
 *
 * A chunk is some rows of tiles, about a dozen tiles, whose numbers stay in the caches on their way through three passes
 * (winograd-passes.ts): the input's transform, sixteen matrix products, the output's transform with bias, ReLU and pooling. The
 * filters come as U, each place's in panels of 8 output channels (winograd-filters.ts). Where U is larger than the caches, a chunk has
 * more tiles, of several samples where these are small, so that U is read less often.
 *
 * Additions are rounded one by one in the order of plain/winograd.ts, so strict mode has its bits.
 *
 * Measured (bench/kernels.mjs, Node 20, one thread, a batch of 128): the experiment's second layer with its pooling in
 * 14.8 ms, which is 91 GFLOP/s of the direct way's operations; that takes 27 ms in the same run. fma gains nothing.
 * Place by place, all panels of each, instead of panel by panel, all places of each: 0.91 to 0.97 of the time (8 samples of 16×16, 64
 * channels; of 8×8, 128; of 56×56, 64). With larger chunks, 512 to 512 channels: 55 → 69 GFLOP/s of the direct way's on 7×7, 61 → 84 on
 * 14×14, 64 → 90 on 28×28.
 */
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { Kernels, Rectifier } from '../kernels.ts';
import { plainInARow } from '../plain/common.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { geometryKey } from './conv2d-forward.ts';
import { type ChunkArrays, chunkParts, emitChunks, runChunks, suits, tiles } from './winograd-chunks.ts';
import { InputPass, OutputPass, PLACES, type Tiling } from './winograd-passes.ts';

type WinogradKernels = Pick<Kernels, 'winogradScratch' | 'winogradForward' | 'winogradPoolForward'>;

/** A chunk has so many tiles where the image does: with fewer U would be read too often, with more V leaves the cache. */
const CHUNK_TILES = 12;
/** Images of so few tiles are one chunk. (As two of 12, of which some are computed twice, 7×7 outputs took 1.5 times as long.) */
const MOST_TILES = 16;

export function winogradKernels(
  simd: SimdCompiler,
  maxPool2dForward: Kernels['maxPool2dForward'],
): WinogradKernels {
  function run(tiling: Tiling, N: number, relu: Rectifier, arrays: ChunkArrays): void {
    const { choice } = arrays;
    const shape = `${geometryKey(tiling.padded)} ${tiling.OH} ${tiling.OW}`;
    const kernelOf = (part: Tiling): Kernel =>
      simd.kernel(`winograd ${shape} ${part.samples} ${choice !== null} ${relu}`, (module) =>
        emitChunks(module, simd.mulAdd, part, {
          input: (f) => new InputPass(f, part),
          output: (f, rows, at) => new OutputPass(f, rows, choice ? at : { y: at.y }, relu),
        }),
      );
    runChunks(simd, kernelOf, tiling, N, arrays);
  }

  const winogradForward: Kernels['winogradForward'] = (g, N, x, u, b, relu, y, scratch) => {
    if (!suits(g)) return plainInARow.winogradForward(g, N, x, u, b, relu, y, scratch);
    run(outputTiling(g), N, relu, { x, u, b, y, choice: null, room: scratch });
  };

  return {
    winogradScratch(g, pool) {
      if (!suits(g)) return plainInARow.winogradScratch(g, pool);
      const unpooled = chunkParts(outputTiling(g)).end;
      if (!pool) return unpooled;
      return isWindow(pool)
        ? Math.max(unpooled, chunkParts(windowTiling(g, pool)).end)
        : unpooled + g.P * g.OC;
    },

    winogradForward,

    winogradPoolForward(g, pool, N, x, u, b, relu, y, choice, scratch) {
      if (!suits(g)) {
        return plainInARow.winogradPoolForward(g, pool, N, x, u, b, relu, y, choice, scratch);
      }
      if (isWindow(pool)) return run(windowTiling(g, pool), N, relu, { x, u, b, y, choice, room: scratch });
      // One sample at a time: its convolution's output stays in the cache.
      const at = chunkParts(outputTiling(g)).end;
      const convolved = scratch.subarray(at, at + g.P * g.OC);
      const [inputSize, outputSize] = [g.H * g.W * g.C, pool.OH * pool.OW * pool.C];
      for (let n = 0; n < N; n++) {
        const sample = x.subarray(n * inputSize, (n + 1) * inputSize);
        const [from, to] = [n * outputSize, (n + 1) * outputSize];
        winogradForward(g, 1, sample, u, b, relu, convolved, scratch);
        maxPool2dForward(pool, 1, convolved, y.subarray(from, to), choice.subarray(from, to));
      }
    },
  };
}

/** Whether a tile is a window: pooling then is fused in. */
function isWindow(pool: PoolGeometry): boolean {
  return pool.KH === 2 && pool.KW === 2 && pool.SH === 2 && pool.SW === 2;
}

// ---- tiles ---------------------------------------------------------------------------------------------------------

/** Tiles for the whole output. */
function outputTiling(g: Conv2dGeometry): Tiling {
  return tilingOf(g, Math.ceil(g.OH / 2), Math.ceil(g.OW / 2), g.P * g.OC);
}

/** A tile for each window: rows and columns that fill none aren't computed. */
function windowTiling(g: Conv2dGeometry, pool: PoolGeometry): Tiling {
  return tilingOf(g, pool.OH, pool.OW, pool.OH * pool.OW * pool.C);
}

function tilingOf(g: Conv2dGeometry, TH: number, TW: number, outputSize: number): Tiling {
  return tiles(g, { edge: 2, places: PLACES, TH, TW, rows: rowsOfChunk(TH, TW), outputSize });
}

/** Rows of tiles that a chunk has; the last one of an image may have fewer. */
function rowsOfChunk(TH: number, TW: number): number {
  return TH * TW <= MOST_TILES ? TH : Math.ceil(CHUNK_TILES / TW);
}
