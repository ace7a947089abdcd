/**
 * Depthwise convolution with one filter per channel, lanes across channels: depthwise-forward.ts, and both gradients. Several filters a
 * channel, fewer than four channels and very large kernels are left to the plain kernels.
 *
 * The input gradient is a depthwise convolution too: of dy with the kernel turned round. Its sum ascends over positions, which is
 * (oh, ow) ascending. Where the forward pass has strides, dy is set apart by them, with a margin; what is between adds ±0, which
 * changes no bit.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { DepthwiseGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import type { ModuleBuilder } from './assembler.ts';
import { FLOAT, loadAll, overlappingBlocks, storeAll, VECTOR } from './blocks.ts';
import { columnSums } from './column-sums.ts';
import type { MulAdd, SimdCompiler } from './compiler.ts';
import { columnBlocks, forwardDepthwise, PIXELS, rowTaps } from './depthwise-forward.ts';
import { i32, v128 } from './instructions.ts';

/** Kernels larger than this are left to the plain kernel: their code is written out position by position. */
const MOST_POSITIONS = 49;

type DepthwiseKernels = Pick<Kernels, 'depthwiseScratch' | 'depthwiseForward' | 'depthwiseBackward'>;

/** @param plain for what is left to them */
export function depthwiseKernels(simd: SimdCompiler, plain: DepthwiseKernels): DepthwiseKernels {
  return {
    /** [ a sample of dy, set apart | the kernel turned round ], or the sums of the weight gradient */
    depthwiseScratch(g) {
      if (!isServed(g)) return plain.depthwiseScratch(g);
      return Math.max(apartSize(g) + g.KH * g.KW * g.C, g.KH * sumsOfRow(g));
    },

    depthwiseForward(g, N, x, w, b, relu, y, scratch) {
      if (!isServed(g)) return plain.depthwiseForward(g, N, x, w, b, relu, y, scratch);
      const [xAt, wAt, bias, yAt] = [simd.address(x), simd.address(w), simd.address(b), simd.address(y)];
      forwardDepthwise(simd, g, relu, { N, x: xAt, w: wAt, bias, y: yAt });
    },

    depthwiseBackward(g, N, x, w, dy, dw, db, dx, scratch) {
      if (!isServed(g)) return plain.depthwiseBackward(g, N, x, w, dy, dw, db, dx, scratch);
      const outputs = g.OH * g.OW * g.C;
      if (db) columnSums(simd, g.C)(N * g.OH * g.OW, simd.address(dy), simd.address(db));
      if (dw) weightGradient(simd, g, N, x, dy, dw, scratch);
      if (!dx) return;
      const geometry = inputGeometry(g);
      const image = scratch.subarray(0, apartSize(g));
      const turned = scratch.subarray(image.length, image.length + g.KH * g.KW * g.C);
      turnRound(g, w, turned);
      const [dyAt, wAt, dxAt] = [simd.address(dy), simd.address(turned), simd.address(dx)];
      if (!isStrided(g)) {
        forwardDepthwise(simd, geometry, 'none', { N, x: dyAt, w: wAt, bias: 0, y: dxAt });
        return;
      }
      image.fill(0);
      for (let n = 0; n < N; n++) {
        setApart(g, geometry, dy.subarray(n * outputs, (n + 1) * outputs), image);
        const y = dxAt + n * g.H * g.W * g.C * FLOAT;
        forwardDepthwise(simd, geometry, 'none', { N: 1, x: simd.address(image), w: wAt, bias: 0, y });
      }
    },
  };
}

function isServed({ C, M, KH, KW }: DepthwiseGeometry): boolean {
  return M === 1 && C >= 4 && KH * KW <= MOST_POSITIONS;
}

/** Elements of a sample of dy that has to be set apart. */
function apartSize(g: DepthwiseGeometry): number {
  const { H, W, C } = inputGeometry(g);
  return isStrided(g) ? H * W * C : 0;
}

// ---- input gradient ------------------------------------------------------------------------------------------------

/** Strides set dy's pixels apart. */
const isStrided = ({ SH, SW }: DepthwiseGeometry): boolean => SH > 1 || SW > 1;

/** The convolution that leads from dy to dx; from dy set apart, with a margin, where there are strides. */
function inputGeometry(g: DepthwiseGeometry): DepthwiseGeometry {
  const [top, left] = [(g.KH - 1) * g.DH, (g.KW - 1) * g.DW];
  const common = { ...g, SH: 1, SW: 1, OH: g.H, OW: g.W };
  if (isStrided(g)) return { ...common, H: g.H + top, W: g.W + left, padTop: 0, padLeft: 0 };
  return { ...common, H: g.OH, W: g.OW, padTop: top - g.padTop, padLeft: left - g.padLeft };
}

/** dy [OH, OW, C] → image: pixel (oh, ow) at row oh·SH − padTop + (KH − 1)·DH, column likewise; what lies outside reaches no input. */
function setApart(g: DepthwiseGeometry, { W }: DepthwiseGeometry, dy: FloatArray, image: FloatArray): void {
  const { C, SH, SW, OH, OW } = g;
  const top = (g.KH - 1) * g.DH - g.padTop;
  const left = (g.KW - 1) * g.DW - g.padLeft;
  for (let oh = 0; oh < OH; oh++) {
    const h = oh * SH + top;
    for (let ow = 0; ow < OW; ow++) {
      const w = ow * SW + left;
      const from = (oh * OW + ow) * C;
      image.set(dy.subarray(from, from + C), (h * W + w) * C);
    }
  }
}

/** w [KH·KW, C], the last position first. */
function turnRound({ KH, KW, C }: DepthwiseGeometry, w: FloatArray, turned: FloatArray): void {
  const last = KH * KW - 1;
  for (let k = 0; k <= last; k++) turned.set(w.subarray(k * C, (k + 1) * C), (last - k) * C);
}

// ---- weight gradient -----------------------------------------------------------------------------------------------

/** Sums of one row of the kernel: [⌈C/4⌉, KW, 4], since the last four channels may overlap those before them. */
const sumsOfRow = ({ C, KW }: DepthwiseGeometry): number => Math.ceil(C / 4) * KW * 4;

/** dw [KH, KW, C], row by row of dy, so that what is read stays in the cache for all channels. */
function weightGradient(
  simd: SimdCompiler,
  g: DepthwiseGeometry,
  N: number,
  x: FloatArray,
  dy: FloatArray,
  dw: FloatArray,
  sums: FloatArray,
): void {
  const { H, W, C, KH, KW, SH, DH, OH, OW, padTop } = g;
  const kernel = simd.kernel(`depthwiseWeightGradient ${Object.values(g)}`, (module) =>
    emitWeightGradient(module, simd.mulAdd, g),
  );
  const size = sumsOfRow(g);
  sums.fill(0, 0, KH * size);
  const [xAt, dyAt, sumsAt] = [simd.address(x), simd.address(dy), simd.address(sums)];
  const rows = rowTaps(g);
  for (let n = 0; n < N; n++) {
    for (const { first, count, from, end } of rows) {
      const top = first * SH + from * DH - padTop;
      const xRow = xAt + (n * H + top) * W * C * FLOAT;
      const dyRow = dyAt + (n * OH + first) * OW * C * FLOAT;
      kernel(count, end - from, xRow, dyRow, sumsAt + from * size * FLOAT);
    }
  }
  for (let k = 0; k < KH * KW; k++) {
    const [kh, kw] = [Math.floor(k / KW), k % KW];
    for (let c = 0; c < C; c++) {
      // The last block begins with channel C − 4.
      const block = Math.floor(c / 4);
      const lane = c - Math.min(4 * block, C - 4);
      dw[k * C + c] = sums[kh * size + (block * KW + kw) * 4 + lane];
    }
  }
}

/**
 * kernel(rows, taps, x, dy, sums): sums [taps, ⌈C/4⌉, KW, 4] += Σ_(oh, ow) x·dy for rows of dy with the same taps. A block is one row of
 * the kernel × 4 channels; its sums are in registers for a row of dy. Blocks of pixels as in the forward pass, but none overlap.
 */
function emitWeightGradient(module: ModuleBuilder, mulAdd: MulAdd, g: DepthwiseGeometry): void {
  const { W, C, KW, SH, SW, DH, OW } = g;
  const signature = { rows: 'i32', taps: 'i32', x: 'i32', dy: 'i32', sums: 'i32' } as const;
  module.func('kernel', signature, (f, { rows, taps, x, dy, sums }) => {
    const [tap, channel, column, xTap, xBlock, dyBlock, place] = f.locals('i32', 7);
    const registers = f.locals('v128', KW);
    const gradients = f.locals('v128', Math.min(PIXELS, OW));
    const input = f.local('v128');
    f.while(rows, () => {
      xTap.set(x);
      place.set(sums);
      tap.set(taps);
      // for each row of the kernel that lies within the image: for each four channels
      f.while(tap, () => {
        overlappingBlocks(f, channel, { count: C, size: 4, bytes: FLOAT }, () => {
          loadAll(registers, place);
          // for ow ascending: sums[kw] += x·dy
          for (const { first, size, count, start, products } of columnBlocks(g, PIXELS, false)) {
            xBlock.set(i32.add(i32.add(xTap, channel), start * C * FLOAT));
            dyBlock.set(i32.add(i32.add(dy, channel), first * C * FLOAT));
            f.for(column, 0, count, 1, () => {
              for (let p = 0; p < size; p++) gradients[p].set(v128.load(dyBlock, p * C * FLOAT));
              for (const { place: at, uses } of products) {
                input.set(v128.load(xBlock, at * C * FLOAT));
                for (const { pixel, kw } of uses) {
                  registers[kw].set(mulAdd(registers[kw], input, gradients[pixel]));
                }
              }
              xBlock.advance(size * SW * C * FLOAT);
              dyBlock.advance(size * C * FLOAT);
            });
          }
          storeAll(f, place, registers);
          place.advance(KW * VECTOR);
        });
        xTap.advance(DH * W * C * FLOAT);
        tap.advance(-1);
      });
      x.advance(SH * W * C * FLOAT);
      dy.advance(OW * C * FLOAT);
      rows.advance(-1);
    });
  });
}
