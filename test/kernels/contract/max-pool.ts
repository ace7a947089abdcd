/** Max-pooling by itself. */
import { describe, expect, test } from 'vitest';
import { poolGeometry } from '../../../src/kernels/geometry.ts';
import { check, type Subject } from './bench.ts';
import { poolCases } from './shapes.ts';

export function describeMaxPool(subject: Subject): void {
  describe('maxPool2d', () => {
    test('forward takes the first maximum of each window and says which', () => {
      check(subject, poolCases, ({ N, pool }, bench) => {
        const x = bench.input(N * pool.H * pool.W * pool.C, 0.4);
        const size = N * pool.OH * pool.OW * pool.C;
        const y = bench.output(size);
        const choice = bench.byteOutput(size);
        bench.kernels.maxPool2dForward(pool, N, x, y, choice);
        const expected = bench.reference.maxPool2dForward(pool, N, x);
        bench.expectWritten(y, expected.y);
        bench.expectWritten(choice, expected.choice);
      });
    });

    test('forward takes the first NaN of a window, and ±∞ as numbers', () => {
      check(subject, poolCases, ({ N, pool }, bench) => {
        const x = bench.input(N * pool.H * pool.W * pool.C, 0.4);
        for (let i = 0; i < x.length; i += 5) x[i] = [NaN, -Infinity, Infinity][i % 3];
        const size = N * pool.OH * pool.OW * pool.C;
        const y = bench.output(size);
        const choice = bench.byteOutput(size);
        bench.kernels.maxPool2dForward(pool, N, x, y, choice);
        const expected = bench.reference.maxPool2dForward(pool, N, x);
        bench.expectWritten(y, expected.y);
        bench.expectWritten(choice, expected.choice);
      });
    });

    test('forward takes the first of equal maxima, counting the window row by row', () => {
      check(subject, poolCases, ({ seed }, bench) => {
        const pool = poolGeometry([2, 2, 1], [2, 2], [2, 2]);
        const y = bench.output(1);
        const choice = bench.byteOutput(1);
        bench.kernels.maxPool2dForward(pool, 1, bench.copy([0, seed, seed, seed]), y, choice);
        expect(choice[0]).toBe(seed === 0 ? 0 : 1);
      });
    });

    test('backward adds each gradient to the chosen position, (oh, ow) ascending', () => {
      check(subject, poolCases, ({ N, pool }, bench) => {
        const x = bench.input(N * pool.H * pool.W * pool.C, 0.4);
        const dy = bench.input(N * pool.OH * pool.OW * pool.C);
        const dx = bench.output(x.length);
        const choice = bench.byteOutput(dy.length);
        choice.set(bench.reference.maxPool2dForward(pool, N, x).choice);
        bench.kernels.maxPool2dBackward(pool, N, dy, choice, dx);
        bench.expectWritten(dx, bench.reference.maxPool2dBackward(pool, N, dy, choice));
      });
    });

    test('backward of fewer samples than the arrays hold leaves the rest as it was', () => {
      check(subject, poolCases, ({ N, pool }, bench) => {
        const size = pool.H * pool.W * pool.C;
        const x = bench.input((N + 1) * size, 0.4);
        const dy = bench.input((N + 1) * pool.OH * pool.OW * pool.C);
        const choice = bench.byteOutput(dy.length);
        choice.set(bench.reference.maxPool2dForward(pool, N + 1, x).choice);
        const dx = bench.output(x.length);
        const before = dx.slice(N * size, x.length);
        bench.kernels.maxPool2dBackward(pool, N, dy, choice, dx);
        bench.expectWritten(dx, [...bench.reference.maxPool2dBackward(pool, N, dy, choice), ...before]);
      });
    });
  });
}
