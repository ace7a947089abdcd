/**
 * The dense layer by lists of non-zero factors; forward also pointwise convolutions, whose pixels are its samples.
 *
 * Behind ReLU, pooling and dropout 19–36 % of the inputs are not zero, and of the gradients even fewer. Each sum of
 * products becomes a walk along a list of (factor, offset of a row):
 *   sums[0 … 32] += factor · rows[offset][0 … 32]
 * with eight vectors of sums in registers. Leaving out zeros changes no sum that began at +0.
 *
 * The rows that the lists point to are cut into tiles that stay in a cache while all samples' lists are walked.
 * Lists are made four elements at a time, without branches (blocks.ts: appendNonZero).
 *
 * Measured (Node 20, one thread, AMD Zen 4, 128 samples, 4608 → 128 with 30 % of the inputs and of the gradients not zero): forward
 * 1.9 ms, dx 1.4, dw 2.2, where the dense product takes 3.7, 3.6 and 4.1. dw by lists of dy, not of x: 2.2 ms instead of 3.3 on real
 * features, of which 35 % weren't zero (an older machine).
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Rectifier } from '../kernels.ts';
import type { FunctionBuilder, Local, ModuleBuilder } from './assembler.ts';
import {
  appendNonZero,
  COMPACTION_TABLE,
  FLOAT,
  loadAll,
  overlappingBlocks,
  storeAll,
  storeCompactionTable,
  transpose,
  transpose4x4,
  VECTOR,
  zeroAll,
} from './blocks.ts';
import type { Kernel, MulAdd, SimdCompiler } from './compiler.ts';
import { f32, f32x4, i32, i32x4, type Operand, select, type Value, v128 } from './instructions.ts';
import { finish } from './matmul.ts';
import { walk } from './walk.ts';

/** Columns of a tile, eight vectors of sums: with a factor and what is loaded at once they fill V8's registers (walk.ts). */
export const BLOCK_COLUMNS = 32;
const BLOCK_BYTES = BLOCK_COLUMNS * FLOAT;

/**
 * Bytes of a tile of the forward pass. The L1 cache would hold a quarter of it. But a sample's inputs then come in pieces of two cache
 * lines, 18 KB apart, and each list is short: in a step of the experiment, whose inputs no cache holds any more, the forward pass took
 * 5.3 ms with 16 KB, 3.4 with 32 and 64, 3.7 with 128 (one thread, 43 % not zero, all versions in turn, before walk.ts), and the step 3 % more. Alone,
 * with the same inputs again and again, all take as long.
 */
const TILE = 65536;

const CACHE_LINE = 64;

/** Bytes of one half of a list: `length` elements, and a vector that `appendNonZero` may write too far. */
const halfList = (length: number): number => length * FLOAT + VECTOR;

/** Elements of scratch for each of the three kernels; the largest is asked for. */
export function sparseScratch(N: number, I: number, O: number): number {
  const forward = COMPACTION_TABLE + 2 * halfList(forwardRows(I, O));
  const input = COMPACTION_TABLE + O * BLOCK_BYTES + N * listSize(O);
  const weights = COMPACTION_TABLE + O * FLOAT + (N + 4) * BLOCK_BYTES + O * 2 * halfList(N);
  return Math.ceil(Math.max(forward, input, weights) / FLOAT);
}

/**
 * sums[v] += factor · rows[offset + 16·v] for each (factor, offset) from `list` up to `end`; offsets are
 * `capacity` bytes after the factors.
 */
function walkList(
  f: FunctionBuilder,
  mulAdd: MulAdd,
  sums: readonly Local<'v128'>[],
  list: Value<'i32'>,
  capacity: Operand<'i32'>,
  end: Value<'i32'>,
  rows: Value<'i32'>,
): void {
  const item = f.local('i32', list);
  const offset = typeof capacity === 'number' ? i32.load(item, capacity) : i32.load(i32.add(item, capacity));
  f.if(i32.ne(item, end), () =>
    walk(f, mulAdd, sums, 4, item, end, FLOAT, v128.load32Splat(item), i32.add(rows, offset)),
  );
}

// ---- forward ---------------------------------------------------------------------------------------------------------

/** Rows of w in a tile, all outputs wide: consecutive memory, so that no two lines of it collide in the cache. */
function forwardRows(I: number, O: number): number {
  return Math.min(I, Math.max(4, 4 * Math.floor(TILE / (4 * O * FLOAT))));
}

/** y [N, O] = tail(x·w + b) */
export function forwardByLists(
  simd: SimdCompiler,
  [N, I, O]: readonly [number, number, number],
  x: FloatArray,
  w: FloatArray,
  b: FloatArray,
  tail: Rectifier,
  y: FloatArray,
  scratch: FloatArray,
): void {
  const kernel = simd.kernel(`sparseDense ${I} ${O} ${tail}`, (module) =>
    emitForward(module, simd.mulAdd, I, O, tail),
  );
  kernel(N, ...[x, w, b, y, scratch].map((array) => simd.address(array)));
}

/** Scratch: [ compaction table | the list of one sample's inputs in one tile ]. Sums continue in y from tile to tile. */
function emitForward(module: ModuleBuilder, mulAdd: MulAdd, I: number, O: number, tail: Rectifier): void {
  const tileRows = forwardRows(I, O);
  const capacity = halfList(tileRows);
  const rowBytes = O * FLOAT;
  const signature = { samples: 'i32', x: 'i32', w: 'i32', b: 'i32', y: 'i32', scratch: 'i32' } as const;
  module.func('kernel', signature, (f, { samples, x, w, b, y, scratch }) => {
    const sums = f.locals('v128', BLOCK_COLUMNS / 4);
    const offsets = f.local('v128');
    const [input, rows, n, j, xTile, yRow, column] = f.locals('i32', 7);
    const list = f.local('i32', i32.add(scratch, COMPACTION_TABLE));
    const end = f.local('i32');
    storeCompactionTable(f, scratch);
    // y = +0
    yRow.set(y);
    f.for(j, 0, i32.mul(samples, rowBytes), VECTOR, () => {
      f.store(yRow, 0, v128.zero());
      yRow.advance(VECTOR);
    });
    // for each tile of w, each sample
    f.for(input, 0, I, tileRows, () => {
      rows.set(i32.sub(I, input));
      rows.set(select(rows, i32.const(tileRows), i32.ltU(rows, tileRows)));
      xTile.set(i32.add(x, i32.shl(input, 2)));
      yRow.set(y);
      // A look at each of the tile's cache lines, in order, brings them in sooner than the first sample's list would.
      offsets.set(v128.zero());
      f.for(j, 0, i32.mul(rows, rowBytes), CACHE_LINE, () => {
        offsets.set(v128.or(offsets, v128.load(i32.add(w, j))));
      });
      f.store(list, 0, offsets);
      f.for(n, 0, samples, 1, () => {
        // list = the tile's non-zero inputs, with the offsets of their rows
        end.set(list);
        offsets.set(v128.const(0, rowBytes, 2 * rowBytes, 3 * rowBytes));
        f.for(j, 0, i32.shl(rows, 2), VECTOR, () => {
          appendNonZero(f, { end, capacity }, v128.load(i32.add(xTile, j)), offsets, scratch);
          offsets.set(i32x4.add(offsets, i32x4.splat(i32.const(4 * rowBytes))));
        });
        // y[n, column … column + 32] += Σ list
        f.for(column, 0, rowBytes, BLOCK_BYTES, () => {
          loadAll(sums, yRow);
          walkList(f, mulAdd, sums, list, capacity, end, i32.add(w, column));
          storeAll(f, yRow, sums);
          yRow.advance(BLOCK_BYTES);
        });
        xTile.advance(I * FLOAT);
      });
      w.advance(tileRows * rowBytes);
    });
    // y = tail(y + b)
    f.for(n, 0, samples, 1, () => {
      f.for(column, 0, rowBytes, VECTOR, () => {
        f.store(y, 0, finish(tail, v128.load(y), i32.add(b, column), 0));
        y.advance(VECTOR);
      });
    });
  });
}

// ---- input gradient --------------------------------------------------------------------------------------------------

/** Bytes of a sample's list: where it ends, factors, offsets. */
const listSize = (length: number): number => VECTOR + 2 * halfList(length);

/** kernel(N, dy, w, alive, dx, scratch): dx [N, I] = dy·wᵀ; +0 where `alive` is given and 0. */
export function sparseBackwardInput(simd: SimdCompiler, I: number, O: number, hasAlive: boolean): Kernel {
  return simd.kernel(`sparseDenseInput ${I} ${O} ${hasAlive}`, (module) =>
    emitBackwardInput(module, simd.mulAdd, I, O, hasAlive),
  );
}

/**
 * Scratch: [ compaction table | a tile of wᵀ, [O, 32] | for each sample the list of its gradients ].
 * A tile is 32 rows of w, transposed: lanes run across inputs, and every sum is finished within its tile.
 */
function emitBackwardInput(
  module: ModuleBuilder,
  mulAdd: MulAdd,
  I: number,
  O: number,
  hasAlive: boolean,
): void {
  const capacity = halfList(O);
  const signature = { samples: 'i32', dy: 'i32', w: 'i32', alive: 'i32', dx: 'i32', scratch: 'i32' } as const;
  module.func('kernel', signature, (f, { samples, dy, w, alive, dx, scratch }) => {
    const sums = f.locals('v128', BLOCK_COLUMNS / 4);
    const offsets = f.local('v128');
    const tile = f.local('i32', i32.add(scratch, COMPACTION_TABLE));
    const lists = f.local('i32', i32.add(tile, O * BLOCK_BYTES));
    const [list, end, n, j, input, dxBlock, aliveBlock] = f.locals('i32', 7);
    storeCompactionTable(f, scratch);
    // for each sample: the list of non-zero dy[n, o], with the offsets of the tile's rows
    list.set(lists);
    f.for(n, 0, samples, 1, () => {
      end.set(i32.add(list, VECTOR));
      offsets.set(v128.const(0, BLOCK_BYTES, 2 * BLOCK_BYTES, 3 * BLOCK_BYTES));
      f.for(j, 0, O * FLOAT, VECTOR, () => {
        appendNonZero(f, { end, capacity }, v128.load(dy), offsets, scratch);
        offsets.set(i32x4.add(offsets, i32x4.splat(i32.const(4 * BLOCK_BYTES))));
        dy.advance(VECTOR);
      });
      f.store(list, 0, end);
      list.advance(listSize(O));
    });
    // for each tile of 32 inputs
    overlappingBlocks(f, input, { count: I, size: BLOCK_COLUMNS, bytes: FLOAT }, () => {
      // tile [O, 32] = w[input … input + 32, O]ᵀ
      const rows = i32.add(w, i32.mul(input, O));
      transpose(f, { R: BLOCK_COLUMNS, S: O, from: rows, fromRow: O * FLOAT, to: tile, toRow: BLOCK_BYTES });
      list.set(lists);
      dxBlock.set(i32.add(dx, input));
      aliveBlock.set(i32.add(alive, input));
      // for each sample: dx[n, input … input + 32] = Σ list
      f.for(n, 0, samples, 1, () => {
        zeroAll(sums);
        walkList(f, mulAdd, sums, i32.add(list, VECTOR), capacity, i32.load(list), tile);
        sums.forEach((sum, v) => {
          const isAlive = f32x4.ne(v128.load(aliveBlock, v * VECTOR), v128.zero());
          f.store(dxBlock, v * VECTOR, hasAlive ? v128.and(sum, isAlive) : sum);
        });
        list.advance(listSize(O));
        dxBlock.advance(I * FLOAT);
        aliveBlock.advance(I * FLOAT);
      });
    });
  });
}

// ---- weight gradient -------------------------------------------------------------------------------------------------

/** Outputs whose lists are made together: a cache line of dy. */
const LISTED_OUTPUTS = 16;

/** kernel(N, rows, x, dy, dw, scratch): rows ≥ 32 rows of dw [rows, O] = xᵀ·dy, x and dw beginning with the first of them. */
export function sparseBackwardWeights(simd: SimdCompiler, I: number, O: number): Kernel {
  return simd.kernel(`sparseDenseWeights ${I} ${O}`, (module) =>
    emitBackwardWeights(module, simd.mulAdd, I, O),
  );
}

/**
 * Scratch: [ compaction table | ends of O lists | a tile of x, [N, 32] | four columns of dw, [4, 32] | O lists of samples ].
 * Lists are those of dy, which has more zeros than x: after ReLU and dropout. Lanes run across inputs, so sums are
 * columns of dw, and are transposed four at a time. The tile is copied because rows of x, whole numbers of kilobytes
 * apart, would fall on few lines of the cache. The lists' length depends on N, which is only known at run time: half
 * as a variable.
 */
function emitBackwardWeights(module: ModuleBuilder, mulAdd: MulAdd, I: number, O: number): void {
  const signature = { samples: 'i32', rows: 'i32', x: 'i32', dy: 'i32', dw: 'i32', scratch: 'i32' } as const;
  module.func('kernel', signature, (f, { samples, rows, x, dy, dw, scratch }) => {
    const sums = f.locals('v128', BLOCK_COLUMNS / 4);
    const block = f.locals('v128', 4);
    const endsAt = f.local('i32', i32.add(scratch, COMPACTION_TABLE));
    const tile = f.local('i32', i32.add(endsAt, O * FLOAT));
    const columns = f.local('i32', i32.add(tile, i32.mul(samples, BLOCK_BYTES)));
    const lists = f.local('i32', i32.add(columns, 4 * BLOCK_BYTES));
    const half = f.local('i32', i32.add(i32.shl(samples, 2), VECTOR));
    const [n, row, source, target, list, o, l, out] = f.locals('i32', 8);
    storeCompactionTable(f, scratch);
    emitLists(f, { samples, O, dy, half, lists, endsAt, table: scratch });
    // for each 32 rows of dw
    overlappingBlocks(f, row, { count: rows, size: BLOCK_COLUMNS, bytes: FLOAT }, () => {
      // tile[n] = x[n, row … row + 32]
      source.set(i32.add(x, row));
      target.set(tile);
      f.for(n, 0, samples, 1, () => {
        sums.forEach((_, v) => {
          f.store(target, v * VECTOR, v128.load(source, v * VECTOR));
        });
        source.advance(I * FLOAT);
        target.advance(BLOCK_BYTES);
      });
      // for each four outputs
      list.set(lists);
      out.set(i32.add(dw, i32.mul(row, O)));
      f.for(o, 0, O * FLOAT, VECTOR, () => {
        // columns[l] = dw[row … row + 32, o + l] = Σ list
        target.set(columns);
        f.for(l, 0, VECTOR, FLOAT, () => {
          zeroAll(sums);
          walkList(f, mulAdd, sums, list, half, i32.load(i32.add(endsAt, i32.add(o, l))), tile);
          storeAll(f, target, sums);
          list.advance(i32.shl(half, 1));
          target.advance(BLOCK_BYTES);
        });
        // dw[row + 4v … row + 4v + 4, o … o + 4] = columns[0 … 4, 4v … 4v + 4]ᵀ
        for (let v = 0; v < BLOCK_COLUMNS / 4; v++) {
          block.forEach((vector, j) => {
            vector.set(v128.load(columns, j * BLOCK_BYTES + v * VECTOR));
          });
          transpose4x4(f, block);
          block.forEach((vector, j) => {
            f.store(out, (4 * v + j) * O * FLOAT, vector);
          });
        }
        out.advance(VECTOR);
      });
    });
  });
}

/** For each output the list of its non-zero gradients, over samples ascending, with the offsets of the tile's rows. */
function emitLists(
  f: FunctionBuilder,
  {
    samples,
    O,
    dy,
    half,
    lists,
    endsAt,
    table,
  }: Readonly<Record<'samples' | 'dy' | 'half' | 'lists' | 'endsAt' | 'table', Local<'i32'>>> & { O: number },
): void {
  const ends = f.locals('i32', LISTED_OUTPUTS);
  const block = f.locals('v128', 4);
  const offsets = f.local('v128');
  const [list, o, n, source, value] = f.locals('i32', 5);
  list.set(lists);
  f.for(o, 0, O * FLOAT, LISTED_OUTPUTS * FLOAT, () => {
    for (const end of ends) {
      end.set(list);
      list.advance(i32.shl(half, 1));
    }
    source.set(i32.add(dy, o));
    offsets.set(v128.const(0, BLOCK_BYTES, 2 * BLOCK_BYTES, 3 * BLOCK_BYTES));
    // four samples at a time: 4×4 numbers are transposed, so that a vector holds four samples of one output
    f.for(n, 4, i32.add(samples, 1), 4, () => {
      for (let q = 0; q < LISTED_OUTPUTS / 4; q++) {
        block.forEach((vector, j) => {
          vector.set(v128.load(source, j * O * FLOAT + q * VECTOR));
        });
        transpose4x4(f, block);
        block.forEach((vector, j) => {
          appendNonZero(f, { end: ends[4 * q + j], capacity: half }, vector, offsets, table);
        });
      }
      offsets.set(i32x4.add(offsets, i32x4.splat(i32.const(4 * BLOCK_BYTES))));
      source.advance(4 * O * FLOAT);
    });
    // the last samples one by one: written always, kept where the value isn't zero
    f.for(n, i32.and(samples, -4), samples, 1, () => {
      ends.forEach((end, j) => {
        value.set(i32.load(source, j * FLOAT));
        f.store(end, 0, value);
        f.store(i32.add(end, half), 0, i32.mul(n, BLOCK_BYTES));
        end.advance(i32.shl(f32.ne(f32.load(source, j * FLOAT), 0), 2));
      });
      source.advance(O * FLOAT);
    });
    ends.forEach((end, j) => {
      f.store(i32.add(endsAt, o), j * FLOAT, end);
    });
  });
}
