/** The three matrix products. */
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { check, type Subject, seeds } from './bench.ts';

/** Sizes around the blocks of 4 and 8, and 0 terms to sum. */
const products = fc.record({
  M: fc.integer({ min: 1, max: 14 }),
  K: fc.integer({ min: 0, max: 20 }),
  N: fc.oneof(fc.integer({ min: 1, max: 18 }), fc.constantFrom(32, 33)),
  seed: seeds,
});

export function describeMatmul(subject: Subject): void {
  describe('matmul', () => {
    test('a·b is the sum over k ascending', () => {
      check(subject, products, ({ M, K, N }, bench) => {
        const a = bench.input(M * K);
        const b = bench.input(K * N);
        const c = bench.output(M * N);
        bench.kernels.matmul(M, K, N, a, b, c);
        bench.expectWritten(c, bench.reference.matmul(M, K, N, a, b));
      });
    });

    test('aᵀ·b is the sum over k ascending', () => {
      check(subject, products, ({ M, K, N }, bench) => {
        const a = bench.input(K * M);
        const b = bench.input(K * N);
        const c = bench.output(M * N);
        bench.kernels.matmulTransposeA(M, K, N, a, b, c);
        bench.expectWritten(c, bench.reference.matmulTransposeA(M, K, N, a, b));
      });
    });

    test('a·bᵀ is the sum over k ascending', () => {
      check(subject, products, ({ M, K, N }, bench) => {
        const a = bench.input(M * K);
        const b = bench.input(N * K);
        const c = bench.output(M * N);
        bench.kernels.matmulTransposeB(M, K, N, a, b, c, bench.scratch(K * N));
        bench.expectWritten(c, bench.reference.matmulTransposeB(M, K, N, a, b));
      });
    });
  });
}
