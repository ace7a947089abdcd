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
  /** The transformed filters, in panels [⌈OC/8⌉, places, C, 8]. */
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

/** Lanes go across four input channels and eight output channels; fewer are left to the plain kernels. */
export function suits(g: Conv2dGeometry): boolean {
  return g.C >= 4 && g.OC >= PANEL;
}

/** A sample's TH·TW tiles, so many `rows` of them a chunk. */
export function tiles(
  g: Conv2dGeometry,
  given: Pick<Tiling, 'edge' | 'places' | 'TH' | 'TW' | 'rows' | 'outputSize'>,
): Tiling {
  const { C, OC, OH, OW } = g;
  const { edge, TH, TW, rows } = given;
  const covered = { ...g, OH: edge * TH, OW: edge * TW };
  const count = rows * TW;
  // Places a multiple of the cache's size apart would push each other out; a line between them prevents it.
  const slice = count * C + 16;
  return { ...given, covered, padded: paddedGeometry(covered), C, OC, OH, OW, count, slice };
}

/** Takes what a transform gives in place i. */
export type Take = (i: number, value: Value<'v128'>) => void;

export function setAll(locals: readonly Local<'v128'>[], values: readonly Value<'v128'>[]): void {
  for (const [i, local] of locals.entries()) local.set(values[i]);
}

/** Where the parts of a call's room begin, in elements: [ V of a chunk | M of a chunk and panel | a padded sample ]. */
export function chunkParts({ covered, places, slice, count }: Tiling) {
  const m = places * slice;
  const image = m + places * count * PANEL;
  return { m, image, end: image + paddedSize(covered) };
}

/** kernel(N, x, u, v, m, bias, y, choice): x [N, H, W, C] → y, and choice, `outputSize` elements a sample. */
export function emitChunks(
  module: ModuleBuilder,
  mulAdd: MulAdd,
  tiling: Tiling,
  transforms: Transforms,
): void {
  const { padded, OC, TH, TW, rows, C, edge, places, outputSize } = tiling;
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
    const input = transforms.input(f);
    /** The three passes of so many rows of tiles, from `row` on. */
    const chunk = (some: number): void => {
      const part = { ...tiling, rows: some, count: some * TW };
      const product = new ProductPass(f, mulAdd, part);
      const output = transforms.output(f, part, { y, choice });
      input.emit(i32.add(x, i32.mul(row, edge * padded.W * C * FLOAT)), v, some);
      panel.set(u);
      // for each panel of output channels
      overlappingBlocks(f, channel, { count: OC, size: PANEL, bytes: 1 }, () => {
        product.emit(v, panel, m);
        output.emit(m, i32.add(bias, i32.shl(channel, 2)), row, i32.add(out, channel));
        panel.advance(places * C * PANEL * FLOAT);
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

/** Calls such a kernel on N samples. */
export function runChunks(
  simd: SimdCompiler,
  kernel: Kernel,
  tiling: Tiling,
  N: number,
  { x, u, b, y, choice, room }: ChunkArrays,
): void {
  const parts = chunkParts(tiling);
  const [uAt, bAt, yAt, v] = [u, b, y, room].map((array) => simd.address(array));
  const choiceAt = choice ? simd.address(choice) : 0;
  const m = v + parts.m * FLOAT;
  if (isUnpadded(tiling.covered)) {
    kernel(N, simd.address(x), uAt, v, m, bAt, yAt, choiceAt);
    return;
  }
  const image = room.subarray(parts.image, parts.end);
  for (let n = 0; n < N; n++) {
    padImage(tiling.covered, x, n, image);
    const out = n * tiling.outputSize;
    kernel(1, simd.address(image), uAt, v, m, bAt, yAt + out * FLOAT, choiceAt + out);
  }
}
