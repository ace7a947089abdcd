/** Bias gradients: sums over the rows of a matrix, lanes across its columns. */
import { FLOAT, overlappingBlocks, VECTOR, zeroAll } from './blocks.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { f32x4, i32, v128 } from './instructions.ts';

/** kernel(rows, x, sums): x [rows, columns] → sums[j] = Σ_rows x[row, j], rows ascending from +0. columns ≥ 4. */
export function columnSums(simd: SimdCompiler, columns: number): Kernel {
  return simd.kernel(`columnSums ${columns}`, (module) =>
    module.func('kernel', { rows: 'i32', x: 'i32', sums: 'i32' }, (f, { rows, x, sums }) => {
      // Up to 32 columns at once: whole cache lines, and enough sums to hide an addition's latency.
      const vectors = Math.min(8, Math.floor(columns / 4));
      const totals = f.locals('v128', vectors);
      const column = f.local('i32');
      const left = f.local('i32');
      const row = f.local('i32');
      overlappingBlocks(f, column, { count: columns, size: 4 * vectors, bytes: FLOAT }, () => {
        zeroAll(totals);
        row.set(i32.add(x, column));
        left.set(rows);
        // for each row: totals += row
        f.while(left, () => {
          totals.forEach((total, v) => {
            total.set(f32x4.add(total, v128.load(row, v * VECTOR)));
          });
          row.advance(columns * FLOAT);
          left.advance(-1);
        });
        totals.forEach((total, v) => {
          f.store(i32.add(sums, column), v * VECTOR, total);
        });
      });
    }),
  );
}
