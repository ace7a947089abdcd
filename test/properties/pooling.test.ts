/** What makes max-pooling one. */
import { describe, expect, it } from 'vitest';
import type { PoolGeometry } from '../../src/kernels/geometry.ts';
import type { FloatArray } from '../../src/tensor/tensor.ts';
import { type Bench, check } from '../kernels/contract/bench.ts';
import { poolCases } from '../kernels/contract/shapes.ts';
import { integers, subjects } from './subjects.ts';

function maxPool(bench: Bench, pool: PoolGeometry, N: number, x: FloatArray) {
  const size = N * pool.OH * pool.OW * pool.C;
  const y = bench.copy(new Float32Array(size));
  const choice = bench.byteOutput(size).subarray(0, size);
  bench.kernels.maxPool2dForward(pool, N, x, y, choice);
  return { y, choice };
}

describe.each(subjects)('max-pooling, %s kernels', (_, subject) => {
  it('is at least each element of its window, and one of them', () => {
    check(subject, poolCases, ({ N, pool }, bench) => {
      const x = bench.input(N * pool.H * pool.W * pool.C);
      const { y } = maxPool(bench, pool, N, x);
      const { H, W, C, KH, KW, SH, SW, OH, OW, padTop, padLeft } = pool;
      for (let i = 0; i < y.length; i++) {
        const c = i % C;
        const ow = Math.floor(i / C) % OW;
        const oh = Math.floor(i / (C * OW)) % OH;
        const n = Math.floor(i / (C * OW * OH));
        const window: number[] = [];
        for (let kh = 0; kh < KH; kh++) {
          for (let kw = 0; kw < KW; kw++) {
            const [h, w] = [oh * SH + kh - padTop, ow * SW + kw - padLeft];
            if (h >= 0 && h < H && w >= 0 && w < W) window.push(x[((n * H + h) * W + w) * C + c]);
          }
        }
        expect(window.every((v) => v <= y[i])).toBe(true);
        expect(window).toContain(y[i]);
      }
    });
  });

  it('commutes with adding a number, and with any scale > 0, and chooses the same', () => {
    check(subject, poolCases, ({ N, pool, seed }, bench) => {
      const x = integers(bench, N * pool.H * pool.W * pool.C);
      const [scale, shift] = [1 + (seed % 7), (seed % 11) - 5];
      const moved = bench.copy(x.map((v) => v * scale + shift));
      const [before, after] = [maxPool(bench, pool, N, x), maxPool(bench, pool, N, moved)];
      expect(after.y).toEqual(before.y.map((v) => v * scale + shift));
      expect(after.choice).toEqual(before.choice);
    });
  });

  it('hands on the whole gradient, exactly on whole numbers', () => {
    check(subject, poolCases, ({ N, pool }, bench) => {
      const x = bench.input(N * pool.H * pool.W * pool.C);
      const { y, choice } = maxPool(bench, pool, N, x);
      const dy = integers(bench, y.length);
      const dx = bench.copy(x);
      bench.kernels.maxPool2dBackward(pool, N, dy, choice, dx);
      const sum = (values: Iterable<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
      expect(sum(dx)).toBe(sum(dy));
    });
  });
});
