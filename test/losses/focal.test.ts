/** What the focal losses, dice, tversky and cosine similarity do at their edges; their formulas are compared with Keras' in test/parity/keras-training.test.ts. */
import { describe, expect, it } from 'vitest';
import '../../src/everything.ts';
import { dense } from '../../src/layers/dense.ts';
import { binaryCrossentropy } from '../../src/losses/binary-crossentropy.ts';
import { binaryFocalCrossentropy } from '../../src/losses/binary-focal-crossentropy.ts';
import { categoricalCrossentropy } from '../../src/losses/categorical-crossentropy.ts';
import { categoricalFocalCrossentropy } from '../../src/losses/categorical-focal-crossentropy.ts';
import { cosineSimilarity } from '../../src/losses/cosine-similarity.ts';
import { type Loss, type LossRun, lossConfig } from '../../src/losses/loss.ts';
import { dice, tversky } from '../../src/losses/overlap.ts';
import { getLoss } from '../../src/losses/registry.ts';
import { sequential } from '../../src/training/sequential.ts';
import { expectClose } from '../matchers.ts';

interface Result {
  readonly losses: number[];
  readonly dx: number[];
  readonly probabilities: number[];
}

function compute(loss: Loss, x: readonly number[], targets: readonly number[], C: number): Result {
  const N = x.length / C;
  const [losses, dx, probabilities] = [N, x.length, x.length].map((length) => new Float64Array(length));
  const numbers = Float64Array.from(x);
  const run: LossRun = {
    ...{ C, x: numbers, folded: false, probabilities, y: numbers },
    ...{ targets: Float64Array.from(targets), losses, dx },
  };
  loss.compute(run, N, N);
  const without = new Float64Array(N);
  loss.compute({ ...run, losses: without, dx: null }, N, N);
  expect(without).toEqual(losses);
  return { losses: [...losses], dx: [...dx], probabilities: [...probabilities] };
}

const LOGITS = [-3, 0.2, 1.7, -0.4, 5, -20];
const TARGETS = [0, 1, 0, 0.25, 0, 0.75];

describe('focal losses', () => {
  it('with γ = 0 are the cross-entropies that they begin with', () => {
    const options = { gamma: 0, fromLogits: true };
    const pairs: [Loss, Loss][] = [
      [binaryFocalCrossentropy(options), binaryCrossentropy({ fromLogits: true })],
      [categoricalFocalCrossentropy({ ...options, alpha: 1 }), categoricalCrossentropy({ fromLogits: true })],
    ];
    for (const [focal, plain] of pairs) {
      const [is, expected] = [focal, plain].map((loss) => compute(loss, LOGITS, TARGETS, 3));
      expectClose(is.losses, expected.losses, { relative: 1e-14 });
      expectClose(is.dx, expected.dx, { absolute: 1e-15 });
      expectClose(is.probabilities, expected.probabilities, { absolute: 1e-15 });
    }
  });

  it.each([0, 0.5, 2])('are finite, with their gradients, for any logits: γ = %d', (gamma) => {
    const options = { gamma, fromLogits: true };
    for (const size of [0, 1, 40, 800, 1e30]) {
      for (const targets of [
        [1, 0],
        [0, 1],
      ]) {
        for (const loss of [binaryFocalCrossentropy(options), categoricalFocalCrossentropy(options)]) {
          const { losses, dx } = compute(loss, [size, -size], targets, 2);
          expect([...losses, ...dx].every(Number.isFinite)).toBe(true);
          expect(losses[0]).toBeGreaterThanOrEqual(0);
        }
      }
    }
  });

  it('keep other probabilities within [1e-7, 1 − 1e-7], with no gradient outside', () => {
    const { losses, dx } = compute(binaryFocalCrossentropy(), [0, 1, 0.5, 2], [1, 0, 1, 1], 1);
    const q = 1 - 1e-7;
    expectClose(losses.slice(0, 3), [-q * q * Math.log(1e-7), -q * q * Math.log(1e-7), Math.LN2 / 4], {
      relative: 1e-8,
    });
    expect(dx.map((d) => d !== 0)).toEqual([false, false, true, false]);
  });

  it('refuse options that can’t be meant', () => {
    expect(() => binaryFocalCrossentropy({ alpha: 2 })).toThrow('alpha must be from 0 to 1, got 2');
    expect(() => binaryFocalCrossentropy({ gamma: -1 })).toThrow('gamma must be at least 0');
    expect(() => categoricalFocalCrossentropy({ alpha: [1, -1] })).toThrow('alpha must be at least 0');
    const loss = categoricalFocalCrossentropy({ alpha: [1, 2, 3] });
    const model = sequential([dense({ units: 2, activation: 'softmax', inputShape: [2] })]);
    expect(() => model.compile({ optimizer: 'adam', loss })).toThrow(
      /^compile: categoricalFocalCrossentropy: alpha must be one number, or one per class: expected 2, got \[1, 2, 3\]$/,
    );
  });
});

describe('dice and tversky', () => {
  it('are 0 where all is covered, 1 where nothing is, with one sum a sample', () => {
    for (const loss of [dice(), tversky()]) {
      const { losses } = compute(loss, [1, 0, 1, 0, 1, 0], [1, 0, 1, 1, 0, 1], 3);
      expectClose(losses, [0, 1], { absolute: 1e-7 });
    }
  });

  it('tversky’s α is for what was missed, as in Keras’ code, its β for what was too much', () => {
    const loss = tversky({ alpha: 1, beta: 0 });
    expectClose(compute(loss, [1, 0, 1, 1], [1, 1, 1, 0], 2).losses, [0.5, 0], { absolute: 1e-7 });
  });

  it('are refused for one output a sample, of which only a yes would be learnt', () => {
    const model = sequential([dense({ units: 1, activation: 'sigmoid', inputShape: [2] })]);
    expect(() => model.compile({ optimizer: 'adam', loss: 'dice' })).toThrow(
      "dice compares the outputs of a sample with one another: expected more than one, got 1: use 'binaryCrossentropy'",
    );
  });
});

describe('cosineSimilarity', () => {
  it('is −1, 0 and 1 for the same, a right and the opposite direction, whatever the lengths, and 0 without any', () => {
    const { losses } = compute(cosineSimilarity(), [3, 0, 0, 9, -1, 0, 0, 0], [5, 0, 1, 0, 7, 0, 1, 1], 2);
    expect(losses.map((loss) => loss + 0)).toEqual([-1, 0, 1, 0]);
  });

  it('has a finite gradient at 0: the length is ε there, and doesn’t change', () => {
    const { dx } = compute(cosineSimilarity(), [0, 0, 1e-9, 0], [0, 2, 0, 2], 2);
    expectClose(dx, [0, -1e7 / 2, 0, -1e7 / 2], { relative: 1e-12 });
  });
});

it('are read back with their options from what a file or a worker holds', () => {
  const losses = [
    cosineSimilarity(),
    dice(),
    tversky({ alpha: 0.25 }),
    binaryFocalCrossentropy({ fromLogits: true, gamma: 1, alpha: 0.5, applyClassBalancing: true }),
    categoricalFocalCrossentropy({ gamma: 3, alpha: [1, 2], labelSmoothing: 0.1 }),
  ];
  for (const loss of losses) {
    const config = JSON.parse(JSON.stringify(lossConfig(loss)));
    expect(lossConfig(getLoss(config))).toEqual(lossConfig(loss));
  }
});
