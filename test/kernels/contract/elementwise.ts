/** ReLU, dropout, the sum of shards and the optimizers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dropoutThreshold } from '../../../src/tensor/random.ts';
import { check, type Subject, seeds } from './bench.ts';

const vectors = fc.record({ size: fc.integer({ min: 1, max: 40 }), seed: seeds });

/** A part from ≤ i < to of a vector. */
const parts = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), seeds)
  .map(([size, a, b, seed]) => {
    const from = a % size;
    return { size, from, to: from + (b % (size - from + 1)), seed };
  });

const dropouts = fc.record({
  N: fc.integer({ min: 1, max: 4 }),
  E: fc.oneof(fc.integer({ min: 1, max: 21 }), fc.constant(64)),
  key0: seeds,
  key1: seeds,
  first: fc.nat({ max: 1000 }),
  rate: fc.constantFrom(0, 0.25, 0.5, 0.9, 0.9999999999),
  seed: seeds,
});

export function describeElementwise(subject: Subject): void {
  describe('relu', () => {
    test('forward keeps what is above zero; −0 and NaN give +0', () => {
      check(subject, vectors, ({ size }, bench) => {
        const x = bench.input(size);
        if (size > 2) x.set([NaN, Infinity, -Infinity]);
        const y = bench.output(size);
        bench.kernels.reluForward(size, x, y);
        bench.expectWritten(y, bench.reference.reluForward(x));
        bench.kernels.reluForward(size, x, x);
        bench.compare(x, y.subarray(0, size));
      });
    });

    test('backward passes the gradient where the output is above zero; dx may be dy', () => {
      check(subject, vectors, ({ size }, bench) => {
        const y = bench.copy(bench.reference.reluForward(bench.input(size)));
        const dy = bench.input(size);
        const dx = bench.output(size);
        bench.kernels.reluBackward(size, y, dy, dx);
        bench.expectWritten(dx, bench.reference.reluBackward(y, dy));
        bench.kernels.reluBackward(size, y, dy, dy);
        bench.compare(dy, dx.subarray(0, size));
      });
    });
  });

  describe('dropout', () => {
    test('forward keeps an element by the word of (key, position in the batch, element) alone', () => {
      check(subject, dropouts, ({ N, E, key0, key1, first, rate }, bench) => {
        const threshold = dropoutThreshold(rate);
        const scale = 1 / (1 - rate);
        const x = bench.input(N * E);
        const y = bench.output(N * E);
        const mask = bench.byteOutput(N * E);
        bench.kernels.dropoutForward(N, E, x, key0, key1, first, threshold, scale, y, mask);
        const expected = bench.reference.dropoutForward(N, E, x, key0, key1, first, threshold, scale);
        bench.expectWritten(mask, expected.mask);
        bench.expectWritten(y, expected.y);
      });
    });

    test('backward scales the gradient where the mask is 1; dx may be dy', () => {
      check(subject, dropouts, ({ N, E, key0, key1, first, rate }, bench) => {
        const scale = 1 / (1 - rate);
        const dy = bench.input(N * E);
        const threshold = dropoutThreshold(rate);
        const { mask: kept, y } = bench.reference.dropoutForward(
          N,
          E,
          dy,
          key0,
          key1,
          first,
          threshold,
          scale,
        );
        const mask = bench.byteOutput(N * E);
        mask.set(kept);
        const dx = bench.output(N * E);
        bench.kernels.dropoutBackward(N * E, mask, dy, scale, dx);
        bench.expectWritten(dx, y);
        bench.kernels.dropoutBackward(N * E, mask, dy, scale, dy);
        bench.compare(dy, y);
      });
    });
  });

  describe('sumShards', () => {
    test('sums shards ascending, for the elements asked for and no others', () => {
      const shards = fc.record({ S: fc.integer({ min: 1, max: 17 }), part: parts, seed: seeds });
      check(subject, shards, ({ S, part: { size, from, to } }, bench) => {
        const partial = bench.input(S * size);
        const before = bench.input(size);
        const sum = bench.output(size);
        sum.set(before);
        bench.kernels.sumShards(S, size, partial, from, to, sum);
        const expected = bench.reference.sumShards(S, size, partial);
        bench.expectWritten(
          sum,
          expected.map((v, i) => (i >= from && i < to ? v : before[i])),
        );
      });
    });
  });

  describe('optimizers', () => {
    test('adadelta follows the formula step by step, each operation rounded once', () => {
      check(subject, parts, ({ size, from, to }, bench) => {
        const w = bench.input(size);
        const g = bench.input(size, 0.3);
        const G = bench.copy(bench.input(size).map(Math.abs));
        const D = bench.copy(bench.input(size).map((v) => Math.abs(v) / 1000));
        const expected = Array.from(w, (value, i) =>
          i >= from && i < to
            ? bench.reference.adadelta(value, g[i], G[i], D[i], 0.3, 0.95, 1e-7)
            : { w: value, G: G[i], D: D[i] },
        );
        bench.kernels.adadelta(from, to, w, g, G, D, 0.3, 0.95, 1e-7);
        bench.compare(
          w,
          expected.map((e) => e.w),
        );
        bench.compare(
          G,
          expected.map((e) => e.G),
        );
        bench.compare(
          D,
          expected.map((e) => e.D),
        );
      });
    });

    test('adadelta takes w = 1 with gradient 0.5 to 0.9957 in three steps of learning rate 1', () => {
      check(
        subject,
        vectors,
        (_, bench) => {
          const w = bench.copy([1]);
          const G = bench.copy([0]);
          const D = bench.copy([0]);
          for (let step = 0; step < 3; step++) {
            bench.kernels.adadelta(0, 1, w, bench.copy([0.5]), G, D, 1, 0.95, 1e-7);
          }
          expect(w[0]).toBeCloseTo(0.9957, 4);
        },
        { runs: 1 },
      );
    });

    test('sgd subtracts the scaled gradient', () => {
      check(subject, parts, ({ size, from, to }, bench) => {
        const w = bench.input(size);
        const g = bench.input(size);
        const moved = bench.reference.sgd(w, g, 0.1);
        const expected = Array.from(w, (value, i) => (i >= from && i < to ? moved[i] : value));
        bench.kernels.sgd(from, to, w, g, 0.1);
        bench.compare(w, expected);
      });
    });
  });
}
