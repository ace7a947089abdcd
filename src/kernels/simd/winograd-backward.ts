/**
 * Winograd's backward pass in SIMD; the method and its matrices are in plain/winograd-backward.ts.
 *
 *   dx   the forward kernel (winograd4.ts) on dy, with U of the turned filters.
 *   dw   chunk by chunk of tiles: V from x, D from dy, then 36 products S[ξ] += V[ξ]ᵀ·D[ξ]; after the last chunk the way back.
 *   db   sums of columns.
 *
 * A chunk is some rows of tiles, of several samples where those are small: up to CHUNK_TILES. In a product a block of S, 4 channels
 * × 8 filters, stays in eight registers while the chunk's tiles go by; each costs two vectors of D and four numbers of V. Blocks
 * of S are one after the other, [36, ⌈OC/8⌉, ⌈C/4⌉, 4, 8]: each is read and written as it lies, and where channels don't
 * fill the last block, what it shares with the one before it is summed in both. The first chunk's sums begin with +0.
 *
 * What a block reads of V and D lies side by side too: V is [36, ⌈C/4⌉, tiles, 4], D [36, ⌈OC/8⌉, tiles, 8]. As [36, tiles, C] two
 * tiles' numbers are 2 KB apart with 512 channels: they push each other out of the first cache.
 *
 * Operations are rounded one by one in the order of plain/winograd-backward.ts, so strict mode has its bits.
 *
 * Measured (Node 20, one thread, eight samples, against tiles of 2×2 in turns): dw of 32×32, 32 to 32 channels 1.92 → 1.32 ms, of 8×8,
 * 128 to 128 1.83 → 1.17, of 7×7, 512 to 512 31 → 21. Products run at 40 to 44 GFLOP/s.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import { type Conv2dGeometry, inputGradientGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import { A, A2, B, B2, GA, GB } from '../plain/winograd4.ts';
import type { FunctionBuilder } from './assembler.ts';
import { FLOAT, loadAll, overlappingBlocks, storeAll, VECTOR, zeroAll } from './blocks.ts';
import { columnSums } from './column-sums.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { geometryKey } from './conv2d-forward.ts';
import { f32x4, i32, v128 } from './instructions.ts';
import { isUnpadded, paddedGeometry, paddedSize, padImage } from './padding.ts';
import { setAll, suits } from './winograd-chunks.ts';
import {
  IN,
  InputPass,
  OUT,
  PLACES,
  type Transform,
  takePair,
  times,
  transformColumns,
  transformRow,
} from './winograd4-passes.ts';

/** Tiles of a chunk: with fewer, blocks of S come and go too often; with more, V and D leave the cache. */
const CHUNK_TILES = 48;

/** A block of S: channels, filters, and its bytes. */
const BLOCK_CHANNELS = 4;
const BLOCK_FILTERS = 8;
const BLOCK_BYTES = BLOCK_CHANNELS * BLOCK_FILTERS * FLOAT;

/** Elements between places: those a multiple of the cache's size apart would push each other out. */
const LINE = 16;

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
  /** Floats from one place's part of S, of V, of D, to the next. */
  readonly sSlice: number;
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
  const [TH, TW] = [Math.ceil(g.OH / OUT), Math.ceil(g.OW / OUT)];
  const rows = Math.max(1, Math.min(TH, Math.floor(CHUNK_TILES / TW)));
  const most = Math.max(CHUNK_TILES, TW);
  const covered = { ...g, OH: OUT * TH, OW: OUT * TW };
  const unit = { KH: 1, KW: 1, padTop: 0, padLeft: 0, H: g.OH, W: g.OW, C: OC };
  const gradient = { ...covered, ...unit };
  const [cBlocks, fBlocks] = [Math.ceil(C / BLOCK_CHANNELS), Math.ceil(OC / BLOCK_FILTERS)];
  const sSlice = cBlocks * fBlocks * BLOCK_CHANNELS * BLOCK_FILTERS + LINE;
  const vSlice = most * cBlocks * BLOCK_CHANNELS + LINE;
  const dSlice = most * fBlocks * BLOCK_FILTERS + LINE;
  const v = PLACES * sSlice;
  const d = v + PLACES * vSlice;
  const image = d + PLACES * dSlice;
  const gradientImage = image + paddedSize(covered);
  const end = gradientImage + paddedSize(gradient);
  const padded = paddedGeometry(covered);
  const parts = { v, d, image, gradientImage, end };
  return { C, OC, TH, TW, rows, most, covered, padded, gradient, sSlice, vSlice, dSlice, ...parts };
}

type BackwardKernels = Pick<Kernels, 'winogradBackwardScratch' | 'winogradBackward'>;

/** @param plain for what is left to them */
export function winogradBackwardKernels(
  simd: SimdCompiler,
  plain: BackwardKernels,
  { winograd4Scratch, winograd4Forward }: Pick<Kernels, 'winograd4Scratch' | 'winograd4Forward'>,
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
        new InputPass(f, { padded, C, TW, slice: tiling.vSlice, blockTiles: most }).emit(x, v, rows),
      ),
    );
    const toD = gradientPass(simd, tiling);
    const addProducts = productPass(simd, tiling);
    const s = simd.address(scratch);
    const [v, d] = [s + tiling.v * FLOAT, s + tiling.d * FLOAT];
    const xImage = scratch.subarray(tiling.image, tiling.gradientImage);
    const dyImage = scratch.subarray(tiling.gradientImage, tiling.end);
    let count = 0;
    let goesOn = 0;
    const addUp = (): void => {
      addProducts(v, d, s, count, goesOn);
      goesOn = 1;
      count = 0;
    };
    for (let n = 0; n < N; n++) {
      const xAt = sampleAt(simd, covered, x, n, xImage);
      const dyAt = sampleAt(simd, gradient, dy, n, dyImage);
      for (let row = 0; row < TH; row += rows) {
        const some = Math.min(rows, TH - row);
        toV(xAt + row * OUT * padded.W * C * FLOAT, v + count * BLOCK_CHANNELS * FLOAT, some);
        toD(dyAt + row * OUT * OUT * TW * OC * FLOAT, d + count * BLOCK_FILTERS * FLOAT, some);
        count += some * TW;
        if (count + rows * TW > most) addUp();
      }
    }
    if (count > 0) addUp();
    wayBack(simd, tiling)(s, simd.address(dw));
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
    winograd4Forward(inputGradientGeometry(g), null, N, dy, u, zeros, false, dx, scratch.subarray(g.C));
  }

  return {
    winogradBackwardScratch(g) {
      const forWeights = suits(g) ? tilingOf(g).end : plain.winogradBackwardScratch(g);
      return Math.max(forWeights, g.C + winograd4Scratch(inputGradientGeometry(g), null), g.K * g.OC);
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
  padImage(g, images, n, image, n > 0);
  return simd.address(image);
}

/** kernel(dy, d, rows): so many rows of tiles of dy [4·TH, 4·TW, OC] → D = A·dY·Aᵀ, [36, ⌈OC/8⌉, most, 8]. */
function gradientPass(simd: SimdCompiler, { OC, TW, most, dSlice }: Tiling): Kernel {
  return simd.kernel(`winogradGradient ${OC} ${TW} ${dSlice}`, (module) =>
    module.func('kernel', { dy: 'i32', d: 'i32', rows: 'i32' }, (f, { dy, d, rows }) => {
      const [row, column, filter, from, to] = f.locals('i32', 5);
      const transform = gradientTransform(f);
      const pixel = OC * FLOAT;
      // for each row of tiles: for each tile: for each eight filters, four at a time
      f.for(row, 0, rows, 1, () => {
        f.for(column, 0, TW, 1, () => {
          to.set(d);
          overlappingBlocks(f, filter, { count: OC, size: BLOCK_FILTERS, bytes: FLOAT }, () => {
            from.set(i32.add(dy, filter));
            for (let at = 0; at < BLOCK_FILTERS * FLOAT; at += VECTOR) {
              const load = (i: number, j: number) => v128.load(from, (i * OUT * TW + j) * pixel + at);
              const place = (i: number, j: number): number => (IN * i + j) * dSlice * FLOAT + at;
              transformColumns(f, transform, OUT, load, to, place);
              for (let i = 0; i < IN; i++)
                transformRow(transform, OUT, i, to, place, (j, value) => f.store(to, place(i, j), value));
            }
            to.advance(most * BLOCK_FILTERS * FLOAT);
          });
          dy.advance(OUT * pixel);
          d.advance(BLOCK_FILTERS * FLOAT);
        });
        dy.advance((OUT - 1) * OUT * TW * pixel);
      });
    }),
  );
}

/** A times four vectors. */
function gradientTransform(f: FunctionBuilder): Transform {
  const g = f.locals('v128', OUT);
  const [even, odd] = f.locals('v128', 2);
  return (from, take) => {
    setAll(g, from);
    take(0, g[0]);
    for (const [pair, point, square] of [
      [0, A, A2],
      [1, B, B2],
    ] as const) {
      even.set(f32x4.add(g[0], times(g[2], square)));
      odd.set(times(f32x4.add(g[1], times(g[3], square)), point));
      takePair(take, pair, even, odd);
    }
    take(5, g[3]);
  };
}

/** kernel(v, d, s, count, goesOn): S[ξ] += V[ξ]ᵀ·D[ξ] of `count` tiles, ascending; S begins with +0 in the first call. */
function productPass(simd: SimdCompiler, { C, OC, most, vSlice, dSlice }: Tiling): Kernel {
  return simd.kernel(`winogradProducts ${C} ${OC} ${vSlice} ${dSlice}`, (module) =>
    module.func('kernel', { v: 'i32', d: 'i32', s: 'i32', count: 'i32', goesOn: 'i32' }, (f, arrays) => {
      const { v, d, s, count, goesOn } = arrays;
      const [place, filter, channel, tile, channels, filters, a, b] = f.locals('i32', 8);
      const sums = Array.from({ length: BLOCK_CHANNELS }, () => f.locals('v128', 2));
      const gradients = f.locals('v128', 2);
      const factor = f.local('v128');
      // for each place: for each block of filters, of channels
      f.for(place, 0, PLACES, 1, () => {
        filters.set(d);
        overlappingBlocks(f, filter, { count: OC, size: BLOCK_FILTERS, bytes: 1 }, () => {
          channels.set(v);
          overlappingBlocks(f, channel, { count: C, size: BLOCK_CHANNELS, bytes: 1 }, () => {
            zeroAll(sums.flat());
            f.if(goesOn, () => loadAll(sums.flat(), s));
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
            storeAll(f, s, sums.flat());
            s.advance(BLOCK_BYTES);
            channels.advance(most * BLOCK_CHANNELS * FLOAT);
          });
          filters.advance(most * BLOCK_FILTERS * FLOAT);
        });
        s.advance(LINE * FLOAT);
        v.advance(vSlice * FLOAT);
        d.advance(dSlice * FLOAT);
      });
    }),
  );
}

/** kernel(s, dw): S → dw [3, 3, C, OC] = Gᵀ·S·G. Overwrites S: the columns' results stand where the sums were. */
function wayBack(simd: SimdCompiler, { C, OC, sSlice }: Tiling): Kernel {
  return simd.kernel(`winogradBack ${C} ${OC}`, (module) =>
    module.func('kernel', { s: 'i32', dw: 'i32' }, (f, { s, dw }) => {
      const [filter, channel, out, c] = f.locals('i32', 4);
      const transform = sumTransform(f);
      // for each block of filters, of channels: for each channel: for both vectors
      overlappingBlocks(f, filter, { count: OC, size: BLOCK_FILTERS, bytes: FLOAT }, () => {
        overlappingBlocks(f, channel, { count: C, size: BLOCK_CHANNELS, bytes: 1 }, () => {
          out.set(i32.add(i32.add(dw, filter), i32.mul(channel, OC * FLOAT)));
          f.for(c, 0, BLOCK_CHANNELS, 1, () => {
            for (let at = 0; at < BLOCK_FILTERS * FLOAT; at += VECTOR) {
              const place = (i: number, j: number): number => (IN * i + j) * sSlice * FLOAT + at;
              const load = (i: number, j: number) => v128.load(s, place(i, j));
              transformColumns(f, transform, IN, load, s, place);
              for (let kh = 0; kh < 3; kh++)
                transformRow(transform, IN, kh, s, place, (kw, value) =>
                  f.store(out, (3 * kh + kw) * C * OC * FLOAT + at, value),
                );
            }
            out.advance(OC * FLOAT);
            s.advance(BLOCK_FILTERS * FLOAT);
          });
        });
      });
    }),
  );
}

/** Gᵀ times six vectors. */
function sumTransform(f: FunctionBuilder): Transform {
  const s = f.locals('v128', IN);
  const [evenA, oddA, evenB, oddB] = f.locals('v128', 4);
  return (from, take) => {
    setAll(s, from);
    evenA.set(f32x4.add(s[1], s[2]));
    oddA.set(f32x4.sub(s[1], s[2]));
    evenB.set(f32x4.add(s[3], s[4]));
    oddB.set(f32x4.sub(s[3], s[4]));
    take(0, f32x4.add(s[0], f32x4.add(times(evenA, GA[0]), times(evenB, GB[0]))));
    take(1, f32x4.add(times(oddA, GA[1]), times(oddB, GB[1])));
    take(2, f32x4.add(f32x4.add(times(evenA, GA[2]), times(evenB, GB[2])), s[5]));
  };
}
