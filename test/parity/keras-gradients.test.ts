/** Gradients by the input and by the weights against those of Keras' GradientTape (fixtures/make-keras-gradients-fixtures.py). */
import { describe, expect, it } from 'vitest';
import { backward, gradients, type InputAndWeights, modelFromJSON, tensor } from '../../src/index.ts';
import { expectClose } from '../matchers.ts';
import { readFixture } from './fixture.ts';

interface Expected {
  readonly input: readonly number[];
  readonly weights: readonly (readonly number[])[];
}

interface Mode {
  readonly loss: number;
  readonly output: readonly number[];
  readonly gradients: Expected;
  readonly backward: Expected;
}

interface Case {
  readonly json: string;
  readonly initial: readonly (readonly number[])[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly outputGradient: readonly number[];
  readonly inference: Mode;
  readonly training: Mode;
}

const COMMAND = 'python fixtures/make-keras-gradients-fixtures.py';
const { models } = readFixture<{ version: number; models: Record<string, Case> }>(
  'keras-gradients.json',
  1,
  COMMAND,
);

function load({ json, initial }: Case) {
  const model = modelFromJSON(json.replaceAll('float64', 'float32'));
  const shapes = model.getWeights().map(({ shape }) => shape);
  model.setWeights(initial.map((values, i) => tensor([...values], shapes[i])));
  return model;
}

function expectGradients({ input, weights }: InputAndWeights, expected: Expected): void {
  expectClose(input.data, expected.input, { absolute: 1e-5 });
  expect(weights.size).toBe(expected.weights.length);
  for (const [i, { data }] of [...weights.values()].entries()) {
    expectClose(data, expected.weights[i], { absolute: 1e-5 });
  }
}

describe.each(Object.entries(models))('%s', (_, given) => {
  const model = load(given);
  const x = tensor([...given.x], [10, ...(model.inputShape ?? [])]);

  it.each(['inference', 'training'] as const)('has Keras’ gradients of a loss in %s', async (mode) => {
    const options = { loss: 'sparseCategoricalCrossentropy', training: mode === 'training' } as const;
    const found = await gradients(model, x, [...given.y], options);
    expectClose([found.loss], [given[mode].loss], { relative: 1e-5 });
    expectGradients(found, given[mode].gradients);
  });

  it.each(['inference', 'training'] as const)('has Keras’ gradients by the outputs’ in %s', async (mode) => {
    const dy = tensor([...given.outputGradient], [10, 3]);
    const found = await backward(model, x, dy, { training: mode === 'training' });
    expectClose(found.output.data, given[mode].output, { absolute: 1e-5 });
    expectGradients(found, given[mode].backward);
  });
});
