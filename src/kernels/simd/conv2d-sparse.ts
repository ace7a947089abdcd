/**
 * The convolution's gradients from the non-zero elements of dy alone.
 *
 * Below max-pooling, ReLU and dropout 4.5–9 % of dy is not zero. One pass over a sample's gradient (`emitLists`) writes
 * two orders of the same elements, and each gradient walks the one that keeps its sums in order:
 *
 *   by filter    for each oc, (oh, ow) ascending: the address of the element's patch in x, and the element.
 *                dw: a chunk of the filter's sums stays in registers while its list is walked,
 *                  sums[k] += x[patch + k]·dy, and dw stands transposed [OC, K] meanwhile, so that k are neighbours.
 *   by position  for each (oh, ow) that has any, ascending: oc ascending: the address of the filter's weights in
 *                wT [OC, K], and the element.
 *                dx: the patch's row Σ_oc dy·wT[oc] is summed in registers and added to dx once, as col2im does.
 *
 * Bound by loads and stores: dw by reading patches from the L2 cache, dx by its read-modify-write.
 */
import type { Conv2dGeometry } from '../geometry.ts';
import type { Local, ModuleBuilder } from './assembler.ts';
import { FLOAT, VECTOR } from './blocks.ts';
import type { Kernel, MulAdd, SimdCompiler } from './compiler.ts';
import { geometryKey } from './conv2d-forward.ts';
import { f32, f32x4, i8x16, i32, i32x4, type Value, v128 } from './instructions.ts';

/** Bytes of a list's element: an address and a float32. */
const ITEM = 8;

/** Where a sample's lists stand in scratch, in bytes from their start. */
export interface ListLayout {
  /** By filter: the ends of the lists, [OC] addresses. */
  readonly ends: number;
  /** By filter: the lists, [OC] of `listSize` bytes each. */
  readonly lists: number;
  readonly listSize: number;
  /** By position: (offset of the patch in bytes, count), then `count` items; after the last a count of 0. */
  readonly stream: number;
  /** All of it. */
  readonly size: number;
}

/** Room for lists in which no element is zero. */
export function listLayout({ P, OC }: Conv2dGeometry): ListLayout {
  // An odd number of cache lines, so that the lists' beginnings don't fall on each other in the cache.
  const listSize = 64 * (Math.ceil((P * ITEM) / 64) | 1);
  const lists = 64 * Math.ceil((OC * FLOAT) / 64);
  const stream = lists + OC * listSize;
  return { ends: 0, lists, listSize, stream, size: stream + P * (ITEM + OC * ITEM) + ITEM };
}

/** Which lists are wanted. */
export interface Wanted {
  readonly dw: boolean;
  readonly db: boolean;
  readonly dx: boolean;
}

/** Where the gradient comes from: dy [P, OC] itself, or through 2×2 windows, with ReLU in front of them or not. */
export type GradientSource = 'direct' | 'pooled' | 'pooled relu';

/**
 * kernel(x, dy, y, choice, wT, lists, db) for one sample: writes the lists, and goes on with db's sums.
 * direct: dy [P, OC], y and choice unused. pooled: dy, y, choice [OH/2, OW/2, OC].
 */
export function listGradient(
  simd: SimdCompiler,
  g: Conv2dGeometry,
  source: GradientSource,
  wanted: Wanted,
): Kernel {
  const key = `${geometryKey(g)} ${source} ${wanted.dw} ${wanted.db} ${wanted.dx}`;
  return simd.kernel(`listGradient ${key}`, (module) => emitLists(module, g, source, wanted));
}

function emitLists(module: ModuleBuilder, g: Conv2dGeometry, source: GradientSource, wanted: Wanted): void {
  const { W, C, SH, SW, OH, OW, OC, K } = g;
  const { ends, lists, listSize, stream: streamStart } = listLayout(g);
  // biome-ignore format: addresses
  const signature = {
    x: 'i32', dy: 'i32', y: 'i32', choice: 'i32', wT: 'i32', scratch: 'i32', db: 'i32',
  } as const;
  module.func('kernel', signature, (f, { x, dy, y, choice, wT, scratch, db }) => {
    const stream = f.local('i32', i32.add(scratch, streamStart));
    const header = f.local('i32');
    const patch = f.local('i32'); // bytes from the sample's first element
    const bits = f.local('i32');
    const channel = f.local('i32');
    const gradient = f.local('f32');
    const end = f.local('i32');
    const row = f.local('i32');
    const column = f.local('i32');
    const oc = f.local('i32');

    // ends[oc] = where list oc begins
    if (wanted.dw) {
      end.set(i32.add(scratch, lists));
      f.for(oc, 0, OC, 1, () => {
        f.store(i32.add(scratch, i32.shl(oc, 2)), ends, end);
        end.advance(listSize);
      });
    }

    /** Lists the elements of one position: those of each 32 channels whose bits are set. */
    const listPosition = (dyPixel: Local<'i32'>, bitsOf: (from: number, vectors: number) => Value<'i32'>) => {
      header.set(stream);
      stream.advance(ITEM);
      for (let from = 0; from < OC; from += 32) {
        bits.set(bitsOf(from, Math.min(32, OC - from) / 4));
        f.while(bits, () => {
          // channel = the lowest bit that is set; clear it
          channel.set(i32.ctz(bits));
          bits.set(i32.and(bits, i32.sub(bits, 1)));
          gradient.set(f32.load(i32.add(dyPixel, i32.shl(channel, 2)), from * FLOAT));
          if (wanted.dw) {
            // *ends[oc]++ = (patch, gradient)
            oc.set(i32.add(scratch, i32.shl(channel, 2)));
            end.set(i32.load(oc, ends + from * FLOAT));
            f.store(end, 0, i32.add(x, patch));
            f.store(end, FLOAT, gradient);
            f.store(oc, ends + from * FLOAT, i32.add(end, ITEM));
          }
          if (wanted.db) {
            // db[oc] += gradient
            oc.set(i32.add(db, i32.shl(channel, 2)));
            f.store(oc, from * FLOAT, f32.add(f32.load(oc, from * FLOAT), gradient));
          }
          if (wanted.dx) {
            // *stream++ = (weights of the filter, gradient)
            f.store(stream, 0, i32.add(wT, i32.add(i32.mul(channel, K * FLOAT), from * K * FLOAT)));
            f.store(stream, FLOAT, gradient);
            stream.advance(ITEM);
          }
        });
      }
      // Nothing here: take the header back. Else header = (patch, count).
      f.store(header, 0, patch);
      f.store(header, FLOAT, i32.shrU(i32.sub(stream, i32.add(header, ITEM)), 3));
      f.if(i32.eq(stream, i32.add(header, ITEM)), () => stream.set(header));
    };

    /** Bits of the channels for which `test` of their vector is true. */
    const channelBits = (vectors: number, test: (v: number) => Value<'v128'>): Value<'i32'> => {
      let all = i32x4.bitmask(test(0));
      for (let v = 1; v < vectors; v++) all = i32.or(all, i32.shl(i32x4.bitmask(test(v)), 4 * v));
      return all;
    };

    if (source === 'direct') {
      f.for(row, 0, OH, 1, () => {
        patch.set(i32.mul(row, SH * W * C * FLOAT));
        f.for(column, 0, OW, 1, () => {
          listPosition(dy, (from, vectors) =>
            channelBits(vectors, (v) => f32x4.ne(v128.load(dy, from * FLOAT + v * VECTOR), v128.zero())),
          );
          dy.advance(OC * FLOAT);
          patch.advance(SW * C * FLOAT);
        });
      });
    } else {
      const dyPixel = f.local('i32');
      const yPixel = f.local('i32');
      const choicePixel = f.local('i32');
      const alive = f.locals('i32', Math.ceil(OC / 32));
      const PW = OW >> 1;
      /** Bits of the channels whose maximum stood at `position` of the window. */
      const chosen = (position: number, from: number, vectors: number): Value<'i32'> => {
        const bytes = (load: Value<'v128'>) => i8x16.bitmask(i8x16.eq(load, i8x16.splat(position)));
        if (vectors === 8) {
          const [low, high] = [v128.load(choicePixel, from), v128.load(choicePixel, from + 16)];
          return i32.or(bytes(low), i32.shl(bytes(high), 16));
        }
        let all = i32.const(0);
        for (let v = 0; v < vectors; v++) {
          const four = bytes(v128.load32Zero(choicePixel, from + 4 * v));
          all = i32.or(all, i32.shl(i32.and(four, 0xf), 4 * v));
        }
        return all;
      };
      // A row of windows holds two rows of dy: the upper is listed whole before the lower.
      f.for(row, 0, OH >> 1, 1, () => {
        for (const kh of [0, 1]) {
          dyPixel.set(dy);
          yPixel.set(y);
          choicePixel.set(choice);
          patch.set(i32.add(i32.mul(row, 2 * SH * W * C * FLOAT), kh * SH * W * C * FLOAT));
          f.for(column, 0, PW, 1, () => {
            alive.forEach((word, i) => {
              const vectors = Math.min(32, OC - 32 * i) / 4;
              word.set(
                channelBits(vectors, (v) => {
                  const at = i * 32 * FLOAT + v * VECTOR;
                  const nonZero = f32x4.ne(v128.load(dyPixel, at), v128.zero());
                  if (source === 'pooled') return nonZero;
                  // With ReLU, y = 0 means that the whole window was cut off.
                  return v128.and(nonZero, f32x4.gt(v128.load(yPixel, at), v128.zero()));
                }),
              );
            });
            for (const kw of [0, 1]) {
              listPosition(dyPixel, (from, vectors) =>
                i32.and(alive[from / 32], chosen(2 * kh + kw, from, vectors)),
              );
              patch.advance(SW * C * FLOAT);
            }
            dyPixel.advance(OC * FLOAT);
            yPixel.advance(OC * FLOAT);
            choicePixel.advance(OC);
          });
        }
        dy.advance(PW * OC * FLOAT);
        y.advance(PW * OC * FLOAT);
        choice.advance(PW * OC);
      });
    }
    // a count of 0 ends the stream
    f.store(stream, FLOAT, i32.const(0));
  });
}

/**
 * Sums that stay in registers while a list is walked, in vectors. Lists are short (a filter has about 40 gradients in a
 * sample, a position two or three), and six came out fastest of 3, 4, 6, 8 and 12: 4.2 ms for dw of a batch of 128,
 * 5.3 with eight, 5.6 with twelve; 4.2, 4.9 and 6.2 for dx.
 */
const MOST_SUMS = 6;

/** The largest number of vectors that divides a patch's row into equal chunks. */
function chunkOf(rowVectors: number): number {
  let chunk = Math.min(MOST_SUMS, rowVectors);
  while (rowVectors % chunk !== 0) chunk--;
  return chunk;
}

/** kernel(lists, dwT) for one sample: dwT [OC, K] goes on by x's patches times dy, from the lists by filter. */
export function sparseWeightGradient(simd: SimdCompiler, g: Conv2dGeometry): Kernel {
  return simd.kernel(`sparseWeightGradient ${geometryKey(g)}`, (module) =>
    emitWeightGradient(module, simd.mulAdd, g),
  );
}

function emitWeightGradient(module: ModuleBuilder, mulAdd: MulAdd, g: Conv2dGeometry): void {
  const { W, C, KH, KW, OC } = g;
  const { ends, lists, listSize } = listLayout(g);
  const rowVectors = (KW * C) / 4;
  const chunk = chunkOf(rowVectors);
  module.func('kernel', { scratch: 'i32', dwT: 'i32' }, (f, { scratch, dwT }) => {
    const list = f.local('i32', i32.add(scratch, lists));
    const sums = f.locals('v128', chunk);
    const gradient = f.local('v128');
    const [oc, kh, part, end, item, x, xChunk] = f.locals('i32', 7);
    // for each filter, row of the patch, chunk of the row
    f.for(oc, 0, OC, 1, () => {
      end.set(i32.load(i32.add(scratch, i32.shl(oc, 2)), ends));
      f.if(
        i32.ne(end, list),
        () => {
          xChunk.set(0);
          f.for(kh, 0, KH, 1, () => {
            f.for(part, 0, rowVectors / chunk, 1, () => {
              sums.forEach((sum, j) => {
                sum.set(v128.load(dwT, j * VECTOR));
              });
              item.set(list);
              // for each non-zero gradient of the filter: sums[k] += x[patch + k] · gradient
              f.doWhile(() => {
                x.set(i32.add(i32.load(item), xChunk));
                gradient.set(v128.load32Splat(item, FLOAT));
                sums.forEach((sum, j) => {
                  sum.set(mulAdd(sum, gradient, v128.load(x, j * VECTOR)));
                });
                item.advance(ITEM);
                return i32.ne(item, end);
              });
              sums.forEach((sum, j) => {
                f.store(dwT, j * VECTOR, sum);
              });
              dwT.advance(chunk * VECTOR);
              xChunk.advance(chunk * VECTOR);
            });
            xChunk.advance((W - KW) * C * FLOAT);
          });
        },
        () => dwT.advance(g.K * FLOAT),
      );
      list.advance(listSize);
    });
  });
}

/** kernel(lists, dx) for one sample: dx [H, W, C] is added to, from the list by position. */
export function sparseInputGradient(simd: SimdCompiler, g: Conv2dGeometry): Kernel {
  return simd.kernel(`sparseInputGradient ${geometryKey(g)}`, (module) =>
    emitInputGradient(module, simd.mulAdd, g),
  );
}

function emitInputGradient(module: ModuleBuilder, mulAdd: MulAdd, g: Conv2dGeometry): void {
  const { W, C, KH, KW } = g;
  const { stream: streamStart } = listLayout(g);
  const rowVectors = (KW * C) / 4;
  const chunk = chunkOf(rowVectors);
  module.func('kernel', { scratch: 'i32', dx: 'i32' }, (f, { scratch, dx }) => {
    const stream = f.local('i32', i32.add(scratch, streamStart));
    const sums = f.locals('v128', chunk);
    const gradient = f.local('v128');
    const [count, out, kh, part, item, end, weights, wChunk] = f.locals('i32', 8);
    // for each position with gradients
    f.while(count.tee(i32.load(stream, FLOAT)), () => {
      out.set(i32.add(dx, i32.load(stream)));
      stream.advance(ITEM);
      end.set(i32.add(stream, i32.mul(count, ITEM)));
      wChunk.set(0);
      // for each row of the patch, chunk of the row
      f.for(kh, 0, KH, 1, () => {
        f.for(part, 0, rowVectors / chunk, 1, () => {
          for (const sum of sums) sum.set(v128.zero());
          item.set(stream);
          // for each gradient of the position: sums[k] += gradient · wT[oc, k]
          f.doWhile(() => {
            weights.set(i32.add(i32.load(item), wChunk));
            gradient.set(v128.load32Splat(item, FLOAT));
            sums.forEach((sum, j) => {
              sum.set(mulAdd(sum, gradient, v128.load(weights, j * VECTOR)));
            });
            item.advance(ITEM);
            return i32.ne(item, end);
          });
          // dx[patch + k] += sums[k]
          sums.forEach((sum, j) => {
            f.store(out, j * VECTOR, f32x4.add(v128.load(out, j * VECTOR), sum));
          });
          out.advance(chunk * VECTOR);
          wChunk.advance(chunk * VECTOR);
        });
        out.advance((W - KW) * C * FLOAT);
      });
      stream.set(end);
    });
  });
}

/** Whether the walk serves this geometry: whole vectors in a patch's rows and in a pixel's channels. */
export function isSparseServed(g: Conv2dGeometry): boolean {
  return (g.KW * g.C) % 4 === 0 && g.OC % 4 === 0;
}
