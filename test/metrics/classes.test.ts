/** F-scores, overlaps, counts and R², by hand; Keras' own numbers are in test/parity/keras-metrics.test.ts. */
import { describe, expect, it } from 'vitest';
import '../../src/everything.ts';
import { getLoss } from '../../src/losses/registry.ts';
import { f1Score, fBetaScore } from '../../src/metrics/f-score.ts';
import { binaryIoU, iou, meanIoU } from '../../src/metrics/iou.ts';
import { gather, type MetricConfig, resultOf, stateSizeOf, widthOf } from '../../src/metrics/metric.ts';
import { r2Score } from '../../src/metrics/r2-score.ts';
import { getMetric } from '../../src/metrics/registry.ts';

/** The figure of so many samples, of a model that is trained with this loss. */
function figure(
  metric: string | MetricConfig,
  predictions: readonly number[],
  targets: readonly number[],
  shape: readonly number[],
  loss = 'meanSquaredError',
  fromLogits = false,
): number {
  const context = { loss: getLoss({ name: loss, fromLogits }), outputShape: shape };
  const made = getMetric(metric, context);
  const C = shape.reduce((size, each) => size * each, 1);
  const N = predictions.length / C;
  // Longer than needed, and not 0: what a metric must overwrite.
  const values = new Float64Array((N + 2) * widthOf(made)).fill(7);
  const t = context.loss.targetKind === 'classes' ? Int32Array.from(targets) : Float64Array.from(targets);
  made.measure(N, C, Float64Array.from(predictions), t, values);
  expect(values.slice(N * widthOf(made))).toEqual(new Float64Array(2 * widthOf(made)).fill(7));
  const state = new Array<number>(stateSizeOf(made)).fill(0);
  for (let n = 0; n < N; n++) gather(made, state, values, n * widthOf(made));
  return resultOf(made, state, N);
}

const SPARSE = 'sparseCategoricalCrossentropy';
const ROWS = [0.6, 0.3, 0.1, 0.2, 0.7, 0.1, 0.1, 0.8, 0.1, 0.3, 0.3, 0.4];
const CLASSES = [0, 1, 0, 2];
const ONE_HOT = CLASSES.flatMap((k) => [0, 1, 2].map((c) => Number(c === k)));

it('a probability at the threshold itself is no yes, in precision and in recall', () => {
  expect(figure('precision', [0.5, 0.6], [0, 1], [1], 'binaryCrossentropy')).toBe(1);
  expect(figure('recall', [0.5, 0.6], [1, 1], [1], 'binaryCrossentropy')).toBe(0.5);
});

describe('f1Score', () => {
  // Class 0: 1 right of 1 said and 2 that should; class 1: 1 of 2 and 1; class 2: 1 of 1 and 1.
  const F = [2 / 3, 2 / 3, 1];

  it('is the mean of the classes’ figures, weighted by how often each should be said, or of all together', () => {
    const of = (average: 'macro' | 'micro' | 'weighted'): number =>
      figure(f1Score({ average }), ROWS, ONE_HOT, [3]);
    expect(of('macro')).toBeCloseTo((F[0] + F[1] + F[2]) / 3, 6);
    expect(of('weighted')).toBeCloseTo((2 * F[0] + F[1] + F[2]) / 4, 6);
    expect(of('micro')).toBeCloseTo(3 / 4, 6);
  });

  it('takes class numbers as it takes one-hot rows, and each pixel of an image of classes', () => {
    const expected = figure('f1Score', ROWS, ONE_HOT, [3]);
    expect(figure('f1_score', ROWS, CLASSES, [3], SPARSE)).toBe(expected);
    expect(figure('F1Score', ROWS, CLASSES, [2, 3], SPARSE)).toBe(expected);
    expect(figure('f1Score', ROWS, CLASSES, [3], SPARSE, true)).toBe(expected); // the largest logit is the largest
  });

  it('of yes and no says yes above a half, where Keras would always say yes to one output', () => {
    const [p, t] = [
      [0.9, 0.8, 0.2, 0.4],
      [1, 0, 0, 1],
    ];
    expect(figure('f1Score', p, t, [1])).toBeCloseTo(0.5, 6);
    expect(figure('f1Score', p, t, [2], 'binaryCrossentropy')).toBeCloseTo(0.5, 6);
    expect(figure(f1Score({ threshold: 0.3 }), p, t, [1])).toBeCloseTo(0.8, 6);
    const logits = p.map((each) => Math.log(each / (1 - each)));
    expect(figure('f1Score', logits, t, [1], 'binaryCrossentropy', true)).toBeCloseTo(0.5, 6);
  });

  it('fBetaScore counts recall β times as much', () => {
    expect(figure(fBetaScore({ beta: 2, threshold: 0.5 }), [0.9, 0.2, 0.1], [1, 1, 1], [1])).toBeCloseTo(
      5 / 13,
      6,
    );
    expect(() => fBetaScore({ beta: 0 })).toThrow('fBetaScore: beta must be above 0, got 0');
    expect(() => f1Score({ average: 'mean' as 'macro' })).toThrow(
      'average must be one of macro, micro, weighted',
    );
    expect(() => f1Score({ threshold: 2 })).toThrow('threshold must be from 0 to 1, got 2');
    expect(() => f1Score({ beta: 2 } as object)).toThrow('f1Score: unknown option beta');
  });
});

describe('overlaps', () => {
  it('are right over either, the mean of the classes that are there', () => {
    expect(figure('meanIoU', ROWS, ONE_HOT, [3])).toBeCloseTo((1 / 2 + 1 / 2 + 1) / 3, 6);
    expect(figure('MeanIoU', ROWS, CLASSES, [2, 3], SPARSE)).toBeCloseTo((1 / 2 + 1 / 2 + 1) / 3, 6);
    // Without what should be class 0 nothing wrong is left, and class 0 isn't there.
    expect(figure(meanIoU({ ignoreClass: 0 }), ROWS, ONE_HOT, [3])).toBeCloseTo(1, 6);
    expect(figure(iou({ targetClassIds: [0, 2] }), ROWS, ONE_HOT, [3])).toBeCloseTo((1 / 2 + 1) / 2, 6);
    expect(figure(meanIoU({ ignoreClass: 1 }), [1, 0], [1], [2], SPARSE)).toBe(0);
  });

  it('binaryIoU says yes from its threshold on, and looks at yes, at no, or at both', () => {
    const [p, t] = [
      [0.9, 0.5, 0.2, 0.4],
      [1, 0, 0, 1],
    ];
    expect(figure(binaryIoU({ targetClassIds: [1] }), p, t, [2])).toBeCloseTo(1 / 3, 6);
    expect(figure('binaryIoU', p, t, [1])).toBeCloseTo((1 / 3 + 1 / 3) / 2, 6);
    expect(figure(binaryIoU({ threshold: 0.51 }), p, t, [1])).toBeCloseTo((1 / 2 + 2 / 3) / 2, 6);
  });

  it('refuse what can’t be meant', () => {
    expect(() => figure('meanIoU', [0.5], [1], [1])).toThrow(
      'meanIoU needs an output for each class, but the model has one: use binaryIoU()',
    );
    expect(() => figure(meanIoU({ numClasses: 4 }), ROWS, ONE_HOT, [3])).toThrow(
      "numClasses must be the model's outputs: expected 3, got 4",
    );
    expect(() => figure(iou({ targetClassIds: [3] }), ROWS, ONE_HOT, [3])).toThrow(
      'expected at most 2, got 3',
    );
    expect(() => figure(meanIoU({ ignoreClass: 3 }), ROWS, ONE_HOT, [3])).toThrow(
      'expected at most 2, got 3',
    );
    expect(() => iou({} as never)).toThrow(
      'iou: targetClassIds must be a list of class numbers, such as [1], got undefined',
    );
    expect(() => binaryIoU({ targetClassIds: [2] })).toThrow('class numbers below 2');
  });
});

describe('counts', () => {
  it('are numbers of outputs, over all samples', () => {
    const [p, t] = [
      [0.9, 0.8, 0.2, 0.4, 0.7, 0.1],
      [1, 0, 0, 1, 1, 0],
    ];
    const names = ['truePositives', 'FalsePositives', 'true_negatives', 'falseNegatives'];
    expect(names.map((name) => figure(name, p, t, [2]))).toEqual([2, 1, 2, 1]);
    expect(names.map((name) => figure({ name, thresholds: 0.75 }, p, t, [2]))).toEqual([1, 1, 2, 2]);
  });
});

describe('r2Score', () => {
  it('is 1 for what is right, 0 for the mean, below 0 for less, and 0 of targets that are all the same', () => {
    const t = [1, 2, 3, 6];
    expect(figure('r2Score', t, t, [1])).toBe(1);
    expect(figure('R2Score', [3, 3, 3, 3], t, [1])).toBe(0);
    expect(figure('r2_score', [6, 3, 2, 1], t, [1])).toBeLessThan(-1);
    expect(figure('r2Score', [1, 2], [5, 5], [1])).toBe(0);
    expect(figure('r2Score', [1], [5], [1])).toBe(0); // as after one sample of an epoch
  });

  it('of several outputs is their mean, or that weighted by variance', () => {
    const [p, t] = [
      [0, 1, 2, 3, 4, 5],
      [0, 0, 2, 0, 4, 3],
    ];
    const first = 1;
    const second = 1 - (1 + 9 + 4) / 6;
    expect(figure('r2Score', p, t, [2])).toBeCloseTo((first + second) / 2, 12);
    // Several rows a sample are so many samples.
    expect(figure('r2Score', p, t, [3, 2])).toBe(figure('r2Score', p, t, [2]));
    const weighted = r2Score({ classAggregation: 'varianceWeightedAverage' });
    expect(figure(weighted, p, t, [2])).toBeCloseTo((8 * first + 6 * second) / 14, 12);
    expect(figure(weighted, [1, 2], [5, 5], [1])).toBe(0); // no variance at all
    expect(figure({ name: 'r2Score', classAggregation: 'variance_weighted_average' }, p, t, [2])).toBe(
      figure(weighted, p, t, [2]),
    );
  });
});
