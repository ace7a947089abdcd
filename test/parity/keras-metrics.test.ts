/** Metrics against Keras 3's own numbers, over two batches (fixtures/make-keras-training-fixtures.py). */
import { describe, expect, it } from 'vitest';
import type { Loss } from '../../src/losses/loss.ts';
import { getLoss } from '../../src/losses/registry.ts';
import { gather, type MetricConfig, resultOf, stateSizeOf, widthOf } from '../../src/metrics/metric.ts';
import { getMetric, metrics } from '../../src/metrics/registry.ts';
import { sizeOf } from '../../src/tensor/tensor.ts';
import { readFixture } from './fixture.ts';

interface Fixture {
  readonly version: number;
  readonly metrics: readonly {
    readonly name: string;
    readonly config: Omit<MetricConfig, 'name'>;
    readonly shape: readonly number[];
    readonly batches: readonly {
      readonly targets: readonly number[];
      readonly predictions: readonly number[];
    }[];
    readonly result: number;
  }[];
}

const COMMAND = 'python fixtures/make-keras-training-fixtures.py';
const fixture = readFixture<Fixture>('keras-training.json', 2, COMMAND);

describe('metrics are Keras’', () => {
  it.each(
    fixture.metrics.map(
      (each) => [`${each.name} ${JSON.stringify(each.config)} of [${each.shape}]`, each] as const,
    ),
  )('%s', (_, { name, config, shape, batches, result }) => {
    const isSparse = name.startsWith('sparse');
    const loss: Loss = getLoss({
      name: isSparse ? 'sparseCategoricalCrossentropy' : 'meanSquaredError',
    });
    const metric = getMetric({ name, ...config }, { loss, outputShape: shape });
    const C = sizeOf(shape);
    const state = new Array<number>(stateSizeOf(metric)).fill(0);
    let samples = 0;
    for (const { targets, predictions } of batches) {
      const N = predictions.length / C;
      const values = new Float64Array(N * widthOf(metric));
      const t = isSparse ? Int32Array.from(targets) : Float64Array.from(targets);
      metric.measure(N, C, Float64Array.from(predictions), t, values);
      for (let n = 0; n < N; n++) gather(metric, state, values, n * widthOf(metric));
      samples += N;
    }
    expect(resultOf(metric, state, samples)).toBeCloseTo(result, 6); // Keras counts in float32
  });

  it('for every metric but the accuracies, which have tests of their own', () => {
    const others = metrics.names.filter((name) => !/ccuracy$/.test(name) || /topK/i.test(name));
    expect(fixture.metrics.map(({ name }) => name)).toEqual(expect.arrayContaining(others));
  });
});
