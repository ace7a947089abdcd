/** What is set on models, layers and optimizers counts, or is refused by name. */
import { describe, expect, it } from 'vitest';
import { adam, dense, sequential } from '../../src/index.ts';

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

describe('a property that is set must be of its kind', () => {
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
