/**
 * Depthwise convolution with one filter a channel, lanes across channels. Several filters a channel, fewer than four channels
 * and very large kernels are left to the plain kernels.
 *
 * A block is up to four neighbouring output pixels × 4 channels; the kernel's positions are written out, so that every offset is an
 * immediate. Padding is a margin of zeros in scratch, as for convolutions (padding.ts).
 *
 * The input gradient is a depthwise convolution too: of dy, set apart by the strides and with a margin, with the kernel turned
 * round. Its sum ascends over positions, which is (oh, ow) ascending; what stands between adds ±0, which changes no bit.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { DepthwiseGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import { plainKernels } from '../plain/index.ts';
import type { ModuleBuilder } from './assembler.ts';
import { FLOAT, overlappingBlocks } from './blocks.ts';
import { columnSums } from './column-sums.ts';
import type { Kernel, MulAdd, SimdCompiler } from './compiler.ts';
import { i32, v128 } from './instructions.ts';
import { finish, type ProductLayout } from './matmul.ts';
import { isUnpadded, paddedGeometry, paddedSize, padImage } from './padding.ts';

/** Kernels larger than this are left to the plain kernel: their code is written out position by position. */
const MOST_POSITIONS = 49;

type DepthwiseKernels = Pick<Kernels, 'depthwiseScratch' | 'depthwiseForward' | 'depthwiseBackward'>;

export function depthwiseKernels(simd: SimdCompiler): DepthwiseKernels {
  return {
    /** [ a padded sample | a sample of dy, set apart | the kernel turned round | dw twice ] */
    depthwiseScratch(g) {
      if (!isServed(g)) return plainKernels.depthwiseScratch(g);
      const apart = inputGeometry(g);
      return paddedSize(g) + apart.H * apart.W * g.C + 3 * g.KH * g.KW * g.C;
    },

    depthwiseForward(g, N, x, w, b, relu, y, scratch) {
      if (!isServed(g)) return plainKernels.depthwiseForward(g, N, x, w, b, relu, y, scratch);
      const kernel = forward(simd, paddedGeometry(g), relu ? 'relu' : 'bias');
      const [wAt, bAt, yAt] = [simd.address(w), simd.address(b), simd.address(y)];
      eachSample(simd, g, N, x, scratch, (n, samples, xAt) => {
        kernel(samples, xAt, wAt, bAt, yAt + n * g.OH * g.OW * g.C * FLOAT);
      });
    },

    depthwiseBackward(g, N, x, w, dy, dw, db, dx, scratch) {
      if (!isServed(g)) return plainKernels.depthwiseBackward(g, N, x, w, dy, dw, db, dx, scratch);
      const outputs = g.OH * g.OW * g.C;
      if (db) columnSums(simd, g.C)(N * g.OH * g.OW, simd.address(dy), simd.address(db));
      if (dw) weightGradient(simd, g, N, x, dy, dw, scratch);
      if (!dx) return;
      const apart = inputGeometry(g);
      const at = paddedSize(g);
      const image = scratch.subarray(at, at + apart.H * apart.W * g.C);
      const turned = scratch.subarray(at + image.length, at + image.length + g.KH * g.KW * g.C);
      turnRound(g, w, turned);
      image.fill(0);
      const kernel = forward(simd, apart, 'none');
      for (let n = 0; n < N; n++) {
        setApart(g, apart, dy.subarray(n * outputs, (n + 1) * outputs), image);
        const dxAt = simd.address(dx) + n * g.H * g.W * g.C * FLOAT;
        kernel(1, simd.address(image), simd.address(turned), 0, dxAt);
      }
    },
  };
}

function isServed({ C, M, KH, KW }: DepthwiseGeometry): boolean {
  return M === 1 && C >= 4 && KH * KW <= MOST_POSITIONS;
}

/** All samples at once, or with padding one by one, each with its margin in scratch. */
function eachSample(
  simd: SimdCompiler,
  g: DepthwiseGeometry,
  N: number,
  x: FloatArray,
  scratch: FloatArray,
  visit: (n: number, samples: number, xAt: number) => void,
): void {
  if (isUnpadded(g)) {
    visit(0, N, simd.address(x));
    return;
  }
  const image = scratch.subarray(0, paddedSize(g));
  for (let n = 0; n < N; n++) {
    padImage(g, x, n, image);
    visit(n, 1, simd.address(image));
  }
}

// ---- forward -------------------------------------------------------------------------------------------------------

function forward(simd: SimdCompiler, g: DepthwiseGeometry, tail: ProductLayout['tail']): Kernel {
  return simd.kernel(`depthwiseForward ${Object.values(g)} ${tail}`, (module) =>
    emitForward(module, simd.mulAdd, g, tail),
  );
}

/** kernel(N, x, w, bias, y): x [N, H, W, C] → y [N, OH, OW, C], every window within the image. */
function emitForward(
  module: ModuleBuilder,
  mulAdd: MulAdd,
  { H, W, C, KH, KW, SH, SW, DH, DW, OH, OW }: DepthwiseGeometry,
  tail: ProductLayout['tail'],
): void {
  const pixels = Math.min(4, OW);
  const signature = { samples: 'i32', x: 'i32', w: 'i32', bias: 'i32', y: 'i32' } as const;
  module.func('kernel', signature, (f, { samples, x, w, bias, y }) => {
    const [row, channel, column, xRow, xBlock, wBlock, yBlock, biasBlock] = f.locals('i32', 8);
    const sums = f.locals('v128', pixels);
    const weight = f.local('v128');
    // for each sample, row: for each four channels: for each block of pixels
    f.while(samples, () => {
      xRow.set(x);
      f.for(row, 0, OH, 1, () => {
        overlappingBlocks(f, channel, { count: C, size: 4, bytes: FLOAT }, () => {
          wBlock.set(i32.add(w, channel));
          biasBlock.set(i32.add(bias, channel));
          overlappingBlocks(f, column, { count: OW, size: pixels, bytes: 1 }, () => {
            xBlock.set(i32.add(i32.add(xRow, channel), i32.mul(column, SW * C * FLOAT)));
            for (const sum of sums) sum.set(v128.zero());
            // for (kh, kw) ascending: sums[p] += x[p] · w
            for (let kh = 0; kh < KH; kh++) {
              for (let kw = 0; kw < KW; kw++) {
                weight.set(v128.load(wBlock, (kh * KW + kw) * C * FLOAT));
                sums.forEach((sum, p) => {
                  const place = kh * DH * W + kw * DW + p * SW;
                  sum.set(mulAdd(sum, v128.load(xBlock, place * C * FLOAT), weight));
                });
              }
            }
            yBlock.set(i32.add(i32.add(y, channel), i32.mul(column, C * FLOAT)));
            sums.forEach((sum, p) => {
              f.store(yBlock, p * C * FLOAT, finish(tail, sum, biasBlock, 0));
            });
          });
        });
        xRow.advance(SH * W * C * FLOAT);
        y.advance(OW * C * FLOAT);
      });
      x.advance(H * W * C * FLOAT);
      samples.advance(-1);
    });
  });
}

// ---- input gradient ------------------------------------------------------------------------------------------------

/** The convolution that leads from dy, set apart, to dx. */
function inputGeometry(g: DepthwiseGeometry): DepthwiseGeometry {
  const H = g.H + (g.KH - 1) * g.DH;
  const W = g.W + (g.KW - 1) * g.DW;
  return { ...g, H, W, SH: 1, SW: 1, OH: g.H, OW: g.W, padTop: 0, padLeft: 0 };
}

/** dy [OH, OW, C] → image: pixel (oh, ow) at row oh·SH − padTop + (KH − 1)·DH, column likewise; what lies outside reaches no input. */
function setApart(
  g: DepthwiseGeometry,
  { H, W }: DepthwiseGeometry,
  dy: FloatArray,
  image: FloatArray,
): void {
  const { C, SH, SW, OH, OW } = g;
  const top = (g.KH - 1) * g.DH - g.padTop;
  const left = (g.KW - 1) * g.DW - g.padLeft;
  for (let oh = 0; oh < OH; oh++) {
    const h = oh * SH + top;
    if (h < 0 || h >= H) continue;
    for (let ow = 0; ow < OW; ow++) {
      const w = ow * SW + left;
      if (w < 0 || w >= W) continue;
      const [from, to] = [(oh * OW + ow) * C, (h * W + w) * C];
      for (let c = 0; c < C; c++) image[to + c] = dy[from + c];
    }
  }
}

/** w [KH·KW, C], the last position first. */
function turnRound({ KH, KW, C }: DepthwiseGeometry, w: FloatArray, turned: FloatArray): void {
  const last = KH * KW - 1;
  for (let k = 0; k <= last; k++) turned.set(w.subarray(k * C, (k + 1) * C), (last - k) * C);
}

// ---- weight gradient -----------------------------------------------------------------------------------------------

/** dw [KH, KW, C]; with padding a sample at a time, which goes on from what the samples before it left. */
function weightGradient(
  simd: SimdCompiler,
  g: DepthwiseGeometry,
  N: number,
  x: FloatArray,
  dy: FloatArray,
  dw: FloatArray,
  scratch: FloatArray,
): void {
  const size = g.KH * g.KW * g.C;
  const unpadded = paddedGeometry(g);
  const kernel = simd.kernel(`depthwiseWeightGradient ${Object.values(unpadded)}`, (module) =>
    emitWeightGradient(module, simd.mulAdd, unpadded),
  );
  const apart = inputGeometry(g);
  const at = paddedSize(g) + apart.H * apart.W * g.C + size;
  const halves = [scratch.subarray(at, at + size), scratch.subarray(at + size, at + 2 * size)];
  halves[0].fill(0);
  const dyAt = simd.address(dy);
  let from = 0;
  eachSample(simd, g, N, x, scratch, (n, samples, xAt) => {
    const dySample = dyAt + n * g.OH * g.OW * g.C * FLOAT;
    kernel(samples, xAt, dySample, simd.address(halves[from]), simd.address(halves[1 - from]));
    from = 1 - from;
  });
  dw.set(halves[from]);
}

/**
 * kernel(N, x, dy, from, to): to [KH, KW, C] = from + Σ_(n, oh, ow) x·dy. A block is one row of the kernel × 4 channels. `to` is another
 * array than `from`, since blocks overlap.
 */
function emitWeightGradient(
  module: ModuleBuilder,
  mulAdd: MulAdd,
  { H, W, C, KH, KW, SH, SW, DH, DW, OH, OW }: DepthwiseGeometry,
): void {
  const signature = { samples: 'i32', x: 'i32', dy: 'i32', from: 'i32', to: 'i32' } as const;
  module.func('kernel', signature, (f, { samples, x, dy, from, to }) => {
    const [channel, kh, n, row, column, xPixel, dyPixel, place] = f.locals('i32', 8);
    const sums = f.locals('v128', KW);
    const gradient = f.local('v128');
    overlappingBlocks(f, channel, { count: C, size: 4, bytes: FLOAT }, () => {
      f.for(kh, 0, KH, 1, () => {
        place.set(i32.add(channel, i32.mul(kh, KW * C * FLOAT)));
        sums.forEach((sum, kw) => {
          sum.set(v128.load(i32.add(from, place), kw * C * FLOAT));
        });
        xPixel.set(i32.add(i32.add(x, channel), i32.mul(kh, DH * W * C * FLOAT)));
        dyPixel.set(i32.add(dy, channel));
        // for each sample, oh, ow: sums[kw] += x[kw] · dy
        f.for(n, 0, samples, 1, () => {
          f.for(row, 0, OH, 1, () => {
            f.for(column, 0, OW, 1, () => {
              gradient.set(v128.load(dyPixel));
              sums.forEach((sum, kw) => {
                sum.set(mulAdd(sum, v128.load(xPixel, kw * DW * C * FLOAT), gradient));
              });
              xPixel.advance(SW * C * FLOAT);
              dyPixel.advance(C * FLOAT);
            });
            xPixel.advance((SH * W - OW * SW) * C * FLOAT);
          });
          xPixel.advance((H - OH * SH) * W * C * FLOAT);
        });
        sums.forEach((sum, kw) => {
          f.store(i32.add(to, place), kw * C * FLOAT, sum);
        });
      });
    });
  });
}
