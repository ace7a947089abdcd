import { describe, expect, it } from 'vitest';
import { binaryCrossentropy } from '../../src/losses/binary-crossentropy.ts';
import { categoricalCrossentropy } from '../../src/losses/categorical-crossentropy.ts';
import { meanSquaredError } from '../../src/losses/mean-squared-error.ts';
import type { Metric } from '../../src/metrics/metric.ts';
import { checkMetric, getMetric } from '../../src/metrics/registry.ts';

function values(metric: Metric, C: number, predictions: number[], targets: number[]): number[] {
  const N = predictions.length / C;
  const out = new Float64Array(N);
  metric.measure(N, C, Float32Array.from(predictions), Float32Array.from(targets), out);
  return [...out];
}

describe('accuracy', () => {
  it('of one output a sample, and under binary cross-entropy, counts outputs on the right side of ½', () => {
    for (const loss of [binaryCrossentropy(), meanSquaredError()]) {
      const metric = getMetric('accuracy', { loss, outputShape: [1] });
      // ½ itself is a no, as in Keras.
      expect(values(metric, 1, [0.6, 0.4, 0.5, 0.9], [1, 1, 0, 0])).toEqual([1, 0, 1, 0]);
    }
    const several = getMetric('accuracy', { loss: binaryCrossentropy(), outputShape: [3] });
    expect(values(several, 3, [0.9, 0.1, 0.7, 0.2, 0.2, 0.2], [1, 0, 0, 1, 1, 1])).toEqual([2 / 3, 0]);
  });

  it('from logits, counts them on the right side of 0, which is the same', () => {
    const metric = getMetric('accuracy', {
      loss: binaryCrossentropy({ fromLogits: true }),
      outputShape: [1],
    });
    expect(values(metric, 1, [0.1, -0.1, 0.4], [1, 0, 0])).toEqual([1, 1, 0]);
  });

  it('of several outputs otherwise compares the places of the largest', () => {
    for (const loss of [categoricalCrossentropy(), meanSquaredError()]) {
      const metric = getMetric('accuracy', { loss, outputShape: [2] });
      expect(values(metric, 2, [0.6, 0.4, 0.9, 0.8], [1, 0, 0, 1])).toEqual([1, 0]);
    }
  });

  it('of maps compares along the last dimension, and takes the mean of a sample', () => {
    const predictions = [0.1, 0.2, 0.9, 0.3, 0.8, 0.7, 0.6, 0.5];
    const targets = [0, 1, 1, 0, 0, 1, 0, 1];
    const context = { loss: meanSquaredError(), outputShape: [2, 1, 2] };
    for (const name of ['accuracy', 'categoricalAccuracy', { name: 'topKCategoricalAccuracy', k: 1 }]) {
      expect(values(getMetric(name, context), 4, predictions, targets)).toEqual([1, 0]);
    }
    const halves = [0, 1, 0, 1, 1, 0, 0, 1];
    expect(values(getMetric('accuracy', context), 4, predictions, halves)).toEqual([0.5, 0.5]);
  });

  it('of one class is what it is: right', () => {
    const metric = getMetric('accuracy', { loss: categoricalCrossentropy(), outputShape: [1] });
    expect(values(metric, 1, [1], [1])).toEqual([1]);
  });

  it('binaryAccuracy can be asked for by name; other names are refused', () => {
    const metric = getMetric('binaryAccuracy', { loss: meanSquaredError(), outputShape: [2] });
    expect(values(metric, 2, [0.6, 0.4], [1, 1])).toEqual([0.5]);
    expect(() => checkMetric('toString')).toThrow(/among accuracy, binaryAccuracy, .*, got 'toString'/);
  });
});
