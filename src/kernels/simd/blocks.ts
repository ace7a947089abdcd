/** Pieces that several kernels are made of. */
import type { Rectifier } from '../kernels.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import {
  f32x4,
  i8x16,
  i32,
  i32x4,
  type Operand,
  type Pointer,
  select,
  shuffle32,
  type Value,
  v128,
} from './instructions.ts';

/** Bytes of a float32 and of a vector of four. */
export const FLOAT = 4;
export const VECTOR = 16;
/** Columns of a block of results, and so of a panel: weights copied so that a block reads them in a row. Two vectors; matmul.ts says why. */
export const PANEL = 8;

/** vectors[v] = +0 */
export function zeroAll(vectors: readonly Local<'v128'>[]): void {
  for (const vector of vectors) vector.set(v128.zero());
}

/** vectors[v] = the four numbers at `from + 16 v` */
export function loadAll(vectors: readonly Local<'v128'>[], from: Pointer): void {
  vectors.forEach((vector, v) => {
    vector.set(v128.load(from, v * VECTOR));
  });
}

/** The numbers at `to + 16 v` = vectors[v] */
export function storeAll(f: FunctionBuilder, to: Pointer, vectors: readonly Local<'v128'>[]): void {
  vectors.forEach((vector, v) => {
    f.store(to, v * VECTOR, vector);
  });
}

/**
 * Walks `count` elements of `bytes` each in blocks of `size`: `offset` is the block's start in bytes. The last block is
 * moved back to end with the last element, so that no tail needs masks: what two blocks share is computed twice, to
 * the same bits. So a block must overwrite its output, never add to it. Needs 0 < size ≤ count.
 */
export function overlappingBlocks(
  f: FunctionBuilder,
  offset: Local<'i32'>,
  { count, size, bytes }: { count: Operand<'i32'>; size: number; bytes: number },
  body: () => void,
): void {
  const last =
    typeof count === 'number'
      ? i32.const((count - size) * bytes)
      : f.local('i32', i32.mul(i32.sub(count, size), bytes));
  const isExact = typeof count === 'number' && count % size === 0;
  offset.set(0);
  f.block((done) => {
    f.loop((next) => {
      body();
      // offset = min(offset + block, last), until last has been done
      f.branchIf(done, i32.eq(offset, last));
      offset.advance(size * bytes);
      if (!isExact) offset.set(select(offset, last, i32.ltU(offset, last)));
      f.branch(next);
    });
  });
}

/** v > 0 ? v : +0, also for NaN and −0: pmax(+0, v) is +0 < v ? v : +0. */
export function relu(v: Value<'v128'>): Value<'v128'> {
  return f32x4.pmax(v128.zero(), v);
}

/** v as a kernel's own ReLU leaves it; pmin(top, r) is r < top ? r : top. */
export function rectify(v: Value<'v128'>, rectifier: Rectifier): Value<'v128'> {
  if (rectifier === false) return v;
  return rectifier === true ? relu(v) : f32x4.pmin(f32x4.splat(rectifier), relu(v));
}

/** best = the first maximum of `values`, position = its place of `places`, if asked for; the first NaN counts as the maximum. */
export function emitFirstMaximum(
  values: readonly Value<'v128'>[],
  {
    best,
    better,
    value,
    position,
  }: Readonly<Record<'best' | 'better' | 'value', Local<'v128'>>> & { readonly position?: Local<'v128'> },
  places: readonly number[] = values.map((_, p) => p),
): void {
  const spread = (p: number): Value<'v128'> => v128.const(places[p], places[p], places[p], places[p]);
  best.set(values[0]);
  position?.set(spread(0));
  for (let p = 1; p < values.length; p++) {
    value.set(values[p]);
    // better = !(best ≥ value) && best is a number
    better.set(v128.andnot(f32x4.eq(best, best), f32x4.ge(best, value)));
    best.set(v128.bitselect(value, best, better));
    position?.set(v128.bitselect(spread(p), position, better));
  }
}

/** Rows r0 … r3 of four numbers become columns, in place. */
export function transpose4x4(f: FunctionBuilder, rows: readonly Local<'v128'>[]): void {
  const [r0, r1, r2, r3] = rows;
  const low01 = f.local('v128', shuffle32(r0, r1, [0, 4, 1, 5])); // r0[0] r1[0] r0[1] r1[1]
  const high01 = f.local('v128', shuffle32(r0, r1, [2, 6, 3, 7]));
  const low23 = f.local('v128', shuffle32(r2, r3, [0, 4, 1, 5]));
  const high23 = f.local('v128', shuffle32(r2, r3, [2, 6, 3, 7]));
  r0.set(shuffle32(low01, low23, [0, 1, 4, 5]));
  r1.set(shuffle32(low01, low23, [2, 3, 6, 7]));
  r2.set(shuffle32(high01, high23, [0, 1, 4, 5]));
  r3.set(shuffle32(high01, high23, [2, 3, 6, 7]));
}

/**
 * Transposes a matrix: from [R, S] with rows of `fromRow` bytes → to [S, R] with rows of `toRow` bytes. Four by four
 * numbers at a time where they fit, one by one at the edges.
 */
export function transpose(
  f: FunctionBuilder,
  {
    R,
    S,
    from,
    fromRow,
    to,
    toRow,
  }: {
    R: number;
    S: number;
    from: Pointer;
    fromRow: number;
    to: Pointer;
    toRow: number;
  },
): void {
  const fullR = R - (R % 4);
  const fullS = S - (S % 4);
  const source = f.local('i32');
  const target = f.local('i32');
  const r = f.local('i32');
  const s = f.local('i32');
  const rows = f.locals('v128', 4);
  if (fullR > 0 && fullS > 0) {
    // for each block of four rows: for each block of four columns
    f.for(r, 0, fullR, 4, () => {
      source.set(i32.add(from, i32.mul(r, fromRow)));
      target.set(i32.add(to, i32.mul(r, FLOAT)));
      f.for(s, 0, fullS, 4, () => {
        for (let j = 0; j < 4; j++) rows[j].set(v128.load(source, j * fromRow));
        transpose4x4(f, rows);
        for (let j = 0; j < 4; j++) f.store(target, j * toRow, rows[j]);
        source.advance(VECTOR);
        target.advance(4 * toRow);
      });
    });
  }
  /** to[s, r] = from[r, s] for a rectangle */
  const oneByOne = (rFrom: number, sFrom: number, sTo: number) => {
    if (rFrom >= R || sFrom >= sTo) return;
    f.for(r, rFrom, R, 1, () => {
      f.for(s, sFrom, sTo, 1, () => {
        source.set(i32.add(from, i32.add(i32.mul(r, fromRow), i32.mul(s, FLOAT))));
        target.set(i32.add(to, i32.add(i32.mul(s, toRow), i32.mul(r, FLOAT))));
        f.store(target, 0, i32.load(source));
      });
    });
  };
  oneByOne(fullR, 0, fullS);
  oneByOne(0, fullS, S);
}

/** kernel(from, to): from [R, S] → to [S, R]. */
export function transposeKernel(simd: SimdCompiler, R: number, S: number): Kernel {
  return simd.kernel(`transpose ${R} ${S}`, (module) =>
    module.func('kernel', { from: 'i32', to: 'i32' }, (f, { from, to }) =>
      transpose(f, { R, S, from, fromRow: S * FLOAT, to, toRow: R * FLOAT }),
    ),
  );
}

/**
 * A list of non-zero factors, being built: the factors, and `capacity` bytes after each the offset (bytes) of what it
 * is to be multiplied by. `end` points after the last.
 */
export interface ListEnd {
  readonly end: Local<'i32'>;
  readonly capacity: Operand<'i32'>;
}

/** Bytes of the table that `appendNonZero` reads. */
export const COMPACTION_TABLE = 16 * VECTOR;

/** Entry m of the table: for i8x16.swizzle, moves the lanes whose bits are set in m to the front. */
export function storeCompactionTable(f: FunctionBuilder, table: Pointer): void {
  for (let mask = 0; mask < 16; mask++) {
    const kept = [0, 1, 2, 3].filter((lane) => mask & (1 << lane));
    // Lane l is bytes 4l … 4l + 3; 0x80 gives a zero byte, which nobody reads.
    const words = [0, 1, 2, 3].map((i) => (i < kept.length ? 0x03020100 + 0x04040404 * kept[i] : 0x80808080));
    f.store(table, mask * VECTOR, v128.const(words[0], words[1], words[2], words[3]));
  }
}

/** Appends those of four factors that aren't zero, with their offsets, without a branch. Writes up to 16 bytes too far. */
export function appendNonZero(
  f: FunctionBuilder,
  { end, capacity }: ListEnd,
  factors: Value<'v128'>,
  offsets: Value<'v128'>,
  table: Pointer,
): void {
  const values = f.local('v128', factors);
  const mask = f.local('i32', i32x4.bitmask(f32x4.ne(values, v128.zero())));
  const order = f.local('v128', v128.load(i32.add(table, i32.shl(mask, 4))));
  f.store(end, 0, i8x16.swizzle(values, order));
  const kept = i8x16.swizzle(offsets, order);
  if (typeof capacity === 'number') f.store(end, capacity, kept);
  else f.store(i32.add(end, capacity), 0, kept);
  end.advance(i32.shl(i32.popcnt(mask), 2));
}
