/**
 * Winograd's backward pass in SIMD; the method and its matrices are in plain/winograd-backward.ts.
 *
 *   dx   the forward kernel (winograd.ts) on dy, with U of the turned filters.
 *   dw   chunk by chunk of tiles: V from x, D from dy, then sixteen products S[ξ] += V[ξ]ᵀ·D[ξ]; after the last chunk the way back.
 *   db   sums of columns.
 *
 * A chunk is some rows of tiles, of several samples where those are small: up to CHUNK_TILES. In a product a block of S, 4 channels
 * × 8 filters, stays in eight registers while the chunk's tiles go by; each costs two vectors of D and four numbers of V. Blocks
 * of S are one after the other, [16, ⌈OC/8⌉, ⌈C/4⌉, 4, 8]: each is read and written as it lies, and where channels don't
 * fill the last block, what it shares with the one before it is summed in both.
 *
 * What a block reads of V and D lies side by side too: V is [16, ⌈C/4⌉, tiles, 4], D [16, ⌈OC/8⌉, tiles, 8]. As [16, tiles, C] two
 * tiles' numbers are 2 KB apart with 512 channels: they push each other out of the first cache. (7×7, 512 to 512 channels: dw at
 * 42 → 61 GFLOP/s of the direct way's operations; 14×14, 256 to 256: 70 → 87; up to 128 channels neither gains nor loses.)
 *
 * Additions are rounded one by one in the order of plain/winograd-backward.ts, so strict mode has its bits.
 *
 * Measured (Node 20, one thread, a busy machine, 8 samples of 26×26, 32 to 32 channels): dw in 1.5 ms, dx in 2.1, where the direct
 * kernels take 4.1 and 3.9 in the same run; forward takes 1.6.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import { type Conv2dGeometry, inputGradientGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import type { FunctionBuilder } from './assembler.ts';
import { FLOAT, loadAll, overlappingBlocks, VECTOR } from './blocks.ts';
import { columnSums } from './column-sums.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { geometryKey } from './conv2d-forward.ts';
import { f32x4, i32, type Value, v128 } from './instructions.ts';
import { isUnpadded, paddedGeometry, paddedSize, padImage } from './padding.ts';
import { InputPass, PLACES } from './winograd-passes.ts';

/** Tiles of a chunk: with fewer, blocks of S come and go too often; with more, V and D leave the cache. */
const CHUNK_TILES = 48;

/** A block of S: channels, filters, and its bytes. */
const BLOCK_CHANNELS = 4;
const BLOCK_FILTERS = 8;
const BLOCK_BYTES = BLOCK_CHANNELS * BLOCK_FILTERS * FLOAT;

/** How x and dy are cut into tiles and chunks, and where the parts of scratch begin, in elements. */
interface Tiling {
  readonly C: number;
  readonly OC: number;
  readonly TH: number;
  readonly TW: number;
  /** Rows of tiles that are transformed at a time, and the most tiles of a chunk. */
  readonly rows: number;
  readonly most: number;
  /** The convolution with its output rounded up to whole tiles, and the same without padding. */
  readonly covered: Conv2dGeometry;
  readonly padded: Conv2dGeometry;
  /** dy as the image of a convolution of 1×1 that reaches over all tiles: what padImage is told. */
  readonly gradient: Conv2dGeometry;
  /** Floats from one place's part of V, of D, to the next. */
  readonly vSlice: number;
  readonly dSlice: number;
  /** [ S | V | D | a padded sample of x | a padded sample of dy ] */
  readonly v: number;
  readonly d: number;
  readonly image: number;
  readonly gradientImage: number;
  readonly end: number;
}

function tilingOf(g: Conv2dGeometry): Tiling {
  const { C, OC } = g;
  const [TH, TW] = [Math.ceil(g.OH / 2), Math.ceil(g.OW / 2)];
  const rows = Math.max(1, Math.min(TH, Math.floor(CHUNK_TILES / TW)));
  const most = Math.max(CHUNK_TILES, TW);
  const covered = { ...g, OH: 2 * TH, OW: 2 * TW };
  const unit = { KH: 1, KW: 1, padTop: 0, padLeft: 0, H: g.OH, W: g.OW, C: OC };
  const gradient = { ...covered, ...unit };
  // Places a multiple of the cache's size apart would push each other out; a line between them prevents it.
  const [vSlice, dSlice] = [
    most * BLOCK_CHANNELS * Math.ceil(C / BLOCK_CHANNELS) + 16,
    most * BLOCK_FILTERS * Math.ceil(OC / BLOCK_FILTERS) + 16,
  ];
  const v = (PLACES * blocks(C, OC) * BLOCK_BYTES) / FLOAT;
  const d = v + PLACES * vSlice;
  const image = d + PLACES * dSlice;
  const gradientImage = image + paddedSize(covered);
  const end = gradientImage + paddedSize(gradient);
  const padded = paddedGeometry(covered);
  const parts = { v, d, image, gradientImage, end };
  return { C, OC, TH, TW, rows, most, covered, padded, gradient, vSlice, dSlice, ...parts };
}

/** Blocks of one place of S. */
const blocks = (C: number, OC: number): number =>
  Math.ceil(C / BLOCK_CHANNELS) * Math.ceil(OC / BLOCK_FILTERS);

/** Lanes go across eight filters of dw; fewer of those, or of channels, are left to the plain kernels. */
const suits = (g: Conv2dGeometry): boolean => Math.min(g.C, g.OC) >= BLOCK_FILTERS;

type BackwardKernels = Pick<Kernels, 'winogradBackwardScratch' | 'winogradBackward'>;

/** @param plain for what is left to them */
export function winogradBackwardKernels(
  simd: SimdCompiler,
  plain: BackwardKernels,
  { winogradScratch, winogradForward }: Pick<Kernels, 'winogradScratch' | 'winogradForward'>,
): BackwardKernels {
  /** dw = Gᵀ·S·G, S over the tiles of all samples. */
  function weightGradient(
    tiling: Tiling,
    N: number,
    x: FloatArray,
    dy: FloatArray,
    dw: FloatArray,
    scratch: FloatArray,
  ): void {
    const { C, OC, TH, TW, rows, most, covered, padded, gradient } = tiling;
    const shape = `${geometryKey(padded)} ${TH} ${TW}`;
    const toV = simd.kernel(`winogradInput ${shape}`, (module) =>
      module.func('kernel', { x: 'i32', v: 'i32', rows: 'i32' }, (f, { x, v, rows }) =>
        new InputPass(f, { padded, C, TW, slice: tiling.vSlice }, most).emit(x, v, rows),
      ),
    );
    const toD = gradientPass(simd, tiling);
    const addProducts = productPass(simd, tiling);
    const s = simd.address(scratch);
    const [v, d] = [s + tiling.v * FLOAT, s + tiling.d * FLOAT];
    const xImage = scratch.subarray(tiling.image, tiling.gradientImage);
    const dyImage = scratch.subarray(tiling.gradientImage, tiling.end);
    scratch.fill(0, 0, tiling.v);
    let count = 0;
    for (let n = 0; n < N; n++) {
      const xAt = sampleAt(simd, covered, x, n, xImage);
      const dyAt = sampleAt(simd, gradient, dy, n, dyImage);
      for (let row = 0; row < TH; row += rows) {
        const some = Math.min(rows, TH - row);
        toV(xAt + row * 2 * padded.W * C * FLOAT, v + count * BLOCK_CHANNELS * FLOAT, some);
        toD(dyAt + row * 4 * TW * OC * FLOAT, d + count * BLOCK_FILTERS * FLOAT, some);
        count += some * TW;
        if (count + rows * TW > most) {
          addProducts(v, d, s, count);
          count = 0;
        }
      }
    }
    if (count > 0) addProducts(v, d, s, count);
    wayBack(simd, C, OC)(s, simd.address(dw));
  }

  /** dx = the forward pass on dy, with the filters turned. Scratch: [ zeros | its own ]. */
  function inputGradient(
    g: Conv2dGeometry,
    N: number,
    u: FloatArray,
    dy: FloatArray,
    dx: FloatArray,
    scratch: FloatArray,
  ): void {
    const zeros = scratch.subarray(0, g.C).fill(0);
    winogradForward(inputGradientGeometry(g), N, dy, u, zeros, false, dx, scratch.subarray(g.C));
  }

  return {
    winogradBackwardScratch(g) {
      const forWeights = suits(g) ? tilingOf(g).end : plain.winogradBackwardScratch(g);
      const forInput = g.C + winogradScratch(inputGradientGeometry(g), null);
      return Math.max(forWeights, forInput, g.K * g.OC);
    },

    winogradBackward(g, N, x, u, dy, dw, db, dx, scratch) {
      if (suits(g)) {
        if (db) columnSums(simd, g.OC)(N * g.P, simd.address(dy), simd.address(db));
        if (dw) weightGradient(tilingOf(g), N, x, dy, dw, scratch);
      } else plain.winogradBackward(g, N, x, null, dy, dw, db, null, scratch);
      if (u && dx) inputGradient(g, N, u, dy, dx, scratch);
    },
  };
}

/** Where sample n stands: in `images`, or with a margin of zeros in `image`. */
function sampleAt(
  simd: SimdCompiler,
  g: Conv2dGeometry,
  images: FloatArray,
  n: number,
  image: FloatArray,
): number {
  if (isUnpadded(g)) return simd.address(images) + n * g.H * g.W * g.C * FLOAT;
  padImage(g, images, n, image);
  return simd.address(image);
}

/** kernel(dy, d, rows): so many rows of tiles of dy [2·TH, 2·TW, OC] → D = A·dY·Aᵀ, [16, ⌈OC/8⌉, most, 8]. */
function gradientPass(simd: SimdCompiler, { OC, TW, most, dSlice }: Tiling): Kernel {
  return simd.kernel(`winogradGradient ${OC} ${TW} ${dSlice}`, (module) =>
    module.func('kernel', { dy: 'i32', d: 'i32', rows: 'i32' }, (f, { dy, d, rows }) => {
      const [row, column, filter, from, to] = f.locals('i32', 5);
      const values = f.locals('v128', 4);
      const pixel = OC * FLOAT;
      // for each row of tiles: for each tile: for each eight filters, four at a time
      f.for(row, 0, rows, 1, () => {
        f.for(column, 0, TW, 1, () => {
          to.set(d);
          overlappingBlocks(f, filter, { count: OC, size: BLOCK_FILTERS, bytes: FLOAT }, () => {
            from.set(i32.add(dy, filter));
            for (let half = 0; half < 2; half++) {
              values.forEach((value, i) => {
                const place = (Math.floor(i / 2) * 2 * TW + (i % 2)) * pixel;
                value.set(v128.load(from, place + half * VECTOR));
              });
              const [d00, d01, d10, d11] = values;
              const down = [
                [d00, d01],
                [f32x4.add(d00, d10), f32x4.add(d01, d11)],
                [f32x4.sub(d00, d10), f32x4.sub(d01, d11)],
                [d10, d11],
              ];
              down.forEach(([left, right], i) => {
                const across = [left, f32x4.add(left, right), f32x4.sub(left, right), right];
                across.forEach((value, j) => {
                  f.store(to, (4 * i + j) * dSlice * FLOAT + half * VECTOR, value);
                });
              });
            }
            to.advance(most * BLOCK_FILTERS * FLOAT);
          });
          dy.advance(2 * pixel);
          d.advance(BLOCK_FILTERS * FLOAT);
        });
        dy.advance(2 * TW * pixel);
      });
    }),
  );
}

/** kernel(v, d, s, count): S[ξ] += V[ξ]ᵀ·D[ξ] of `count` tiles, ascending. */
function productPass(simd: SimdCompiler, { C, OC, most, vSlice, dSlice }: Tiling): Kernel {
  return simd.kernel(`winogradProducts ${C} ${OC} ${vSlice} ${dSlice}`, (module) =>
    module.func('kernel', { v: 'i32', d: 'i32', s: 'i32', count: 'i32' }, (f, { v, d, s, count }) => {
      const [place, filter, channel, tile, channels, filters, a, b] = f.locals('i32', 8);
      const sums = Array.from({ length: BLOCK_CHANNELS }, () => f.locals('v128', 2));
      const gradients = f.locals('v128', 2);
      const factor = f.local('v128');
      const eachSum = (visit: (sum: (typeof sums)[0][0], offset: number) => void) =>
        sums.flat().forEach((sum, i) => {
          visit(sum, i * VECTOR);
        });
      // for each place: for each block of filters, of channels
      f.for(place, 0, PLACES, 1, () => {
        filters.set(d);
        overlappingBlocks(f, filter, { count: OC, size: BLOCK_FILTERS, bytes: 1 }, () => {
          channels.set(v);
          overlappingBlocks(f, channel, { count: C, size: BLOCK_CHANNELS, bytes: 1 }, () => {
            eachSum((sum, offset) => sum.set(v128.load(s, offset)));
            a.set(channels);
            b.set(filters);
            tile.set(count);
            // for each tile: sums[c][oc] += V[tile, c] · D[tile, oc]
            f.doWhile(() => {
              loadAll(gradients, b);
              sums.forEach((row, c) => {
                factor.set(v128.load32Splat(a, c * FLOAT));
                row.forEach((sum, i) => {
                  sum.set(simd.mulAdd(sum, factor, gradients[i]));
                });
              });
              a.advance(BLOCK_CHANNELS * FLOAT);
              b.advance(BLOCK_FILTERS * FLOAT);
              tile.advance(-1);
              return tile;
            });
            eachSum((sum, offset) => f.store(s, offset, sum));
            s.advance(BLOCK_BYTES);
            channels.advance(most * BLOCK_CHANNELS * FLOAT);
          });
          filters.advance(most * BLOCK_FILTERS * FLOAT);
        });
        v.advance(vSlice * FLOAT);
        d.advance(dSlice * FLOAT);
      });
    }),
  );
}

/** kernel(s, dw): S → dw [3, 3, C, OC] = Gᵀ·S·G. */
function wayBack(simd: SimdCompiler, C: number, OC: number): Kernel {
  return simd.kernel(`winogradBack ${C} ${OC}`, (module) =>
    module.func('kernel', { s: 'i32', dw: 'i32' }, (f, { s, dw }) => {
      const [filter, channel, out, c] = f.locals('i32', 4);
      const oneHalf = f.local('v128', f32x4.splat(0.5));
      const half = f.locals('v128', 12);
      const transform = sumTransform(f, oneHalf);
      const place = blocks(C, OC) * BLOCK_BYTES;
      // for each block of filters, of channels: for each channel: for both vectors
      overlappingBlocks(f, filter, { count: OC, size: BLOCK_FILTERS, bytes: FLOAT }, () => {
        overlappingBlocks(f, channel, { count: C, size: BLOCK_CHANNELS, bytes: 1 }, () => {
          out.set(i32.add(i32.add(dw, filter), i32.mul(channel, OC * FLOAT)));
          f.for(c, 0, BLOCK_CHANNELS, 1, () => {
            for (let i = 0; i < 2; i++) {
              for (let j = 0; j < 4; j++) {
                const column = [0, 1, 2, 3].map((h) => v128.load(s, (4 * h + j) * place + i * VECTOR));
                transform(column, (kh, value) => half[4 * kh + j].set(value));
              }
              for (let kh = 0; kh < 3; kh++) {
                transform(half.slice(4 * kh, 4 * kh + 4), (kw, value) =>
                  f.store(out, (3 * kh + kw) * C * OC * FLOAT + i * VECTOR, value),
                );
              }
            }
            out.advance(OC * FLOAT);
            s.advance(BLOCK_FILTERS * FLOAT);
          });
        });
      });
    }),
  );
}

/** Gᵀ times four vectors. */
function sumTransform(f: FunctionBuilder, oneHalf: Value<'v128'>) {
  const [s0, s1, s2, s3, middle] = f.locals('v128', 5);
  return (from: readonly Value<'v128'>[], set: (i: number, value: Value<'v128'>) => void): void => {
    [s0, s1, s2, s3].forEach((sum, i) => {
      sum.set(from[i]);
    });
    middle.set(f32x4.mul(oneHalf, f32x4.add(s1, s2)));
    set(0, f32x4.add(s0, middle));
    set(1, f32x4.mul(oneHalf, f32x4.sub(s1, s2)));
    set(2, f32x4.sub(middle, s3));
  };
}
