/** What is set on models, layers and optimizers counts, or is refused by name. */
import { describe, expect, it } from 'vitest';
import {
  adam,
  ByteImages,
  dense,
  earlyStopping,
  huber,
  input,
  Sequential,
  sequential,
  tensor,
} from '../../src/index.ts';

const made = () => {
  const model = sequential([dense({ units: 2, inputShape: [3] })]);
  model.compile({ optimizer: adam(), loss: 'meanSquaredError', threads: 0 });
  return model;
};

describe('a property that is set under another name is refused with its own', () => {
  const model = made();
  it.each([
    [
      model,
      'stop_training',
      'sequential: unknown property stop_training, set to true: did you mean stopTraining?',
    ],
    [model, 'class_names', 'did you mean classNames?'],
    [model, 'lr', 'did you mean optimizer.learningRate?'],
    [model, 'learningRate', 'did you mean optimizer.learningRate?'],
    [model, 'requires_grad', 'did you mean trainable?'],
    [
      model.layers[0],
      'isTrainable',
      'dense: unknown property isTrainable, set to true: did you mean trainable?',
    ],
    [dense({ units: 1 }), 'requiresGrad', 'Dense: unknown property requiresGrad'],
    [model.optimizer, 'lr', 'adam: unknown property lr, set to true: did you mean learningRate?'],
    [model.optimizer, 'learning_rate', 'did you mean learningRate?'],
  ])('%#: %o.%s', (object, name, message) => {
    expect(() => Reflect.set(object, name, true)).toThrow(RangeError);
    expect(() => Reflect.set(object, name, true)).toThrow(message);
    expect(Reflect.get(object, name)).toBeUndefined();
  });
});

describe('a property that nothing reads is refused by all that is made of degelo', () => {
  const model = made();
  const x = tensor([[1, 2, 3]]);
  const bytes = new ByteImages(new Uint8Array(4), [1, 4]);
  it.each<[string, object, string]>([
    ['a tensor', x, 'tensor: unknown property colour'],
    ['a graph’s tensor', input({ shape: [3] }), 'input: unknown property colour'],
    ['images as bytes', bytes, ': unknown property colour'],
    ['a model', model, 'sequential: unknown property colour'],
    ['a layer', model.layers[0], 'dense: unknown property colour'],
    ['a layer by itself', dense({ units: 1 }), 'Dense: unknown property colour'],
    ['an optimizer', adam(), 'adam: unknown property colour'],
    ['a loss', huber(), 'colour'],
    ['a callback', earlyStopping(), 'colour'],
  ])('%s', (_, object, message) => {
    expect(() => Object.assign(object, { colour: 1 })).toThrow(message);
    expect(Reflect.get(object, 'colour')).toBeUndefined();
  });

  it('what can only be read says how to make another: a tensor', () => {
    expect(() => Object.assign(x, { dtype: 'float64' })).toThrow('tensor(values, shape, { dtype })');
    for (const name of ['size', 'rank']) {
      expect(() => Object.assign(x, { [name]: 1 })).toThrow('reshape(shape)');
    }
  });
});

describe('a property that is set must be of its kind', () => {
  it.each(['no', 1, null, undefined])('stopTraining: %o is neither true nor false', async (value) => {
    const model = made();
    const x = tensor([[1, 2, 3]]);
    const callbacks = [{ onEpochEnd: () => void Reflect.set(model, 'stopTraining', value) }];
    const fit = model.fit(x, tensor([[1, 2]]), { epochs: 3, callbacks });
    await expect(fit).rejects.toThrow('sequential: stopTraining must be true or false, got');
    expect(model.stopTraining).toBe(false);
  });

  it.each(['', 3, null, undefined])('name: %o is no name', (value) => {
    const model = made();
    for (const named of [model, model.layers[0]]) {
      const { name } = named;
      expect(() => Reflect.set(named, 'name', value)).toThrow(
        `${name}: name must be a string that isn't empty, got`,
      );
      expect(named.name).toBe(name);
      named.name = 'mine';
      expect(named.name).toBe('mine');
    }
  });

  it.each(['false', 0, null, undefined])('trainable: %o is neither true nor false', (value) => {
    const model = made();
    expect(() => Reflect.set(model.layers[0], 'trainable', value)).toThrow(
      'dense: trainable must be true or false, got',
    );
    expect(() => Reflect.set(model, 'trainable', value)).toThrow(
      'sequential: trainable must be true or false, got',
    );
    expect(() => Reflect.set(sequential(), 'trainable', value)).toThrow(TypeError);
    expect(model.trainable).toBe(true);
  });

  it.each(['1', -1, 0.5, Number.NaN])('step: %o is no number of steps', (value) => {
    const model = made();
    expect(() => Reflect.set(model, 'step', value)).toThrow('sequential: step must be an integer ≥ 0, got');
    expect(model.step).toBe(0);
  });
});

it('a row of layers takes no tensors of a graph', () => {
  const inputs = input({ shape: [3] });
  const layers = [dense({ units: 2, inputShape: [3] })];
  const message =
    /^sequential: unknown option inputs: .*model\(\{ inputs, outputs \}\) makes a model of tensors/;
  expect(() => Reflect.apply(sequential, null, [{ layers, inputs }])).toThrow(message);
  expect(() => new Sequential({ layers, inputs })).toThrow(message);
});
