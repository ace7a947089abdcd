/** Regularizers against Keras 3's own numbers (fixtures/make-keras-regularizers-fixtures.py): read from its files, trained in float32. */
import { describe, expect, it } from 'vitest';
import { fieldReader } from '../../src/formats/fields.ts';
import { fromKeras } from '../../src/formats/keras-layers.ts';
import { l1, l1l2, l2, type Sequential, sequential, sgd, tensor } from '../../src/index.ts';
import { dense } from '../../src/layers/index.ts';
import { layerFromConfig } from '../../src/layers/registry.ts';
import { expectClose } from '../matchers.ts';
import { readFixture } from './fixture.ts';

interface Case {
  readonly config: { readonly config: { readonly layers: readonly unknown[] } };
  readonly x: readonly number[];
  readonly y: readonly (readonly number[])[];
  readonly initial: readonly (readonly number[])[];
  readonly losses: readonly number[];
  readonly weights: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly evaluated: number;
}

const COMMAND = 'python fixtures/make-keras-regularizers-fixtures.py';
const { models } = readFixture<{ version: number; models: Record<string, Case> }>(
  'keras-regularizers.json',
  1,
  COMMAND,
);

/** The model as Keras describes it, with the weights that it began with. */
function load({ config, initial }: Case): Sequential {
  // Keras computed in float64.
  const described: Case['config'] = JSON.parse(JSON.stringify(config).replaceAll('float64', 'float32'));
  const { layers, inputShape } = fromKeras(described.config.layers, undefined, true, fieldReader('x'), 'x');
  const [first, ...rest] = layers;
  const model = sequential([
    layerFromConfig(first.className, { ...first.config, ...{ inputShape } }),
    ...rest.map((each) => layerFromConfig(each.className, each.config)),
  ]);
  model.setWeights(initial.map((values, i) => tensor([...values], model.getWeights()[i].shape)));
  return model;
}

function compile(model: Sequential, name: string, threads: number): void {
  const globalClipnorm = name === 'clipped' ? { globalClipnorm: 0.3 } : {};
  const optimizer = sgd({ learningRate: 0.1, momentum: 0.9, ...globalClipnorm });
  model.compile({ optimizer, loss: 'categoricalCrossentropy', threads });
}

describe.each(Object.entries(models))('%s', (name, given) => {
  it('has Keras’ losses and weights after 1, 10 and 50 steps', async () => {
    const model = load(given);
    compile(model, name, 0);
    const [x, y] = [tensor([...given.x], [6, ...(model.inputShape ?? [])]), given.y.map((row) => [...row])];
    const losses: number[] = [];
    for (let step = 1; step <= 50; step++) {
      const { history } = await model.fit(x, y, { batchSize: 6 });
      losses.push(history.loss[0]);
      const expected = given.weights[step];
      if (!expected) continue;
      for (const [i, { data }] of model.getWeights().entries()) {
        expectClose(data, expected[i], { absolute: 2e-5 });
      }
    }
    expectClose(losses, given.losses, { relative: 2e-5 });
    // Batches of four and two: the penalty doesn't depend on their sizes.
    const { loss } = await model.evaluate(x, y, { batchSize: 4 });
    expectClose([loss], [given.evaluated], { relative: 2e-5 });
  });
});

describe('a layer’s options', () => {
  const config = (kernelRegularizer: unknown) =>
    dense({ units: 2, kernelRegularizer: kernelRegularizer as 'l1' }).getConfig().kernelRegularizer;

  it('take Keras’ and TensorFlow.js’ words', () => {
    expect(config('l2')).toEqual({ l2: 0.01 });
    expect(config('l1')).toEqual({ l1: 0.01 });
    expect(config('l1l2')).toEqual({ l1: 0.01, l2: 0.01 });
    expect(config(l2({ l2: 1e-4 }))).toEqual({ l2: 1e-4 });
    expect(config(l1())).toEqual({ l1: 0.01 });
    expect(config(l1l2({ l1: 0.5 }))).toEqual({ l1: 0.5 });
    expect(config(l1l2({ l2: 0.5 }))).toEqual({ l2: 0.5 });
    expect(config(l1l2({ l1: 0, l2: 0 }))).toBeUndefined();
    expect(config({ l1: 0, l2: 0 })).toBeUndefined();
  });

  it('must say what l1l2 costs: no factors are 0 in Keras 3, and 0.01 elsewhere', () => {
    for (const given of [undefined, {}]) {
      expect(() => l1l2(given)).toThrow('l1l2: l1 or l2 must be given: l1l2({ l1: 0.01, l2: 0.01 })');
    }
  });

  it.each([
    ['l3', RangeError, "dense: kernelRegularizer must be l1, l2, l1l2 or { l1, l2 }, got 'l3'"],
    [0.01, TypeError, 'dense: kernelRegularizer must be l1, l2, l1l2 or { l1, l2 }, got 0.01'],
    [{ l3: 1 }, RangeError, 'dense: kernelRegularizer has no factor l3: expected l1, l2'],
    [{ l2: -1 }, RangeError, 'dense: kernelRegularizer: l2 must be at least 0 and finite, got -1'],
    [{ l1: '1' }, TypeError, "dense: kernelRegularizer: l1 must be a number, got '1'"],
  ])('refuse %j', (given, kind, message) => {
    expect(() => config(given)).toThrow(kind);
    expect(() => config(given)).toThrow(message);
  });
});
