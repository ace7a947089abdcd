import { expect, it } from 'vitest';
import { dense, sequential } from '../../src/index.ts';
import type { MetricChoice } from '../../src/metrics/registry.ts';
import { metrics } from '../../src/metrics/registry.ts';

it.each(metrics.names)('%s refuses by name an option that it hasn’t', (name) => {
  const model = sequential([dense({ units: 3, activation: 'softmax', inputShape: [2] })]);
  const loss = name.startsWith('sparse') ? 'sparseCategoricalCrossentropy' : 'categoricalCrossentropy';
  const metrics = [{ name, colour: 'red' } as MetricChoice];
  expect(() => model.compile({ optimizer: 'sgd', loss, metrics })).toThrow(/^\w+: unknown option colour/);
});
