import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  softmaxBackward,
  softmaxCrossEntropy,
  softmaxForward,
  sparseSoftmaxCrossEntropy,
} from '../../src/kernels/softmax.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { expectClose, expectSameBits } from '../matchers.ts';
import { numericalGradient } from './numerical-gradient.ts';

const sizes = fc.record({
  N: fc.integer({ min: 1, max: 6 }),
  C: fc.integer({ min: 1, max: 9 }),
  seed: fc.nat(),
});

function random(length: number, seed: number, lo: number, hi: number): Float64Array {
  const x = new Float64Array(length);
  uniform(deriveKey(seed, Purpose.study, 0, 0), lo, hi, x);
  return x;
}

/** Random rows that sum to one. */
function distributions(N: number, C: number, seed: number): Float64Array {
  const t = random(N * C, seed, 0.1, 1);
  for (let n = 0; n < N; n++) {
    const row = t.subarray(n * C, (n + 1) * C);
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((v, c) => {
      row[c] = v / sum;
    });
  }
  return t;
}

describe('softmaxForward', () => {
  test('of 1, 2, 3 is 0.0900, 0.2447, 0.6652', () => {
    const y = new Float64Array(3);
    softmaxForward(1, 3, Float64Array.of(1, 2, 3), y);
    expectClose(y, [0.09003057317038046, 0.24472847105479764, 0.6652409557748219], { relative: 1e-15 });
  });

  test('rows sum to one, and a number added to a whole row changes nothing', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: -1000, max: 1000 }), ({ N, C, seed }, shift) => {
        // Eighths, so that adding the shift is exact.
        const x = random(N * C, seed, -20, 20).map((v) => Math.round(v * 8) / 8);
        const y = new Float64Array(N * C);
        const shifted = new Float64Array(N * C);
        softmaxForward(N, C, x, y);
        softmaxForward(
          N,
          C,
          x.map((v) => v + shift),
          shifted,
        );
        expectSameBits(shifted, y);
        for (let n = 0; n < N; n++) {
          const sum = y.subarray(n * C, (n + 1) * C).reduce((a, b) => a + b, 0);
          expect(Math.abs(sum - 1)).toBeLessThan(1e-15 * C);
        }
      }),
    );
  });

  test('stays finite for logits of any size, takes −∞ as probability 0, and NaN makes its row NaN', () => {
    const y = new Float32Array(6);
    softmaxForward(3, 2, Float32Array.of(1e38, -1e38, -Infinity, 5, NaN, 0), y);
    expectSameBits(y, [1, 0, 0, 1, NaN, NaN]);
  });

  test('may work in place, and rounds once to float32', () => {
    const x = random(12, 1, -3, 3);
    const double = new Float64Array(12);
    const single = Float32Array.from(x);
    softmaxForward(3, 4, x, double);
    softmaxForward(3, 4, single, single);
    expectSameBits(single, double.map(Math.fround));
  });
});

test('softmaxBackward equals central differences within 1e-8', () => {
  fc.assert(
    fc.property(sizes, ({ N, C, seed }) => {
      const x = random(N * C, seed, -2, 2);
      const r = random(N * C, seed + 1, -1, 1);
      const y = new Float64Array(N * C);
      const dx = new Float64Array(N * C);
      softmaxForward(N, C, x, y);
      softmaxBackward(N, C, y, r, dx);
      const value = (): number => {
        const out = new Float64Array(N * C);
        softmaxForward(N, C, x, out);
        return out.reduce((sum, v, i) => sum + v * r[i], 0);
      };
      expectClose(dx, numericalGradient(value, x), { absolute: 1e-8 });
      softmaxBackward(N, C, y, r, r);
      expectSameBits(r, dx);
    }),
    { numRuns: 30 },
  );
});

describe('softmaxCrossEntropy', () => {
  test('of uniform logits is log C, whatever the target', () => {
    const loss = new Float64Array(2);
    const p = new Float64Array(8);
    softmaxCrossEntropy(2, 4, new Float64Array(8).fill(3), distributions(2, 4, 0), 2, loss, p, null);
    expectClose(loss, [Math.log(4), Math.log(4)], { relative: 1e-15 });
    expectSameBits(p, new Float64Array(8).fill(0.25));
  });

  test('gradient of the mean loss over the batch equals central differences within 1e-8', () => {
    fc.assert(
      fc.property(sizes, ({ N, C, seed }) => {
        const logits = random(N * C, seed, -4, 4);
        const target = distributions(N, C, seed + 1);
        const p = new Float64Array(N * C);
        const dlogits = new Float64Array(N * C);
        const loss = new Float64Array(N);
        const batch = N + 3; // the call holds a part of the batch
        softmaxCrossEntropy(N, C, logits, target, batch, loss, p, dlogits);
        const value = (): number => {
          const each = new Float64Array(N);
          softmaxCrossEntropy(N, C, logits, target, batch, each, new Float64Array(N * C), null);
          return each.reduce((a, b) => a + b, 0) / batch;
        };
        expectClose(dlogits, numericalGradient(value, logits), { absolute: 1e-8 });
        const probabilities = new Float64Array(N * C);
        softmaxForward(N, C, logits, probabilities);
        expectSameBits(p, probabilities);
      }),
      { numRuns: 30 },
    );
  });

  test('with a class a sample has the bits of the one-hot target', () => {
    fc.assert(
      fc.property(sizes, ({ N, C, seed }) => {
        const logits = Float32Array.from(random(N * C, seed, -30, 30));
        const classes = Uint8Array.from(random(N, seed + 1, 0, C), (v) => Math.min(C - 1, Math.floor(v)));
        const target = new Float32Array(N * C);
        classes.forEach((c, n) => {
          target[n * C + c] = 1;
        });
        const outputs = () =>
          [new Float64Array(N), new Float32Array(N * C), new Float32Array(N * C)] as const;
        const [loss, p, dlogits] = outputs();
        const [loss1, p1, dlogits1] = outputs();
        softmaxCrossEntropy(N, C, logits, target, N, loss, p, dlogits);
        sparseSoftmaxCrossEntropy(N, C, logits, classes, N, loss1, p1, dlogits1);
        expectSameBits(loss1, loss);
        expectSameBits(p1, p);
        expectSameBits(dlogits1, dlogits);
        sparseSoftmaxCrossEntropy(N, C, logits, classes, N, loss1, p1, null);
        expectSameBits(loss1, loss);
      }),
    );
  });

  test('is finite where the target class has no chance, and leaves out classes of target 0', () => {
    const loss = new Float64Array(2);
    const p = new Float32Array(4);
    softmaxCrossEntropy(
      2,
      2,
      Float32Array.of(-1000, 1000, -Infinity, 0),
      Float32Array.of(1, 0, 0, 1),
      2,
      loss,
      p,
      null,
    );
    expectSameBits(loss, [2000, 0]);
  });

  test('NaN among the logits makes the loss NaN', () => {
    const loss = new Float64Array(1);
    sparseSoftmaxCrossEntropy(1, 2, Float32Array.of(0, NaN), [0], 1, loss, new Float32Array(2), null);
    expect(loss[0]).toBeNaN();
  });
});

describe('softmaxCrossEntropy of any rows', () => {
  test('has the gradient of its loss where a row does not sum to one', () => {
    fc.assert(
      fc.property(sizes, ({ N, C, seed }) => {
        const x = random(N * C, seed, -3, 3);
        const t = random(N * C, seed + 1, 0, 4);
        const [loss, p, dx] = [new Float64Array(N), new Float64Array(N * C), new Float64Array(N * C)];
        const mean = (): number => {
          softmaxCrossEntropy(N, C, x, t, N, loss, p, null);
          return loss.reduce((a, b) => a + b, 0) / N;
        };
        const expected = numericalGradient(mean, x);
        softmaxCrossEntropy(N, C, x, t, N, loss, p, dx);
        expectClose(dx, expected, { absolute: 1e-6 });
      }),
      { numRuns: 20 },
    );
  });

  test('of one-hot rows, and of class numbers, is (p − t)/batch to the bit', () => {
    fc.assert(
      fc.property(sizes, ({ N, C, seed }) => {
        const x = Float32Array.from(random(N * C, seed, -30, 30));
        const classes = Array.from({ length: N }, (_, n) => (seed + n) % C);
        const t = new Float32Array(N * C);
        for (const [n, k] of classes.entries()) t[n * C + k] = 1;
        const [loss, p, dx] = [new Float64Array(N), new Float64Array(N * C), new Float64Array(N * C)];
        softmaxCrossEntropy(N, C, x, t, 7, loss, p, dx);
        expectSameBits(
          dx,
          Float64Array.from(p, (v, i) => (v - t[i]) / 7),
        );
        const sparse = new Float64Array(N * C);
        sparseSoftmaxCrossEntropy(N, C, x, classes, 7, loss, p, sparse);
        expectSameBits(sparse, dx);
      }),
      { numRuns: 30 },
    );
  });
});
