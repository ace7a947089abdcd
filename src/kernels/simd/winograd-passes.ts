/**
 * The three passes of a chunk of Winograd tiles, as code that goes into a kernel; see winograd.ts. The products serve tiles of any
 * size, the two transforms are those of F(2×2, 3×3).
 */
import type { Conv2dGeometry } from '../geometry.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import {
  emitFirstMaximum,
  FLOAT,
  loadAll,
  overlappingBlocks,
  PANEL,
  storeAll,
  VECTOR,
  zeroAll,
} from './blocks.ts';
import type { MulAdd } from './compiler.ts';
import { f32x4, i8x16, i16x8, i32, i32x4, type Operand, type Value, v128 } from './instructions.ts';
import { finish, type Tail } from './matmul.ts';

/** Places of a transformed tile of F(2×2, 3×3), ξ = 4·row + column. */
export const PLACES = 16;

/** How an output is cut into tiles, and those into chunks. */
export interface Tiling {
  /** Rows and columns of outputs that a tile has. */
  readonly edge: 2 | 4;
  /** Places of a transformed tile: (edge + 2)². */
  readonly places: number;
  /** The convolution with its output rounded up, or down, to whole tiles: what its inputs' margin follows from. */
  readonly covered: Conv2dGeometry;
  /** The same on the image with that margin, without padding. */
  readonly padded: Conv2dGeometry;
  readonly C: number;
  readonly OC: number;
  /** The real output. */
  readonly OH: number;
  readonly OW: number;
  /** Tiles of a sample: TH·TW. */
  readonly TH: number;
  readonly TW: number;
  /** Rows of tiles in a chunk, its samples (1 unless it has all rows of one), and its tiles: samples·rows·TW. */
  readonly rows: number;
  readonly samples: number;
  readonly count: number;
  /** Floats from one place's part of V to the next, and of U. */
  readonly slice: number;
  readonly uSlice: number;
  /** Elements of a sample's output, pooled or not. */
  readonly outputSize: number;
}

/** x → V [16, tiles, C] = Bᵀ·d·B, four channels at a time. */
export class InputPass {
  readonly #f: FunctionBuilder;
  readonly #tiling: Tiling;
  readonly #columns: readonly Local<'v128'>[];
  readonly #pointers: readonly Local<'i32'>[];

  constructor(f: FunctionBuilder, tiling: Tiling) {
    this.#f = f;
    this.#tiling = tiling;
    this.#columns = f.locals('v128', 4);
    this.#pointers = f.locals('i32', 6);
  }

  /** `x`: the chunk's first tile in the image, `v`: where V goes, `rows` of tiles. */
  emit(x: Value<'i32'>, v: Local<'i32'>, rows: Operand<'i32'>): void {
    const f = this.#f;
    const { padded, C, TW, slice } = this.#tiling;
    const [channel, xPixel, vBlock, vTile, end, r] = this.#pointers;
    const pixel = C * FLOAT;
    const row = padded.W * pixel;
    const [t0, t1, t2, t3] = this.#columns;
    /** Bᵀ·d in place (i, j): what row i of Bᵀ makes of the four numbers below one another. */
    const along = (i: number, j: number): Value<'v128'> => {
      const d = (h: number) => v128.load(xPixel, h * row + j * pixel);
      if (i === 0) return f32x4.sub(d(0), d(2));
      if (i === 1) return f32x4.add(d(1), d(2));
      return i === 2 ? f32x4.sub(d(2), d(1)) : f32x4.sub(d(1), d(3));
    };
    // for each four channels: for each row of tiles: for each row i of V's places: for each tile
    overlappingBlocks(f, channel, { count: C, size: 4, bytes: FLOAT }, () => {
      vBlock.set(i32.add(v, channel));
      f.for(r, 0, rows, 1, () => {
        for (let i = 0; i < 4; i++) {
          xPixel.set(i32.add(x, i32.add(channel, i32.mul(r, 2 * row))));
          vTile.set(i32.add(vBlock, i32.mul(r, TW * pixel)));
          end.set(i32.add(vTile, TW * pixel));
          t0.set(along(i, 0));
          t1.set(along(i, 1));
          f.doWhile(() => {
            t2.set(along(i, 2));
            t3.set(along(i, 3));
            const place = (j: number) => (4 * i + j) * slice * FLOAT;
            f.store(vTile, place(0), f32x4.sub(t0, t2));
            f.store(vTile, place(1), f32x4.add(t1, t2));
            f.store(vTile, place(2), f32x4.sub(t2, t1));
            f.store(vTile, place(3), f32x4.sub(t1, t3));
            // The next tile begins two columns on.
            t0.set(t2);
            t1.set(t3);
            xPixel.advance(2 * pixel);
            vTile.advance(pixel);
            return i32.ne(vTile, end);
          });
        }
      });
    });
  }
}

/**
 * M[ξ] = V[ξ] [tiles, C] · U[ξ] [C, OC] for all ξ. V[ξ] stays near the registers while the panels of U[ξ] go by, each in blocks of four
 * tiles: eight sums in registers. Where four don't divide them, the last block is smaller.
 *
 * Where an image has the same colour, what lies below a tile is the same everywhere, and most of V's differences are zero: their products
 * are ±0, which changes no sum. So of each V[ξ] the tiles from the first to the last that isn't zero are multiplied; the others get +0. Of
 * the digits 5–9 these are two fifths, of 0–4 three tenths: the experiment's second layer takes 0.72 of the time in training. (Where nothing
 * is zero the search takes too little to be measured.)
 */
export class ProductPass {
  readonly #f: FunctionBuilder;
  readonly #mulAdd: MulAdd;
  readonly #tiling: Tiling;
  readonly #sums: readonly (readonly Local<'v128'>[])[];
  readonly #weights: readonly Local<'v128'>[];
  readonly #factor: Local<'v128'>;
  readonly #pointers: readonly Local<'i32'>[];
  readonly #span: Readonly<Record<'first' | 'end' | 'rest', Local<'i32'>>>;

  constructor(f: FunctionBuilder, mulAdd: MulAdd, tiling: Tiling) {
    this.#f = f;
    this.#mulAdd = mulAdd;
    this.#tiling = tiling;
    this.#weights = f.locals('v128', PANEL / 4);
    this.#sums = Array.from({ length: 4 }, () => f.locals('v128', PANEL / 4));
    this.#factor = f.local('v128');
    this.#pointers = f.locals('i32', 9);
    this.#span = { first: f.local('i32'), end: f.local('i32'), rest: f.local('i32') };
  }

  /** `v`: the chunk's V, `u`: U [places, ⌈OC/8⌉, C, 8], `m`: its M [⌈OC/8⌉, places, count, 8]. */
  emit(v: Local<'i32'>, u: Local<'i32'>, m: Local<'i32'>): void {
    const f = this.#f;
    const { C, OC, count, slice, uSlice, places } = this.#tiling;
    const [place, panel, vPlace, uPanel, uEnd, mPanel, tile, a, b] = this.#pointers;
    const tileBytes = C * FLOAT;
    const panelBytes = PANEL * FLOAT;
    /** Tiles from `begin` to `end` of a panel, so many at once. */
    const products = (size: number, begin: Operand<'i32'>, end: Operand<'i32'>): void => {
      const sums = this.#sums.slice(0, size);
      f.for(tile, begin, end, size, () => {
        zeroAll(sums.flat());
        a.set(i32.add(vPlace, i32.mul(tile, tileBytes)));
        b.set(uPanel);
        // for c ascending: sums[t][oc] += V[tile + t, c] · U[c, oc]
        f.doWhile(() => {
          loadAll(this.#weights, b);
          sums.forEach((row, t) => {
            this.#factor.set(v128.load32Splat(a, t * tileBytes));
            row.forEach((sum, i) => {
              sum.set(this.#mulAdd(sum, this.#factor, this.#weights[i]));
            });
          });
          a.advance(FLOAT);
          b.advance(panelBytes);
          return i32.ne(b, uEnd);
        });
        a.set(i32.add(mPanel, i32.mul(tile, panelBytes)));
        storeAll(f, a, sums.flat());
      });
    };
    const zeros = (begin: Operand<'i32'>, end: Operand<'i32'>): void =>
      f.for(tile, begin, end, 1, () => {
        for (let i = 0; i < PANEL / 4; i++) {
          f.store(i32.add(mPanel, i32.mul(tile, panelBytes)), i * VECTOR, v128.zero());
        }
      });
    const { first, end, rest } = this.#span;
    vPlace.set(v);
    // for each place: for each panel: for each block of tiles
    f.for(place, 0, places, 1, () => {
      uPanel.set(i32.add(u, i32.mul(place, uSlice * FLOAT)));
      mPanel.set(i32.add(m, i32.mul(place, count * panelBytes)));
      this.#search(vPlace);
      f.for(panel, 0, Math.ceil(OC / PANEL), 1, () => {
        uEnd.set(i32.add(uPanel, C * panelBytes));
        zeros(0, first);
        products(4, first, i32.sub(end, rest));
        for (const size of [3, 2, 1]) {
          f.if(i32.eq(rest, size), () => products(size, i32.sub(end, size), end));
        }
        zeros(end, count);
        uPanel.set(uEnd);
        mPanel.advance(places * count * panelBytes);
      });
      vPlace.advance(slice * FLOAT);
    });
  }

  /** The tiles of a place from the first to the last that isn't zero, and how many of them four leave. */
  #search(vPlace: Local<'i32'>): void {
    const f = this.#f;
    const { C, count } = this.#tiling;
    const tileBytes = C * FLOAT;
    const { first, end, rest } = this.#span;
    const [a, b] = this.#pointers.slice(-2);
    /** Whether the tile at `a` has a number that isn't zero; of the next tile's it may see some. */
    const isThere = (): Value<'i32'> => {
      this.#factor.set(v128.zero());
      b.set(a);
      f.doWhile(() => {
        this.#factor.set(v128.or(this.#factor, v128.load(b)));
        b.advance(VECTOR);
        return i32.ltU(b, i32.add(a, tileBytes));
      });
      return i32.ne(i32x4.bitmask(i32x4.eq(this.#factor, v128.zero())), 15);
    };
    /** Goes on from tile to tile, up or down, as far as they are zeros. */
    const pass = (bound: Local<'i32'>, step: number): void =>
      f.block((found) =>
        f.while(i32.ltU(first, end), () => {
          f.branchIf(found, isThere());
          a.advance(step * tileBytes);
          bound.advance(step);
        }),
      );
    first.set(0);
    end.set(count);
    a.set(vPlace);
    pass(first, 1);
    a.set(i32.add(vPlace, (count - 1) * tileBytes));
    pass(end, -1);
    rest.set(i32.and(i32.sub(end, first), 3));
  }
}

/** M → y = relu(Aᵀ·M·A + bias), pooled where `choice` is given. */
export class OutputPass {
  readonly #f: FunctionBuilder;
  readonly #tiling: Tiling;
  readonly #y: Local<'i32'>;
  readonly #choice: Local<'i32'> | undefined;
  readonly #tail: Tail;
  readonly #half: readonly Local<'v128'>[];
  readonly #m: readonly Local<'v128'>[];
  readonly #maximum: Readonly<Record<'best' | 'better' | 'value', Local<'v128'>>>;
  readonly #positions: readonly Local<'v128'>[];
  readonly #indices: readonly Local<'i32'>[];

  constructor(
    f: FunctionBuilder,
    tiling: Tiling,
    { y, choice }: { y: Local<'i32'>; choice?: Local<'i32'> },
    tail: Tail,
  ) {
    this.#f = f;
    this.#tiling = tiling;
    this.#y = y;
    this.#choice = choice;
    this.#tail = tail;
    this.#half = f.locals('v128', 8);
    this.#m = f.locals('v128', 4);
    this.#maximum = { best: f.local('v128'), better: f.local('v128'), value: f.local('v128') };
    this.#positions = f.locals('v128', 2);
    this.#indices = f.locals('i32', 6);
  }

  /** `firstRow`: the chunk's first row of tiles; `out`: index of the sample's first output of this panel. */
  emit(m: Local<'i32'>, bias: Value<'i32'>, firstRow: Local<'i32'>, out: Value<'i32'>): void {
    const f = this.#f;
    const { OC, OW, TW, rows } = this.#tiling;
    const [row, column, mTile, element, biasPanel, outPanel] = this.#indices;
    biasPanel.set(bias);
    outPanel.set(out);
    mTile.set(m);
    // for each row of tiles: for each tile
    f.for(row, firstRow, i32.add(firstRow, rows), 1, () => {
      const rowLength = this.#choice ? TW * OC : 2 * OW * OC;
      element.set(i32.add(outPanel, i32.mul(row, rowLength)));
      f.for(column, 0, TW, 1, () => {
        for (let v = 0; v < PANEL / 4; v++) {
          const tile = this.#tile(mTile, biasPanel, v);
          if (this.#choice) this.#storeMaximum(tile, element, v);
          else this.#storeTile(tile, element, v, row, column);
        }
        if (this.#choice) {
          // choice = both vectors' positions as bytes
          const words = i16x8.narrow(this.#positions[0], this.#positions[1]);
          f.storeLow(8, i32.add(this.#choice, element), 0, i8x16.narrow(words, words));
        }
        element.advance(this.#choice ? OC : 2 * OC);
        mTile.advance(PANEL * FLOAT);
      });
    });
  }

  /** The tile's four outputs, with bias and ReLU. */
  #tile(mTile: Local<'i32'>, bias: Local<'i32'>, v: number): Value<'v128'>[] {
    const { count } = this.#tiling;
    const [m0, m1, m2, m3] = this.#m;
    // half = Aᵀ·M, column by column
    for (let j = 0; j < 4; j++) {
      this.#m.forEach((value, i) => {
        value.set(v128.load(mTile, (4 * i + j) * count * PANEL * FLOAT + v * VECTOR));
      });
      this.#half[j].set(f32x4.add(f32x4.add(m0, m1), m2));
      this.#half[4 + j].set(f32x4.sub(f32x4.sub(m1, m2), m3));
    }
    // half·A, row by row
    return [0, 4].flatMap((i) => {
      const [h0, h1, h2, h3] = this.#half.slice(i, i + 4);
      return [f32x4.add(f32x4.add(h0, h1), h2), f32x4.sub(f32x4.sub(h1, h2), h3)].map((sum) =>
        finish(this.#tail, sum, bias, v * VECTOR),
      );
    });
  }

  #storeMaximum(tile: Value<'v128'>[], element: Local<'i32'>, v: number): void {
    const { best } = this.#maximum;
    emitFirstMaximum(tile, { ...this.#maximum, position: this.#positions[v] });
    this.#f.store(i32.add(this.#y, i32.shl(element, 2)), v * VECTOR, best);
  }

  /** Stores the outputs that are in the image. */
  #storeTile(
    tile: Value<'v128'>[],
    element: Local<'i32'>,
    v: number,
    row: Local<'i32'>,
    column: Local<'i32'>,
  ): void {
    const f = this.#f;
    const { OC, OH, OW, TH, TW } = this.#tiling;
    const y = i32.add(this.#y, i32.shl(element, 2));
    const store = (i: number, j: number) =>
      f.store(y, (i * OW + j) * OC * FLOAT + v * VECTOR, tile[2 * i + j]);
    /** Stores where tile number `at` of `tiles` isn't the half one of an odd size. */
    const unlessHalf = (size: number, at: Local<'i32'>, tiles: number, body: () => void) =>
      size % 2 === 0 ? body() : f.if(i32.ne(at, tiles - 1), body);
    const storeRow = (i: number) => {
      store(i, 0);
      unlessHalf(OW, column, TW, () => store(i, 1));
    };
    storeRow(0);
    unlessHalf(OH, row, TH, () => storeRow(1));
  }
}
