/**
 * The transforms of F(4×4, 3×3) as code that goes into a kernel; matrices and names as in plain/winograd4.ts.
 *
 * A tile of 6×6 vectors is more than the sixteen registers hold, and V8 reads a straight line's numbers all at once, far before it uses
 * them: it kept them on the stack, two moves to one addition. So a transform stores the columns' results where the rows' will be, in V or M:
 * a store is the end of a line. With the tiles' channels one after the other and chunks of twelve tiles, the experiment's second layer takes
 * 10.9 ms a batch, where it took 13.3 (bench/kernels.mjs, one thread); 56×56 with 64 channels 0.95 of the time, 28×28 with 128 0.98.
 */
import type { Rectifier } from '../kernels.ts';
import { A, A2, B, B2, GA, GB, S } from '../plain/winograd4.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import { emitFirstMaximum, FLOAT, overlappingBlocks, PANEL, VECTOR } from './blocks.ts';
import { f32x4, i32, type Operand, type Value, v128 } from './instructions.ts';
import { finish } from './matmul.ts';
import { setAll, type Take } from './winograd-chunks.ts';
import type { Tiling } from './winograd-passes.ts';

/** Outputs and inputs along a tile's edge, and places of a transformed tile, ξ = 6·row + column. */
export const OUT = 4;
export const IN = 6;
export const PLACES = IN * IN;

export const times = (value: Value<'v128'>, factor: number): Value<'v128'> =>
  f32x4.mul(value, f32x4.splat(factor));

/** A matrix of constants times some vectors. */
export type Transform = (from: readonly Value<'v128'>[], take: Take) => void;

/** Takes what rows ±a give, numbers 1 and 2, or ±b, numbers 3 and 4: even + odd, even − odd. */
export function takePair(take: Take, pair: number, even: Value<'v128'>, odd: Value<'v128'>): void {
  take(1 + 2 * pair, f32x4.add(even, odd));
  take(2 + 2 * pair, f32x4.sub(even, odd));
}

/** G times three vectors. */
export function filterTransform(f: FunctionBuilder): Transform {
  const [even, odd] = f.locals('v128', 2);
  return (g, take) => {
    take(0, g[0]);
    for (const [pair, [p, q, r]] of [GA, GB].entries()) {
      even.set(f32x4.add(times(g[0], p), times(g[2], r)));
      odd.set(times(g[1], q));
      takePair(take, pair, even, odd);
    }
    take(5, g[2]);
  };
}

/** Where a tile's vector in row i, column j is, in bytes. */
type Place = (i: number, j: number) => number;

/** A transform of the columns of edge×edge vectors. It is stored `to` there, in the places that the rows' transform has too. */
export function transformColumns(
  f: FunctionBuilder,
  transform: Transform,
  edge: number,
  load: (i: number, j: number) => Value<'v128'>,
  to: Local<'i32'>,
  place: Place,
): void {
  for (let j = 0; j < edge; j++) {
    const below = Array.from({ length: edge }, (_, i) => load(i, j));
    transform(below, (i, value) => f.store(to, place(i, j), value));
  }
}

/** The same transform of row i of what transformColumns has stored. */
export function transformRow(
  transform: Transform,
  edge: number,
  i: number,
  from: Local<'i32'>,
  place: Place,
  take: Take,
): void {
  const beside = Array.from({ length: edge }, (_, j) => v128.load(from, place(i, j)));
  transform(beside, take);
}

/** What of a tiling its inputs' pass needs; how many tiles are side by side in V, if its blocks of four channels are apart. */
type InputTiling = Pick<Tiling, 'padded' | 'C' | 'TW' | 'slice'> & { readonly blockTiles?: number };

/**
 * x → V [36, tiles, C] = Bᵀ·d·B, four channels at a time. With `blockTiles` V is [36, ⌈C/4⌉, blockTiles, 4] instead: the same four
 * channels of all tiles side by side.
 */
export class InputPass {
  readonly #f: FunctionBuilder;
  readonly #tiling: InputTiling;
  readonly #pointers: readonly Local<'i32'>[];

  constructor(f: FunctionBuilder, tiling: InputTiling) {
    this.#f = f;
    this.#tiling = tiling;
    this.#pointers = f.locals('i32', 7);
  }

  /** `x`: the chunk's first tile in the image, `v`: where V goes, `rows` of tiles. */
  emit(x: Value<'i32'>, v: Local<'i32'>, rows: Operand<'i32'>): void {
    const f = this.#f;
    const { padded, C, TW, slice, blockTiles } = this.#tiling;
    const place = (i: number, j: number): number => (IN * i + j) * slice * FLOAT;
    const [channel, xTile, vTile, end, r, from, to] = this.#pointers;
    const pixel = C * FLOAT;
    const row = padded.W * pixel;
    const tileBytes = blockTiles ? VECTOR : pixel;
    const transform = inputTransform(f);
    vTile.set(v);
    // for each row of tiles: for each tile: for each four channels
    f.for(r, 0, rows, 1, () => {
      xTile.set(i32.add(x, i32.mul(r, OUT * row)));
      end.set(i32.add(vTile, TW * tileBytes));
      f.doWhile(() => {
        to.set(vTile);
        overlappingBlocks(f, channel, { count: C, size: 4, bytes: FLOAT }, () => {
          from.set(i32.add(xTile, channel));
          if (!blockTiles) to.set(i32.add(vTile, channel));
          const load = (i: number, j: number) => v128.load(from, i * row + j * pixel);
          transformColumns(f, transform, IN, load, to, place);
          for (let i = 0; i < IN; i++)
            transformRow(transform, IN, i, to, place, (j, value) => f.store(to, place(i, j), value));
          if (blockTiles) to.advance(blockTiles * VECTOR);
        });
        xTile.advance(OUT * pixel);
        vTile.advance(tileBytes);
        return i32.ne(vTile, end);
      });
    });
  }
}

/** Bᵀ times six vectors. */
function inputTransform(f: FunctionBuilder): Transform {
  const d = f.locals('v128', IN);
  const [even, odd] = f.locals('v128', 2);
  return (from, take) => {
    setAll(d, from);
    take(0, f32x4.add(f32x4.sub(d[0], times(d[2], S)), d[4]));
    for (const [pair, point, square] of [
      [0, A, B2],
      [1, B, A2],
    ] as const) {
      even.set(f32x4.sub(d[4], times(d[2], square)));
      odd.set(times(f32x4.sub(d[3], times(d[1], square)), point));
      takePair(take, pair, even, odd);
    }
    take(5, f32x4.add(f32x4.sub(d[1], times(d[3], S)), d[5]));
  };
}

/** M → y = relu(Aᵀ·M·A + bias), or the maxima of its windows of 2×2. */
export class OutputPass {
  readonly #f: FunctionBuilder;
  readonly #tiling: Tiling;
  readonly #y: Local<'i32'>;
  readonly #isPooled: boolean;
  readonly #relu: Rectifier;
  readonly #transform: Transform;
  /** The tile's outputs, [4, 4]. */
  readonly #outputs: readonly Local<'v128'>[];
  readonly #maximum: Readonly<Record<'best' | 'better' | 'value', Local<'v128'>>>;
  readonly #yTile: Local<'i32'>;
  readonly #indices: readonly Local<'i32'>[];

  constructor(f: FunctionBuilder, tiling: Tiling, y: Local<'i32'>, isPooled: boolean, relu: Rectifier) {
    this.#f = f;
    this.#tiling = tiling;
    this.#y = y;
    this.#isPooled = isPooled;
    this.#relu = relu;
    this.#transform = outputTransform(f);
    this.#outputs = f.locals('v128', OUT * OUT);
    this.#maximum = { best: f.local('v128'), better: f.local('v128'), value: f.local('v128') };
    this.#yTile = f.local('i32');
    this.#indices = f.locals('i32', 6);
  }

  /** `firstRow`: the chunk's first row of tiles; `out`: index of the sample's first output of this panel. */
  emit(m: Local<'i32'>, bias: Value<'i32'>, firstRow: Local<'i32'>, out: Value<'i32'>): void {
    const f = this.#f;
    const { OC, TW, rows } = this.#tiling;
    const { edge, columns } = this.#stored();
    const [row, column, mTile, element, biasPanel, outPanel] = this.#indices;
    biasPanel.set(bias);
    outPanel.set(out);
    mTile.set(m);
    // for each row of tiles: for each tile
    f.for(row, firstRow, i32.add(firstRow, rows), 1, () => {
      element.set(i32.add(outPanel, i32.mul(row, edge * columns * OC)));
      f.for(column, 0, TW, 1, () => {
        for (let v = 0; v < PANEL / 4; v++) {
          this.#computeColumns(mTile, v);
          this.#storeTile(mTile, biasPanel, i32.add(this.#y, i32.shl(element, 2)), v, row, column);
        }
        element.advance(edge * OC);
        mTile.advance(PANEL * FLOAT);
      });
    });
  }

  /** Rows and columns that a tile, and a sample, has in y. */
  #stored(): { edge: number; rows: number; columns: number } {
    const { OH, OW } = this.#tiling;
    if (!this.#isPooled) return { edge: OUT, rows: OH, columns: OW };
    return { edge: OUT / 2, rows: Math.floor(OH / 2), columns: Math.floor(OW / 2) };
  }

  /** Aᵀ·M of a tile, in M's first four rows of places. */
  #computeColumns(mTile: Local<'i32'>, v: number): void {
    const place = this.#placeOf(v);
    transformColumns(this.#f, this.#transform, IN, (i, j) => v128.load(mTile, place(i, j)), mTile, place);
  }

  /** Row i of the tile's outputs, with bias and ReLU. */
  #computeRow(mTile: Local<'i32'>, bias: Local<'i32'>, i: number, v: number): void {
    transformRow(this.#transform, IN, i, mTile, this.#placeOf(v), (j, value) =>
      this.#outputs[OUT * i + j].set(finish(this.#relu, value, bias, v * VECTOR)),
    );
  }

  #placeOf(v: number): Place {
    return (i, j) => (IN * i + j) * this.#tiling.count * PANEL * FLOAT + v * VECTOR;
  }

  /** Computes and stores what of the tile is in y; its last tiles may be parts of tiles. */
  #storeTile(
    mTile: Local<'i32'>,
    bias: Local<'i32'>,
    y: Value<'i32'>,
    v: number,
    row: Local<'i32'>,
    column: Local<'i32'>,
  ): void {
    const f = this.#f;
    const { OC, TH, TW } = this.#tiling;
    const { edge, rows, columns } = this.#stored();
    const [yTile, together] = [this.#yTile, OUT / edge];
    /** Row or column number i of a tile: all tiles have it, or all but the last. */
    const where = (i: number, size: number, at: Local<'i32'>, tiles: number, body: () => void): void =>
      size > (tiles - 1) * edge + i ? body() : f.if(i32.ne(at, tiles - 1), body);
    yTile.set(y);
    for (let i = 0; i < edge; i++) {
      where(i, rows, row, TH, () => {
        for (let o = 0; o < together; o++) this.#computeRow(mTile, bias, together * i + o, v);
        for (let j = 0; j < edge; j++) {
          where(j, columns, column, TW, () =>
            f.store(yTile, (i * columns + j) * OC * FLOAT + v * VECTOR, this.#output(i, j)),
          );
        }
      });
    }
  }

  #output(i: number, j: number): Value<'v128'> {
    if (!this.#isPooled) return this.#outputs[OUT * i + j];
    const first = OUT * 2 * i + 2 * j;
    const window = [0, 1, OUT, OUT + 1].map((offset) => this.#outputs[first + offset]);
    emitFirstMaximum(window, this.#maximum);
    return this.#maximum.best;
  }
}

/** Aᵀ times six vectors. */
function outputTransform(f: FunctionBuilder): Transform {
  const m = f.locals('v128', IN);
  const [evenA, oddA, evenB, oddB] = f.locals('v128', 4);
  return (from, take) => {
    setAll(m, from);
    evenA.set(f32x4.add(m[1], m[2]));
    oddA.set(times(f32x4.sub(m[1], m[2]), A));
    evenB.set(f32x4.add(m[3], m[4]));
    oddB.set(times(f32x4.sub(m[3], m[4]), B));
    take(0, f32x4.add(f32x4.add(m[0], evenA), evenB));
    take(1, f32x4.add(oddA, oddB));
    take(2, f32x4.add(times(evenA, A2), times(evenB, B2)));
    take(3, f32x4.add(f32x4.add(times(oddA, A2), times(oddB, B2)), m[5]));
  };
}
