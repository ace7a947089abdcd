import { describe, expect, it } from 'vitest';
import { adadelta } from '../../src/optimizers/adadelta.ts';
import { getOptimizer } from '../../src/optimizers/registry.ts';
import { sgd } from '../../src/optimizers/sgd.ts';

describe('adadelta', () => {
  it('has Keras’ defaults', () => {
    expect(adadelta().getConfig()).toEqual({
      name: 'adadelta',
      learningRate: 0.001,
      rho: 0.95,
      epsilon: 1e-7,
    });
  });

  it.each([
    [{ learningRate: -1 }, 'learningRate must be at least 0 and finite, got -1'],
    [{ learningRate: '1' }, 'learningRate must be at least 0 and finite, got 1'],
    [{ rho: 1 }, 'rho must be at least 0 and below 1, got 1'],
    [{ rho: Number.NaN }, 'rho must be at least 0 and below 1, got NaN'],
    [{ epsilon: Infinity }, 'epsilon must be at least 0 and finite, got Infinity'],
  ])('refuses %j', (options, message) => {
    expect(() => adadelta(options as object)).toThrow(new RangeError(`adadelta: ${message}`));
  });
});

describe('sgd', () => {
  it('has Keras’ default, and refuses a learning rate that is none', () => {
    expect(sgd().getConfig()).toEqual({ name: 'sgd', learningRate: 0.01 });
    expect(() => sgd({ learningRate: Number.NaN })).toThrow(
      new RangeError('sgd: learningRate must be at least 0 and finite, got NaN'),
    );
  });
});

describe('getOptimizer', () => {
  it('makes an optimizer again from its configuration, and refuses a name that it does not know', () => {
    for (const optimizer of [adadelta({ learningRate: 1, rho: 0.9, epsilon: 1e-6 }), sgd()]) {
      expect(getOptimizer(optimizer.getConfig())).toEqual(optimizer);
    }
    expect(() => getOptimizer({ name: 'adam' })).toThrow(
      new RangeError('compile: optimizer must be one of adadelta, sgd, got adam'),
    );
  });
});
