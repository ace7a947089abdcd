/**
 * Depthwise convolution forward, one filter per channel: kernel(rows, taps, x, w, bias, y).
 *
 * A block is up to four neighbouring output pixels × 4 channels. For each of the kernel's rows (`taps` of them) it loads KW weights,
 * and each input pixel once for all outputs that it is part of: 6 pixels for four outputs of a 3×3 kernel, where each by itself would load
 * 12. Channels are the loop inside, so that image, weights and output are walked as they lie. (The other way round, all pixels of a row
 * for four channels, each cache line is fetched for a quarter of it: 1.5–2 GB/s, against 5–10 so, measured on MobileNetV2's layers.)
 *
 * Padding costs no copy. A block at the image's edge is written out without the products that lie outside; blocks that
 * lack nothing are one loop. Rows at the edge have fewer `taps`. What is left out is ±0 in the padded sum, which began at +0.
 */
import type { DepthwiseGeometry } from '../geometry.ts';
import type { ModuleBuilder } from './assembler.ts';
import { FLOAT, overlappingBlocks, zeroAll } from './blocks.ts';
import type { MulAdd, SimdCompiler } from './compiler.ts';
import { i32, type Value, v128 } from './instructions.ts';
import { finish, type Tail } from './matmul.ts';

/**
 * Pixels of a block: with the weights of a row of 7, the sums still fit into V8's 15 registers. Measured on a prediction of MobileNetV2: 2 and
 * 3 are as fast, 6 and 8 take 2 to 4 % longer, and so does the loop over taps written out, 4 to 6 %.
 */
export const PIXELS = 4;
/** Kernels with longer rows have their weights loaded at each use. */
const MOST_WEIGHTS = 7;

/** Neighbouring rows of the output that have the same taps: rows from ≤ kh < end of the kernel lie within the image. */
interface Taps {
  /** The first of these rows, and how many there are. */
  readonly first: number;
  count: number;
  readonly from: number;
  readonly end: number;
}

/** All rows of the output by their taps. */
export function rowTaps({ H, OH, KH, SH, DH, padTop }: DepthwiseGeometry): Taps[] {
  const all: Taps[] = [];
  for (let oh = 0; oh < OH; oh++) {
    const top = oh * SH - padTop;
    const from = Math.min(KH, Math.max(0, Math.ceil(-top / DH)));
    const end = Math.max(from, Math.min(KH, Math.ceil((H - top) / DH)));
    const last = all.at(-1);
    if (last?.from === from && last.end === end) last.count++;
    else all.push({ first: oh, count: 1, from, end });
  }
  return all;
}

/** x [N, H, W, C] at address x, w [KH, KW, C], bias [C] → y [N, OH, OW, C]. */
export function forwardDepthwise(
  simd: SimdCompiler,
  g: DepthwiseGeometry,
  tail: Tail,
  { N, x, w, bias, y }: Readonly<Record<'N' | 'x' | 'w' | 'bias' | 'y', number>>,
): void {
  const { H, W, C, KW, SH, DH, OH, OW, padTop } = g;
  const kernel = simd.kernel(`depthwiseForward ${Object.values(g)} ${tail}`, (module) =>
    emitForward(module, simd.mulAdd, g, tail),
  );
  const rows = rowTaps(g);
  for (let n = 0; n < N; n++) {
    for (const { first, count, from, end } of rows) {
      const top = first * SH + from * DH - padTop;
      const xAt = x + (n * H + top) * W * C * FLOAT;
      const yAt = y + (n * OH + first) * OW * C * FLOAT;
      kernel(count, end - from, xAt, w + from * KW * C * FLOAT, bias, yAt);
    }
  }
}

/** Rows of the output that have the same taps; x: the input row of the first tap of the first. */
function emitForward(module: ModuleBuilder, mulAdd: MulAdd, g: DepthwiseGeometry, tail: Tail): void {
  const { W, C, KW, SH, SW, DH, OW } = g;
  const signature = { rows: 'i32', taps: 'i32', x: 'i32', w: 'i32', bias: 'i32', y: 'i32' } as const;
  module.func('kernel', signature, (f, { rows, taps, x, w, bias, y }) => {
    const [column, channel, tap, xBlock, yBlock, xTap, wTap] = f.locals('i32', 7);
    const weights = f.locals('v128', KW > MOST_WEIGHTS ? 0 : KW);
    const sums = f.locals('v128', Math.min(PIXELS, OW));
    const input = f.local('v128');
    const weight = (kw: number): Value<'v128'> => weights[kw] ?? v128.load(wTap, kw * C * FLOAT);
    f.while(rows, () => {
      for (const { first, count, start, products } of columnBlocks(g, PIXELS, true)) {
        // for each block with these products: for each four channels
        xBlock.set(i32.add(x, start * C * FLOAT));
        yBlock.set(i32.add(y, first * C * FLOAT));
        f.for(column, 0, count, 1, () => {
          overlappingBlocks(f, channel, { count: C, size: 4, bytes: FLOAT }, () => {
            zeroAll(sums);
            xTap.set(i32.add(xBlock, channel));
            wTap.set(i32.add(w, channel));
            tap.set(taps);
            // for (kh, kw) ascending: sums[p] += x·w
            f.while(tap, () => {
              for (const [kw, local] of weights.entries()) local.set(v128.load(wTap, kw * C * FLOAT));
              for (const { place, uses } of products) {
                input.set(v128.load(xTap, place * C * FLOAT));
                for (const { pixel, kw } of uses) sums[pixel].set(mulAdd(sums[pixel], input, weight(kw)));
              }
              xTap.advance(DH * W * C * FLOAT);
              wTap.advance(KW * C * FLOAT);
              tap.advance(-1);
            });
            sums.forEach((sum, p) => {
              const value = finish(tail, sum, i32.add(bias, channel), 0);
              f.store(i32.add(yBlock, channel), p * C * FLOAT, value);
            });
          });
          xBlock.advance(sums.length * SW * C * FLOAT);
          yBlock.advance(sums.length * C * FLOAT);
        });
      }
      x.advance(SH * W * C * FLOAT);
      y.advance(OW * C * FLOAT);
      rows.advance(-1);
    });
  });
}

/** Blocks of output pixels, side by side, that need the same products. */
export interface ColumnBlocks {
  /** The first one's first pixel, how many pixels each has, and how many blocks there are. */
  readonly first: number;
  readonly size: number;
  readonly count: number;
  /** Column of the first input pixel that the first one reads. */
  readonly start: number;
  /** Input pixels, counted from there, and the outputs that each is part of. */
  readonly products: readonly {
    readonly place: number;
    readonly uses: readonly { readonly pixel: number; readonly kw: number }[];
  }[];
}

/**
 * A row of the output in blocks of at most so many pixels.
 * @param overlap the last block may overlap the one before, so that all have the same size; else it may be smaller
 */
export function columnBlocks(g: DepthwiseGeometry, most: number, overlap: boolean): ColumnBlocks[] {
  const { OW } = g;
  const size = Math.min(most, OW);
  const blocks: ColumnBlocks[] = [];
  for (let b = 0; b * size < OW; b++) {
    const first = overlap ? Math.min(b * size, OW - size) : b * size;
    const block = blockAt(g, first, Math.min(size, OW - first));
    const last = blocks.at(-1);
    const follows = last && last.first + last.count * size === first;
    if (follows && JSON.stringify(last.products) === JSON.stringify(block.products)) {
      blocks[blocks.length - 1] = { ...last, count: last.count + 1 };
    } else {
      blocks.push(block);
    }
  }
  return blocks;
}

/** The block of output pixels from `first` on. */
function blockAt({ W, KW, SW, DW, padLeft }: DepthwiseGeometry, first: number, size: number): ColumnBlocks {
  const uses = new Map<number, { pixel: number; kw: number }[]>();
  for (let pixel = 0; pixel < size; pixel++) {
    for (let kw = 0; kw < KW; kw++) {
      const column = (first + pixel) * SW + kw * DW - padLeft;
      if (column < 0 || column >= W) continue;
      uses.set(column, [...(uses.get(column) ?? []), { pixel, kw }]);
    }
  }
  const columns = [...uses].sort(([a], [b]) => a - b);
  const start = columns[0]?.[0] ?? 0;
  const products = columns.map(([column, each]) => ({ place: column - start, uses: each }));
  return { first, size, count: 1, start, products };
}
