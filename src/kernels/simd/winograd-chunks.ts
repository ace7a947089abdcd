/** How a kernel goes through its samples' tiles in chunks, whatever the size of the tiles; see winograd.ts. */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry } from '../geometry.ts';
import type { FunctionBuilder, Local, ModuleBuilder } from './assembler.ts';
import { FLOAT, overlappingBlocks, PANEL } from './blocks.ts';
import type { Kernel, MulAdd, SimdCompiler } from './compiler.ts';
import { i32, type Operand, type Value } from './instructions.ts';
import { isUnpadded, paddedGeometry, paddedSize, padImage } from './padding.ts';
import { ProductPass, type Tiling } from './winograd-passes.ts';

/** The arrays of a call; `choice` is null where no place of a maximum is wanted. */
export interface ChunkArrays {
  readonly x: FloatArray;
  /** The transformed filters, each place's in panels: [places, ⌈OC/8⌉, C, 8]. */
  readonly u: FloatArray;
  readonly b: FloatArray;
  readonly y: FloatArray;
  readonly choice: Uint8Array | null;
  /** Room for the parts of chunkParts. */
  readonly room: FloatArray;
}

/** The transforms of a chunk. */
export interface Transforms {
  input(f: FunctionBuilder): {
    /** `x`: the chunk's first tile in the image, `v`: where V goes, `rows` of tiles. */
    emit(x: Value<'i32'>, v: Local<'i32'>, rows: Operand<'i32'>): void;
  };
  output(
    f: FunctionBuilder,
    part: Tiling,
    arrays: { y: Local<'i32'>; choice: Local<'i32'> },
  ): {
    /** `firstRow`: the chunk's first row of tiles; `out`: index of the sample's first output of this panel. */
    emit(m: Local<'i32'>, bias: Value<'i32'>, firstRow: Local<'i32'>, out: Value<'i32'>): void;
  };
}

/**
 * Numbers of U from which on the second cache doesn't hold it: then chunks are larger, and small images go several to a chunk, so that U
 * is read less often. (8 MB; U of 512 to 512 channels has 17 MB in tiles of 2×2, 38 MB in tiles of 4×4.)
 */
const LARGE_FILTERS = 2 ** 21;
/** Places of such a chunk at most, those of all its tiles together: one place's part of V of 512 channels is then 256 KB or less. */
const PLACES_TOGETHER = 2048;

/** Lanes go across four input channels and eight output channels; fewer are left to the plain kernels. */
export function suits(g: Conv2dGeometry): boolean {
  return g.C >= 4 && g.OC >= PANEL;
}

/**
 * Elements from one place of U to the next. Places a multiple of the cache's size apart would push each other out; a line between them
 * prevents it.
 */
export const filterSlice = ({ C, OC }: Pick<Conv2dGeometry, 'C' | 'OC'>): number =>
  Math.ceil(OC / PANEL) * C * PANEL + 16;

/**
 * How TH·TW tiles go in chunks: of `rows` rows, or, where the filters are large, of as many rows, or whole samples, as PLACES_TOGETHER
 * allows.
 */
export function tiles(
  g: Conv2dGeometry,
  given: Pick<Tiling, 'edge' | 'places' | 'TH' | 'TW' | 'rows' | 'outputSize'>,
): Tiling {
  const { C, OC, OH, OW } = g;
  const { edge, places, TH, TW } = given;
  const covered = { ...g, OH: edge * TH, OW: edge * TW };
  const isLarge = places * C * OC >= LARGE_FILTERS;
  const most = isLarge ? Math.floor(PLACES_TOGETHER / (places * TW)) : 0;
  const rows = Math.max(given.rows, Math.min(TH, most));
  const samples = rows === TH ? Math.max(1, Math.floor(most / TH)) : 1;
  const count = samples * rows * TW;
  // Places a multiple of the cache's size apart would push each other out; a line between them prevents it.
  const slice = count * C + 16;
  const padded = paddedGeometry(covered);
  return { ...given, covered, padded, C, OC, OH, OW, rows, samples, count, slice, uSlice: filterSlice(g) };
}

/** Takes what a transform gives in place i. */
export type Take = (i: number, value: Value<'v128'>) => void;

export function setAll(locals: readonly Local<'v128'>[], values: readonly Value<'v128'>[]): void {
  for (const [i, local] of locals.entries()) local.set(values[i]);
}

/** Where the parts of a call's room begin, in elements: [ V of a chunk | M of a chunk | its padded samples ]. */
export function chunkParts({ covered, OC, places, slice, samples, count }: Tiling) {
  const m = places * slice;
  const image = m + Math.ceil(OC / PANEL) * places * count * PANEL;
  return { m, image, end: image + samples * paddedSize(covered) };
}

/**
 * kernel(N, x, u, v, m, bias, y, choice): x [N, H, W, C] → y, and choice, `outputSize` elements a sample. N is a multiple of the
 * tiling's samples.
 */
export function emitChunks(
  module: ModuleBuilder,
  mulAdd: MulAdd,
  tiling: Tiling,
  transforms: Transforms,
): void {
  const { padded, OC, TH, TW, rows, C, edge, places, outputSize } = tiling;
  const imageBytes = padded.H * padded.W * C * FLOAT;
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
    const [row, sample, channel, xTile, vSample, mSample, out] = f.locals('i32', 7);
    const input = transforms.input(f);
    /** The three passes of so many rows of tiles, from `row` on, of each of a chunk's samples. */
    const chunk = (some: number): void => {
      const count = some * TW;
      const part = { ...tiling, rows: some, count: tiling.samples * count };
      const product = new ProductPass(f, mulAdd, part);
      const output = transforms.output(f, part, { y, choice });
      xTile.set(i32.add(x, i32.mul(row, edge * padded.W * C * FLOAT)));
      vSample.set(v);
      f.for(sample, 0, tiling.samples, 1, () => {
        input.emit(xTile, vSample, some);
        xTile.advance(imageBytes);
        vSample.advance(count * C * FLOAT);
      });
      product.emit(v, u, m);
      mSample.set(m);
      // for each panel of output channels
      overlappingBlocks(f, channel, { count: OC, size: PANEL, bytes: 1 }, () => {
        f.for(sample, 0, tiling.samples, 1, () => {
          const first = i32.add(i32.add(out, channel), i32.mul(sample, outputSize));
          output.emit(mSample, i32.add(bias, i32.shl(channel, 2)), row, first);
          mSample.advance(count * PANEL * FLOAT);
        });
        mSample.advance((places - 1) * part.count * PANEL * FLOAT);
      });
    };
    const left = TH % rows;
    // for each chunk's samples: for each chunk, from its row of tiles on; the last one may have fewer
    out.set(0);
    f.while(samples, () => {
      f.for(row, 0, TH - left, rows, () => chunk(rows));
      if (left > 0) chunk(left);
      x.advance(tiling.samples * imageBytes);
      out.advance(tiling.samples * outputSize);
      samples.advance(-tiling.samples);
    });
  });
}

/** Calls such a kernel on N samples, or on the last of them one for fewer. */
export function runChunks(
  simd: SimdCompiler,
  kernelOf: (tiling: Tiling) => Kernel,
  tiling: Tiling,
  N: number,
  { x, u, b, y, choice, room }: ChunkArrays,
): void {
  const { covered, rows, TW, samples, outputSize } = tiling;
  const parts = chunkParts(tiling);
  const [uAt, bAt, yAt, v] = [u, b, y, room].map((array) => simd.address(array));
  const choiceAt = choice ? simd.address(choice) : 0;
  const m = v + parts.m * FLOAT;
  const isPadded = !isUnpadded(covered);
  const size = isPadded ? paddedSize(covered) : covered.H * covered.W * covered.C;
  /** Samples of a call: an image with its margin is copied for each of them. */
  const most = isPadded ? samples : N - (N % samples) || N;
  for (let n = 0; n < N; n += most) {
    const some = Math.min(most, N - n);
    for (let i = 0; isPadded && i < some; i++) {
      const image = parts.image + i * size;
      padImage(covered, x, n + i, room.subarray(image, image + size), n > 0);
    }
    const from = isPadded ? v + parts.image * FLOAT : simd.address(x) + n * size * FLOAT;
    const together = Math.min(samples, some);
    const kernel = kernelOf({ ...tiling, samples: together, count: together * rows * TW });
    const out = n * outputSize;
    kernel(some, from, uAt, v, m, bAt, yAt + out * FLOAT, choiceAt + out);
  }
}
