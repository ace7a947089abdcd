/**
 * Lists of the non-zero elements of a convolution's output gradient dy, which conv2d-sparse.ts walks.
 *
 * Below max-pooling, ReLU and dropout 4.5–9 % of dy is not zero. One pass over a sample's gradient writes two orders of the same
 * elements, so that each gradient has the one that keeps its sums in order:
 *
 *   by filter, for dw     for each oc, (oh, ow) ascending: the address of the element's patch in x, and the element
 *   by position, for dx   for each (oh, ow) that has any, ascending: oc ascending: the address of the filter's weights in wT [OC, K],
 *                         and the element
 */
import type { Conv2dGeometry } from '../geometry.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import { FLOAT, VECTOR } from './blocks.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { geometryKey } from './conv2d-forward.ts';
import { f32, f32x4, i8x16, i32, i32x4, type Value, v128 } from './instructions.ts';

/** Bytes of a list's element: an address and a float32. */
export const ITEM = 8;

/** Where a sample's lists are in scratch, in bytes from their start. */
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
 * kernel(x, dy, y, choice, wT, scratch, db) for one sample: writes the lists, and continues with db's sums.
 * direct: dy [P, OC], y and choice unused. pooled: dy, y, choice [OH/2, OW/2, OC].
 */
export function listGradient(
  simd: SimdCompiler,
  g: Conv2dGeometry,
  source: GradientSource,
  wanted: Wanted,
): Kernel {
  const key = `${geometryKey(g)} ${source} ${wanted.dw} ${wanted.db} ${wanted.dx}`;
  return simd.kernel(`listGradient ${key}`, (module) => {
    // biome-ignore format: addresses
    const signature = {
      x: 'i32', dy: 'i32', y: 'i32', choice: 'i32', wT: 'i32', scratch: 'i32', db: 'i32',
    } as const;
    module.func('kernel', signature, (f, addresses) => {
      const lists = new ListWriter(f, g, wanted, addresses);
      if (source === 'direct') emitDirect(f, g, addresses, lists);
      else emitPooled(f, g, addresses, lists, source === 'pooled relu');
      lists.end();
    });
  });
}

/** The kernel's arguments: addresses of one sample's arrays. */
type Addresses = Readonly<Record<'x' | 'dy' | 'y' | 'choice' | 'wT' | 'scratch' | 'db', Local<'i32'>>>;

/** Channels whose bits fit one word. */
const WORD = 32;

/** Writes the lists, position by position. */
class ListWriter {
  /** The position's patch, in bytes from the sample's first element: who walks the positions sets it. */
  readonly patch: Local<'i32'>;
  readonly #f: FunctionBuilder;
  readonly #g: Conv2dGeometry;
  readonly #wanted: Wanted;
  readonly #at: Addresses;
  readonly #stream: Local<'i32'>;
  readonly #gradient: Local<'f32'>;
  readonly #pointers: readonly Local<'i32'>[];

  constructor(f: FunctionBuilder, g: Conv2dGeometry, wanted: Wanted, at: Addresses) {
    this.#f = f;
    this.#g = g;
    this.#wanted = wanted;
    this.#at = at;
    this.patch = f.local('i32');
    this.#stream = f.local('i32', i32.add(at.scratch, listLayout(g).stream));
    this.#gradient = f.local('f32');
    this.#pointers = f.locals('i32', 5);
    if (wanted.dw) this.#beginLists();
  }

  /** ends[oc] = where list oc begins */
  #beginLists(): void {
    const f = this.#f;
    const { ends, lists, listSize } = listLayout(this.#g);
    const { scratch } = this.#at;
    const [oc, end] = this.#pointers;
    end.set(i32.add(scratch, lists));
    f.for(oc, 0, this.#g.OC, 1, () => {
      f.store(i32.add(scratch, i32.shl(oc, 2)), ends, end);
      end.advance(listSize);
    });
  }

  /**
   * Lists the elements of one position.
   * @param dyPixel address of the first channel's element
   * @param bitsOf a word whose bits are set for those of `vectors` × 4 channels, from channel `from` on, that are listed
   */
  position(dyPixel: Local<'i32'>, bitsOf: (from: number, vectors: number) => Value<'i32'>): void {
    const f = this.#f;
    const { OC } = this.#g;
    const stream = this.#stream;
    const [, , header, bits, channel] = this.#pointers;
    header.set(stream);
    stream.advance(ITEM);
    for (let from = 0; from < OC; from += WORD) {
      bits.set(bitsOf(from, Math.min(WORD, OC - from) / 4));
      f.while(bits, () => {
        // channel = the lowest bit that is set; clear it
        channel.set(i32.ctz(bits));
        bits.set(i32.and(bits, i32.sub(bits, 1)));
        this.#gradient.set(f32.load(i32.add(dyPixel, i32.shl(channel, 2)), from * FLOAT));
        this.#element(from, channel);
      });
    }
    // header = (patch, count). Where the count is 0, the next position's header takes its place.
    f.store(header, 0, this.patch);
    f.store(header, FLOAT, i32.shrU(i32.sub(stream, i32.add(header, ITEM)), 3));
    f.if(i32.eq(stream, i32.add(header, ITEM)), () => stream.set(header));
  }

  /** Puts the gradient of channel `from` + `channel` into the lists that are wanted. */
  #element(from: number, channel: Local<'i32'>): void {
    const f = this.#f;
    const { K } = this.#g;
    const { x, wT, scratch, db } = this.#at;
    const { ends } = listLayout(this.#g);
    const [oc, end] = this.#pointers;
    const [stream, gradient] = [this.#stream, this.#gradient];
    if (this.#wanted.dw) {
      // *ends[oc]++ = (patch, gradient)
      oc.set(i32.add(scratch, i32.shl(channel, 2)));
      end.set(i32.load(oc, ends + from * FLOAT));
      f.store(end, 0, i32.add(x, this.patch));
      f.store(end, FLOAT, gradient);
      f.store(oc, ends + from * FLOAT, i32.add(end, ITEM));
    }
    if (this.#wanted.db) {
      // db[oc] += gradient
      oc.set(i32.add(db, i32.shl(channel, 2)));
      f.store(oc, from * FLOAT, f32.add(f32.load(oc, from * FLOAT), gradient));
    }
    if (this.#wanted.dx) {
      // *stream++ = (weights of the filter, gradient)
      f.store(stream, 0, i32.add(wT, i32.add(i32.mul(channel, K * FLOAT), from * K * FLOAT)));
      f.store(stream, FLOAT, gradient);
      stream.advance(ITEM);
    }
  }

  /** A count of 0 ends the list by position. */
  end(): void {
    this.#f.store(this.#stream, FLOAT, i32.const(0));
  }
}

/** Walks dy [P, OC] position by position. */
function emitDirect(f: FunctionBuilder, g: Conv2dGeometry, { dy }: Addresses, lists: ListWriter): void {
  const { W, C, SH, SW, OH, OW, OC } = g;
  const [row, column] = f.locals('i32', 2);
  f.for(row, 0, OH, 1, () => {
    lists.patch.set(i32.mul(row, SH * W * C * FLOAT));
    f.for(column, 0, OW, 1, () => {
      lists.position(dy, (from, vectors) =>
        channelBits(vectors, (v) => f32x4.ne(v128.load(dy, from * FLOAT + v * VECTOR), v128.zero())),
      );
      dy.advance(OC * FLOAT);
      lists.patch.advance(SW * C * FLOAT);
    });
  });
}

/** Walks the pooled gradient: a window's element belongs to the position that `choice` names. */
function emitPooled(
  f: FunctionBuilder,
  g: Conv2dGeometry,
  { dy, y, choice }: Addresses,
  lists: ListWriter,
  relu: boolean,
): void {
  const { W, C, SH, SW, OH, OW, OC } = g;
  const PW = OW >> 1;
  const [row, column, dyPixel, yPixel, choicePixel] = f.locals('i32', 5);
  const alive = f.locals('i32', Math.ceil(OC / WORD));
  /** With ReLU, y = 0 means that the whole window was cut off. */
  const isAlive = (at: number): Value<'v128'> => {
    const nonZero = f32x4.ne(v128.load(dyPixel, at), v128.zero());
    return relu ? v128.and(nonZero, f32x4.gt(v128.load(yPixel, at), v128.zero())) : nonZero;
  };
  // A row of windows holds two rows of dy: the upper is listed whole before the lower.
  f.for(row, 0, OH >> 1, 1, () => {
    for (const kh of [0, 1]) {
      dyPixel.set(dy);
      yPixel.set(y);
      choicePixel.set(choice);
      lists.patch.set(i32.add(i32.mul(row, 2 * SH * W * C * FLOAT), kh * SH * W * C * FLOAT));
      f.for(column, 0, PW, 1, () => {
        alive.forEach((word, i) => {
          const vectors = Math.min(WORD, OC - WORD * i) / 4;
          word.set(channelBits(vectors, (v) => isAlive(i * WORD * FLOAT + v * VECTOR)));
        });
        for (const kw of [0, 1]) {
          lists.position(dyPixel, (from, vectors) =>
            i32.and(alive[from / WORD], chosenBits(choicePixel, 2 * kh + kw, from, vectors)),
          );
          lists.patch.advance(SW * C * FLOAT);
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

/** Bits of the channels for which `test` of their vector is true. */
function channelBits(vectors: number, test: (v: number) => Value<'v128'>): Value<'i32'> {
  let all = i32x4.bitmask(test(0));
  for (let v = 1; v < vectors; v++) all = i32.or(all, i32.shl(i32x4.bitmask(test(v)), 4 * v));
  return all;
}

/** Bits of the channels whose maximum was at `position` of the window, a byte each at `choicePixel`. */
function chosenBits(
  choicePixel: Local<'i32'>,
  position: number,
  from: number,
  vectors: number,
): Value<'i32'> {
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
}
