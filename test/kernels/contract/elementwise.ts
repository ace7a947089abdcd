/** ReLU and its kin, dropout, the sum of shards. */
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { SMOOTH, type SmoothName } from '../../../src/kernels/smooth.ts';
import { dropoutThreshold } from '../../../src/tensor/random.ts';
import type { FloatArray } from '../../../src/tensor/tensor.ts';
import { type Bench, check, parts, type Subject, seeds, vectors } from './bench.ts';

const slopes = fc.constantFrom(0, 0.2, 0.3, 1, 1.5);

const dropouts = fc.record({
  N: fc.integer({ min: 1, max: 4 }),
  E: fc.oneof(fc.integer({ min: 1, max: 21 }), fc.constant(64)),
  key0: seeds,
  key1: seeds,
  first: fc.nat({ max: 1000 }),
  rate: fc.constantFrom(0, 0.25, 0.5, 0.9, 0.9999999999),
  seed: seeds,
});

/** A kernel writes `expected` into another array, and, when it reads and writes the same one, just that into `given`. */
function inPlaceToo(
  bench: Bench,
  given: FloatArray,
  expected: readonly number[],
  write: (to: FloatArray) => void,
): void {
  const output = bench.output(given.length);
  write(output);
  bench.expectWritten(output, expected);
  write(given);
  bench.compare(given, output.subarray(0, given.length));
}

export function describeElementwise(subject: Subject): void {
  describe('relu', () => {
    test('forward keeps what is above zero; −0 and NaN give +0', () => {
      check(subject, vectors, ({ size }, bench) => {
        const x = bench.input(size);
        if (size > 2) x.set([NaN, Infinity, -Infinity]);
        inPlaceToo(bench, x, bench.reference.reluForward(x), (to) => bench.kernels.reluForward(size, x, to));
      });
    });

    test('backward passes the gradient where the output is above zero; dx may be dy', () => {
      check(subject, vectors, ({ size }, bench) => {
        const y = bench.copy(bench.reference.reluForward(bench.input(size)));
        const dy = bench.input(size);
        const expected = bench.reference.reluBackward(y, dy);
        inPlaceToo(bench, dy, expected, (to) => bench.kernels.reluBackward(size, y, dy, to));
      });
    });
  });

  describe('leaky ReLU', () => {
    const sloped = fc.record({ size: fc.integer({ min: 1, max: 40 }), seed: seeds, slope: slopes });

    test('forward keeps what is above zero and scales the rest; y may be x', () => {
      check(subject, sloped, ({ size, slope }, bench) => {
        const x = bench.input(size);
        if (size > 2) x.set([NaN, Infinity, -Infinity]);
        const expected = bench.reference.leakyReluForward(x, slope);
        inPlaceToo(bench, x, expected, (to) => bench.kernels.leakyReluForward(size, x, slope, to));
      });
    });

    test('backward scales the gradient where the output is not above zero; dx may be dy', () => {
      check(subject, sloped, ({ size, slope }, bench) => {
        const y = bench.copy(bench.reference.leakyReluForward(bench.input(size), slope));
        const dy = bench.input(size);
        const expected = bench.reference.leakyReluBackward(y, dy, slope);
        inPlaceToo(bench, dy, expected, (to) => bench.kernels.leakyReluBackward(size, y, dy, slope, to));
      });
    });
  });

  describe('affine and addBias', () => {
    const rows = fc.record({
      M: fc.integer({ min: 1, max: 5 }),
      N: fc.integer({ min: 1, max: 9 }),
      seed: seeds,
    });

    test('affine multiplies and adds, each rounded, by one number or one a channel; y may be x', () => {
      check(subject, rows, ({ M, N, seed }, bench) => {
        const C = seed % 2 === 0 ? 1 : N;
        const scale = Array.from({ length: C }, (_, c) => 0.3 - c);
        const offset = Array.from({ length: C }, (_, c) => c * 0.1);
        const x = bench.input(M * N);
        const y = bench.output(M * N);
        bench.kernels.affine(M * N, x, scale, offset, y);
        bench.expectWritten(y, bench.reference.affine(x, scale, offset));
        bench.kernels.affine(M * N, x, scale, offset, x);
        bench.compare(x, y.subarray(0, M * N));
      });
    });

    test.each([true, false, 0.5])('addBias adds one number a column, in place; ReLU %s', (relu) => {
      check(subject, rows, ({ M, N }, bench) => {
        const before = bench.input(M * N);
        const b = bench.input(N);
        const y = bench.output(M * N);
        y.set(before);
        bench.kernels.addBias(M, N, b, relu, y);
        bench.expectWritten(y, bench.reference.addBias(N, b, before, relu));
      });
    });
  });

  describe('addTo and multiplyBy', () => {
    test.each(['addTo', 'multiplyBy'] as const)('%s changes the second array, element by element', (name) => {
      check(subject, vectors, ({ size }, bench) => {
        const x = bench.input(size);
        const before = bench.input(size);
        if (size > 2) x.set([NaN, Infinity, -0]);
        const y = bench.output(size);
        y.set(before);
        bench.kernels[name](size, x, y);
        bench.expectWritten(y, bench.reference[name](x, before));
      });
    });
  });

  describe('clipped ReLU', () => {
    const clipped = fc.record({
      ...{ size: fc.integer({ min: 1, max: 40 }), seed: seeds, slope: slopes },
      threshold: fc.constantFrom(0, 0.25, 0.1),
      max: fc.constantFrom(6, 0.75, Infinity, 0.05),
    });

    test('forward cuts off above and scales below the threshold; y may be x', () => {
      check(subject, clipped, ({ size, slope, threshold, max }, bench) => {
        const x = bench.input(size);
        if (size > 4) x.set([NaN, Infinity, -Infinity, threshold, max]);
        inPlaceToo(bench, x, bench.reference.clippedReluForward(x, slope, threshold, max), (to) =>
          bench.kernels.clippedReluForward(size, x, slope, threshold, max, to),
        );
      });
    });

    test('backward passes the gradient between threshold and maximum; dx may be dy', () => {
      check(subject, clipped, ({ size, slope, threshold, max }, bench) => {
        const x = bench.input(size);
        if (size > 2) x.set([threshold, max]);
        const dy = bench.input(size);
        inPlaceToo(bench, dy, bench.reference.clippedReluBackward(x, dy, slope, threshold, max), (to) =>
          bench.kernels.clippedReluBackward(size, x, dy, slope, threshold, max, to),
        );
      });
    });
  });

  describe('hard sigmoid and hard swish', () => {
    const wide = (bench: Bench, size: number) => {
      const x = bench.copy(bench.input(size).map((v) => 5 * v));
      if (size > 4) x.set([NaN, Infinity, -Infinity, 3, -3]);
      return x;
    };

    test.each([1 / 6, 0.2])('hard sigmoid of slope %d, and its gradient where it isn’t cut off', (slope) => {
      check(subject, vectors, ({ size }, bench) => {
        const x = wide(bench, size);
        const y = bench.output(size);
        bench.kernels.hardSigmoidForward(size, x, slope, y);
        bench.expectWritten(y, bench.reference.hardSigmoidForward(x, slope));
        const dy = bench.input(size);
        const dx = bench.output(size);
        bench.kernels.hardSigmoidBackward(size, y, dy, slope, dx);
        bench.expectWritten(dx, bench.reference.hardSigmoidBackward(y.subarray(0, size), dy, slope));
      });
    });

    test('hard swish is x times its hard sigmoid, backward by the product rule; in place too', () => {
      check(subject, vectors, ({ size }, bench) => {
        const x = wide(bench, size);
        const y = bench.output(size);
        bench.kernels.hardSwishForward(size, x, y);
        bench.expectWritten(y, bench.reference.hardSwishForward(x));
        const dy = bench.input(size);
        const dx = bench.output(size);
        bench.kernels.hardSwishBackward(size, x, dy, dx);
        bench.expectWritten(dx, bench.reference.hardSwishBackward(x, dy));
        bench.kernels.hardSwishForward(size, x, x);
        bench.compare(x, y.subarray(0, size));
      });
    });
  });

  describe.each(['sigmoid', 'tanh'] as const)('%s', (name) => {
    const [forward, backward] = [`${name}Forward`, `${name}Backward`] as const;

    test('forward is the float64 value, rounded once; y may be x', () => {
      check(subject, vectors, ({ size }, bench) => {
        const x = bench.copy(bench.input(size).map((v) => 20 * v));
        if (size > 2) x.set([NaN, Infinity, -Infinity]);
        inPlaceToo(bench, x, bench.reference[forward](x), (to) => bench.kernels[forward](size, x, to));
      });
    });

    test('backward multiplies by the slope at the output; dx may be dy', () => {
      check(subject, vectors, ({ size }, bench) => {
        const y = bench.copy(bench.reference[forward](bench.input(size)));
        const dy = bench.input(size);
        const expected = bench.reference[backward](y, dy);
        inPlaceToo(bench, dy, expected, (to) => bench.kernels[backward](size, y, dy, to));
      });
    });
  });

  describe.each(Object.keys(SMOOTH) as SmoothName[])('%s', (name) => {
    // Numbers of every size, since what is computed differs from range to range.
    const scaled = fc.record({
      ...{ size: fc.integer({ min: 1, max: 40 }), seed: seeds },
      scale: fc.constantFrom(0.5, 2, 10, 50, 1000, 1e-20),
    });
    const SPECIAL = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 40, -40.5, 745, -745.5, 1e-40, 3e38];
    const wide = (bench: Bench, size: number, scale: number) => {
      const x = bench.copy(bench.input(size).map((v) => scale * v));
      if (size > SPECIAL.length) x.set(SPECIAL);
      return x;
    };

    test('forward is the float64 value, rounded once; y may be x', () => {
      check(subject, scaled, ({ size, scale }, bench) => {
        const x = wide(bench, size, scale);
        const expected = bench.reference.smoothForward(name, x);
        inPlaceToo(bench, x, expected, (to) => bench.kernels.smoothForward(name, size, x, to));
      });
    });

    test('backward multiplies by the slope at the input; dx may be dy', () => {
      check(subject, scaled, ({ size, scale }, bench) => {
        const x = wide(bench, size, scale);
        const dy = bench.input(size);
        const expected = bench.reference.smoothBackward(name, x, dy);
        inPlaceToo(bench, dy, expected, (to) => bench.kernels.smoothBackward(name, size, x, dy, to));
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

    test('gaussian noise is drawn by the same words', () => {
      check(subject, dropouts, ({ N, E, key0, key1, first, rate }, bench) => {
        const x = bench.input(N * E);
        const y = bench.output(N * E);
        bench.kernels.gaussianNoise(N, E, x, key0, key1, first, rate, y);
        bench.expectWritten(y, bench.reference.gaussianNoise(N, E, x, key0, key1, first, rate));
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
}
