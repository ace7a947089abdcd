/** Mean squared error and binary cross-entropy, against their formulas; their gradients are the gradient checks' matter. */
import { describe, expect, it } from 'vitest';
import { binaryCrossentropy } from '../../src/losses/binary-crossentropy.ts';
import { squaredHinge } from '../../src/losses/hinge.ts';
import type { Loss, LossRun } from '../../src/losses/loss.ts';
import { meanSquaredError } from '../../src/losses/mean-squared-error.ts';
import { expectClose } from '../matchers.ts';

interface Result {
  readonly losses: Float64Array;
  readonly dx: Float64Array;
  readonly probabilities: Float64Array;
}

/** The loss of rows [N, C]; `folded`: x is before a sigmoid that is the loss's to compute. */
function compute(
  loss: Loss,
  x: readonly number[],
  targets: readonly number[],
  C: number,
  folded = false,
): Result {
  const N = x.length / C;
  const [losses, dx, probabilities] = [N, x.length, x.length].map((length) => new Float64Array(length));
  const numbers = Float64Array.from(x);
  const run: LossRun = {
    ...{ C, x: numbers, folded, probabilities, y: folded ? probabilities : numbers },
    ...{ targets: Float64Array.from(targets), losses, dx },
  };
  loss.compute(run, N, N);
  return { losses, dx, probabilities };
}

describe('meanSquaredError', () => {
  it('is the mean of a row’s squared differences, and its gradient twice the difference over all numbers', () => {
    const { losses, dx } = compute(meanSquaredError(), [1, 2, 3, 5], [1, 0, 4, 2], 2);
    expect([...losses]).toEqual([2, 5]);
    expect([...dx]).toEqual([0, 1, -0.5, 1.5]);
  });

  it('is computed without a gradient where none is wanted', () => {
    const losses = new Float64Array(1);
    const x = Float64Array.of(3);
    const run = {
      C: 1,
      x,
      folded: false,
      probabilities: x,
      y: x,
      targets: Float64Array.of(1),
      losses,
      dx: null,
    };
    meanSquaredError().compute(run, 1, 1);
    binaryCrossentropy().compute({ ...run, x: Float64Array.of(0.5) }, 1, 1);
    expect(losses[0]).toBeCloseTo(Math.LN2, 14);
  });
});

describe('squaredHinge', () => {
  it('and its gradient go by the margin 1 − t·x, of targets between the sides too; 0 stands for −1', () => {
    const { losses, dx } = compute(squaredHinge(), [0.5, 0.5, 0.5, 3], [-0.5, 0, 1, 1], 1);
    expect([...losses]).toEqual([1.5625, 2.25, 0.25, 0]);
    expect([...dx].map((d) => 4 * d + 0)).toEqual([1.25, 3, -1, 0]); // of the mean over four samples
  });
});

describe('binaryCrossentropy', () => {
  const logits = [-3, 0.2, 1.7, -0.4, 5, -20];
  const targets = [0, 1, 1, 0.25, 0, 1];
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  const expected = (p: readonly number[], C: number): number[] =>
    Array.from({ length: p.length / C }, (_, n) => {
      let sum = 0;
      for (let i = n * C; i < (n + 1) * C; i++) {
        sum -= targets[i] * Math.log(p[i]) + (1 - targets[i]) * Math.log(1 - p[i]);
      }
      return sum / C;
    });

  it('is the mean cross-entropy of a row’s yes and no: behind a sigmoid, from logits, and of probabilities', () => {
    const p = logits.map(sigmoid);
    const behind = compute(binaryCrossentropy(), logits, targets, 3, true);
    expectClose(behind.losses, expected(p, 3), { relative: 1e-7 }); // 1 − p cancels in the reference
    expectClose(behind.probabilities, p, { relative: 1e-14 });
    expect(compute(binaryCrossentropy({ fromLogits: true }), logits, targets, 3).losses).toEqual(
      behind.losses,
    );
    // e^−20 is nearer to 0 than Keras lets probabilities come.
    const clipped = p.with(5, 1e-7);
    expectClose(compute(binaryCrossentropy(), p, targets, 3).losses, expected(clipped, 3), {
      relative: 1e-12,
    });
  });

  it('has finite losses and gradients for any logit', () => {
    for (const x of [-1e30, -800, -1, 0, 1, 800, 1e30]) {
      for (const t of [0, 1]) {
        const { losses, dx } = compute(binaryCrossentropy({ fromLogits: true }), [x], [t], 1);
        expect(losses[0]).toBeCloseTo(Math.max(x, 0) - t * x + Math.log1p(Math.exp(-Math.abs(x))), 12);
        expect(dx[0]).toBeCloseTo((x > 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))) - t, 12);
      }
    }
  });

  it('keeps the digits of a loss that is nearly zero', () => {
    const { losses } = compute(binaryCrossentropy({ fromLogits: true }), [45], [1], 1);
    expect(losses[0] / Math.exp(-45)).toBeCloseTo(1, 12);
  });

  it('keeps probabilities within [1e-7, 1 − 1e-7], with no gradient outside, as Keras does', () => {
    const { losses, dx } = compute(binaryCrossentropy(), [0, 1, 1e-7, 2, -1], [1, 0, 1, 1, 0], 1);
    const largest = -Math.log(1e-7);
    expectClose(losses, [largest, largest, largest, -Math.log(1 - 1e-7), -Math.log(1 - 1e-7)], {
      relative: 1e-8,
    });
    expect([...dx].map((d) => d !== 0)).toEqual([false, false, true, false, false]);
  });
});
