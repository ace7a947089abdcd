/**
 * Matrix products in blocks of registers, lanes across the columns of the result.
 *
 * A block of R × 8 results stays in 2R vector registers while k ascends:
 *   c[m … m+R, n … n+8] += a[m … m+R, k] ⊗ b[k, n … n+8]
 * Each k costs two vector loads of b, R scalars of a spread over the lanes, and 2R multiply-adds. V8 has 15 vector
 * registers to give, and in strict mode each multiplication needs one for its product. Measured on 256×256×256
 * (bench/kernels.mjs; registers alone give 54–57 GFLOP/s):
 *
 *   R      strict, Node 20   strict, Node 24   fused, Node 20 (by flag)   fused, Node 24
 *   4           55–56             38–47                 54                      53
 *   6              25                28                 25                      57
 *
 * So R = 4 everywhere: what six rows would win in one engine isn't worth a second block size.
 * The inner loop isn't unrolled: Node 20's compiler spills when it is (46 GFLOP/s, then 28 by two, 23 by four). So each instruction of
 * it counts: it ends where its pointer to a does, since a counter beside it would cost some 5 %.
 *
 * A column block outside, rows inside: 8 columns of b are used again for all rows while they are in the cache. Rows that don't
 * make a block come last, one by one, ROW_COLUMNS at a time: each number of b is used once there, so what counts is that b is read in
 * whole cache lines. (A classifier's single row, [1, 1280]·[1280, 1001]: 0.7 to 0.77 of the time that 8 columns at a time take.)
 */
import type { Kernels, Rectifier } from '../kernels.ts';
import { plainInARow } from '../plain/common.ts';
import type { FunctionBuilder, Local, ModuleBuilder } from './assembler.ts';
import { FLOAT, loadAll, overlappingBlocks, PANEL, rectify, VECTOR } from './blocks.ts';
import type { MulAdd, SimdCompiler } from './compiler.ts';
import { f32x4, i32, type Value, v128 } from './instructions.ts';

/** What happens to a finished sum: nothing; bias[n] is added and that rectified; or +0 where alive[m, n], in bias' place, is 0. */
export type Tail = 'none' | 'alive' | Rectifier;

/** Where the matrices' elements are; strides in floats. */
export interface ProductLayout {
  /** From a[m, k] to a[m + 1, k], and to a[m, k + 1]. */
  readonly aRow: number;
  readonly aStep: number;
  /** From b[k, n] to b[k + 1, n]; columns are neighbours. */
  readonly bStep: number;
  readonly cRow: number;
  /** Columns of b and c, at least 4. */
  readonly columns: number;
  readonly tail: Tail;
  /** Whether sums continue from what c holds. For 8 columns or a multiple of 32, which fill all blocks. */
  readonly goesOn?: boolean;
}

/** Rows of a block: see above. */
export const BLOCK_ROWS = 4;

/** Columns of a row by itself: two cache lines, and enough sums to hide an addition's latency. */
const ROW_COLUMNS = 32;

/** kernel(rows, depth, a, b, c, bias): c = tail(a·b); a, b, c, bias are addresses. */
export function product(simd: SimdCompiler, layout: ProductLayout) {
  const { aRow, aStep, bStep, cRow, columns, tail, goesOn = false } = layout;
  return simd.kernel(`product ${aRow} ${aStep} ${bStep} ${cRow} ${columns} ${tail} ${goesOn}`, (module) =>
    emitProduct(module, simd.mulAdd, layout),
  );
}

function emitProduct(module: ModuleBuilder, mulAdd: MulAdd, layout: ProductLayout): void {
  const signature = { rows: 'i32', depth: 'i32', a: 'i32', b: 'i32', c: 'i32', bias: 'i32' } as const;
  module.func('kernel', signature, (f, { rows, depth, a, b, c, bias }) => {
    const vectors = layout.columns >= PANEL ? PANEL / 4 : 1;
    const column = f.local('i32');
    const aBlock = f.local('i32');
    const bBlock = f.local('i32');
    const cBlock = f.local('i32');
    const biasBlock = f.local('i32');
    const left = f.local('i32');
    overlappingBlocks(f, column, { count: layout.columns, size: 4 * vectors, bytes: FLOAT }, () => {
      aBlock.set(a);
      bBlock.set(i32.add(b, column));
      cBlock.set(i32.add(c, column));
      biasBlock.set(i32.add(bias, column));
      left.set(rows);
      f.while(i32.geU(left, BLOCK_ROWS), () => {
        emitBlock(f, mulAdd, vectors, layout, depth, aBlock, bBlock, cBlock, biasBlock);
        aBlock.advance(BLOCK_ROWS * layout.aRow * FLOAT);
        cBlock.advance(BLOCK_ROWS * layout.cRow * FLOAT);
        if (layout.tail === 'alive') biasBlock.advance(BLOCK_ROWS * layout.cRow * FLOAT);
        left.advance(-BLOCK_ROWS);
      });
    });
    // The rows that are left, of which the last column block left the pointers to the first.
    const cRow = f.local('i32', i32.sub(cBlock, column));
    const biasRow = f.local('i32', i32.sub(biasBlock, column));
    f.while(left, () => {
      emitRow(f, mulAdd, layout, depth, { a: aBlock, b, c: cRow, bias: biasRow });
      aBlock.advance(layout.aRow * FLOAT);
      cRow.advance(layout.cRow * FLOAT);
      if (layout.tail === 'alive') biasRow.advance(layout.cRow * FLOAT);
      left.advance(-1);
    });
  });
}

/** One row of c, from +0 (or what c holds) to the stored result. */
function emitRow(
  f: FunctionBuilder,
  mulAdd: MulAdd,
  { aStep, bStep, columns, tail, goesOn }: ProductLayout,
  depth: Local<'i32'>,
  { a, b, c, bias }: Readonly<Record<'a' | 'b' | 'c' | 'bias', Local<'i32'>>>,
): void {
  const vectors = Math.min(ROW_COLUMNS / 4, Math.floor(columns / 4));
  const sums = f.locals('v128', vectors);
  const factor = f.local('v128');
  const [column, ak, bk, k] = f.locals('i32', 4);
  overlappingBlocks(f, column, { count: columns, size: 4 * vectors, bytes: FLOAT }, () => {
    for (const [v, sum] of sums.entries()) {
      sum.set(goesOn ? v128.load(i32.add(c, column), v * VECTOR) : v128.zero());
    }
    ak.set(a);
    bk.set(i32.add(b, column));
    k.set(depth);
    // for k ascending: sums[v] += a[k] · b[k, v]
    f.while(k, () => {
      factor.set(v128.load32Splat(ak));
      for (const [v, sum] of sums.entries()) sum.set(mulAdd(sum, factor, v128.load(bk, v * VECTOR)));
      ak.advance(aStep * FLOAT);
      bk.advance(bStep * FLOAT);
      k.advance(-1);
    });
    const biasBlock = i32.add(bias, column);
    for (const [v, sum] of sums.entries()) {
      f.store(i32.add(c, column), v * VECTOR, finish(tail, sum, biasBlock, v * VECTOR));
    }
  });
}

/** One block of BLOCK_ROWS rows and 4·vectors columns, from +0 (or what c holds) to the stored result. */
export function emitBlock(
  f: FunctionBuilder,
  mulAdd: MulAdd,
  vectors: number,
  { aRow, aStep, bStep, cRow, tail, goesOn }: ProductLayout,
  depth: Local<'i32'>,
  a: Local<'i32'>,
  b: Local<'i32'>,
  c: Local<'i32'>,
  bias: Local<'i32'>,
): void {
  const sums = Array.from({ length: BLOCK_ROWS }, () => f.locals('v128', vectors));
  const bRow = f.locals('v128', vectors);
  const factor = f.local('v128');
  const ak = f.local('i32', a);
  const bk = f.local('i32', b);
  const aEnd = f.local('i32', i32.add(a, i32.mul(depth, aStep * FLOAT)));
  const place = (r: number, v: number) => r * cRow * FLOAT + v * VECTOR;
  // sums = +0
  sums.forEach((row, r) => {
    row.forEach((sum, v) => {
      sum.set(goesOn ? v128.load(c, place(r, v)) : v128.zero());
    });
  });
  // for k ascending: sums[r][v] += a[r, k] · b[k, v]
  f.while(i32.ne(ak, aEnd), () => {
    loadAll(bRow, bk);
    sums.forEach((row, r) => {
      factor.set(v128.load32Splat(ak, r * aRow * FLOAT));
      row.forEach((sum, v) => {
        sum.set(mulAdd(sum, factor, bRow[v]));
      });
    });
    ak.advance(aStep * FLOAT);
    bk.advance(bStep * FLOAT);
  });
  // c[r, v] = tail(sums[r][v])
  sums.forEach((row, r) => {
    row.forEach((sum, v) => {
      f.store(c, place(r, v), finish(tail, sum, bias, tail === 'alive' ? place(r, v) : v * VECTOR));
    });
  });
}

/** A finished sum as it is stored, with the bias, or what tells the dead, at `bias + offset`. */
export function finish(tail: Tail, sum: Value<'v128'>, bias: Value<'i32'>, offset: number): Value<'v128'> {
  if (tail === 'none') return sum;
  if (tail === 'alive') return v128.and(sum, f32x4.ne(v128.load(bias, offset), v128.zero()));
  return rectify(f32x4.add(sum, v128.load(bias, offset)), tail);
}

/** The product of the interface. Fewer than four columns are left to the plain kernels. */
export function matmulKernels(simd: SimdCompiler): Pick<Kernels, 'matmul'> {
  return {
    matmul(M, K, N, a, b, c) {
      if (N < 4) return plainInARow.matmul(M, K, N, a, b, c);
      const layout = { aRow: K, aStep: 1, bStep: N, cRow: N, columns: N, tail: 'none' } as const;
      const [aAt, bAt, cAt] = [simd.address(a), simd.address(b), simd.address(c)];
      product(simd, layout)(M, K, aAt, bAt, cAt, 0);
    },
  };
}
