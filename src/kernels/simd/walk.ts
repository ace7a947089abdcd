/**
 * A walk along a list of non-zero factors: for each, sums[v] += factor · row[4v … 4v + 4].
 *
 * Node 20's V8 loads all that a straight line of code loads before it computes anything with it. Eight sums, a factor and eight
 * loaded vectors don't fit its 15 registers: a sum would lie on the stack, and each turn would wait for a store, a load and an
 * addition, one after the other (10 cycles where the products take 5). So the line is cut by branches that are never taken, but behind which the sums
 * would be needed as they are: they are computed before.
 *
 * Measured (one thread, AMD Zen 4): with Node 20 the dense layer's kernels by lists take 0.61 to 0.69 of the time. Node 24 and Bun keep
 * the sums in registers by themselves, and take as long with the branches as without.
 */
import type { FunctionBuilder, Local } from './assembler.ts';
import { VECTOR } from './blocks.ts';
import type { MulAdd } from './compiler.ts';
import { i32, type Value, v128 } from './instructions.ts';

/**
 * @param item the list's first; there is one at least, and `step` bytes from one to the next, up to `end`
 * @param row where the item's row is: never −1
 * @param atOnce vectors that are loaded at once
 */
export function walk(
  f: FunctionBuilder,
  mulAdd: MulAdd,
  sums: readonly Local<'v128'>[],
  atOnce: number,
  item: Local<'i32'>,
  end: Value<'i32'>,
  step: number,
  factor: Value<'v128'>,
  row: Value<'i32'>,
): void {
  const from = f.local('i32');
  const times = f.local('v128');
  f.block((exit) =>
    f.doWhile(() => {
      from.set(row);
      times.set(factor);
      sums.forEach((sum, v) => {
        if (v > 0 && v % atOnce === 0) f.branchIf(exit, i32.eq(from, -1));
        sum.set(mulAdd(sum, times, v128.load(from, v * VECTOR)));
      });
      item.advance(step);
      return i32.ne(item, end);
    }),
  );
}
