/** Options of any function: what is refused, and what the message says was meant. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownOptions, noMoreArguments, unary } from '../../src/checks/options.ts';
import { distance, suggest } from '../../src/checks/suggest.ts';
import { dense } from '../../src/layers/dense.ts';
import { auc } from '../../src/metrics/auc.ts';
import { tensor } from '../../src/tensor/tensor.ts';

const KNOWN = ['learningRate', 'rho', 'epsilon'];
const known = (options: unknown) => knownOptions('adadelta', options as object, KNOWN);

describe('knownOptions', () => {
  it('returns what was given, and nothing for undefined', () => {
    expect(known({ learningRate: 1, rho: undefined })).toEqual({ learningRate: 1 });
    expect(known(undefined)).toEqual({});
    expect(known({})).toEqual({});
  });

  it.each([
    [1, /^adadelta: options must be an object, got 1: adadelta\({ learningRate: 1 }\)$/],
    ['1', /^adadelta: options must be an object, got '1': adadelta\({ learningRate: '1' }\)$/],
    [null, /options must be an object, got null: adadelta\({ learningRate: … }\)$/],
    [[1], /options must be an object, got \[1\]:/],
    [new Map([['lr', 1]]), /got a Map:/],
    [Promise.resolve({}), /got a promise \(is an await missing\?\):/],
    [() => 1, /got a function:/],
    [10n, /got 10n:/],
    [Float32Array.of(1), /got a Float32Array of 1 numbers:/],
    [dense({ units: 1, name: 'head' }), /got the layer head:/],
    [tensor([[1, 2]]), /got a tensor of shape \[1, 2\]:/],
    [new Date(), /got a date:/],
  ])('refuses %o in place of an object', (options, message) => {
    expect(() => known(options)).toThrow(TypeError);
    expect(() => known(options)).toThrow(message);
  });

  it('counts inherited options and getters, and no methods of a class', () => {
    class Settings {
      get learningRate() {
        return 0.5;
      }
      describe() {
        return 'settings';
      }
    }
    expect(known(new Settings())).toEqual({ learningRate: 0.5 });
    expect(known(Object.create({ learningRate: 2 }))).toEqual({ learningRate: 2 });
    expect(known(Object.assign(Object.create(null), { rho: 0.5 }))).toEqual({ rho: 0.5 });
    class Misnamed {
      get lr() {
        return 0.5;
      }
    }
    expect(() => known(new Misnamed())).toThrow(/unknown option lr/);
    expect(() => known(Object.create({ lr: 1 }))).toThrow(/unknown option lr/);
  });

  it('refuses null, which would be taken for a default or not, as the case may be', () => {
    expect(() => known({ rho: null })).toThrow('adadelta: rho must not be null: leave it out');
    expect(knownOptions('f', { rho: null }, KNOWN, { nullable: ['rho'] })).toEqual({ rho: null });
  });

  it.each([
    [['learning_rate', 'lr', 'LearningRate', 'learningrate', 'learnRate', 'lerningRate'], 'learningRate'],
    [['eps', 'Epsilon', 'epsilom'], 'epsilon'],
    [['decay', 'RHO'], 'rho'],
  ])('says for %j that %s was meant', (names, meant) => {
    for (const name of names) {
      expect(() => known({ [name]: 1 }), name).toThrow(
        new RangeError(
          `adadelta: unknown option ${name} (did you mean ${meant}?): expected one of ${KNOWN.join(', ')}`,
        ),
      );
      expect(() => known({ [name]: undefined })).not.toThrow();
    }
  });

  it('says what to do instead of what degelo has not', () => {
    expect(() => known({ useEma: true })).toThrow(
      /unknown option useEma: degelo keeps no mean of past weights/,
    );
    expect(() => knownOptions('sgd', { decay: 1 }, ['learningRate'])).toThrow(
      /decay: give learningRate a schedule/,
    );
    expect(() => knownOptions('dropout', { seed: 1 }, ['rate'])).toThrow(/sequential\({ layers, seed }\)/);
    const decay = /weightDecay: kernelRegularizer: l2\({ l2: weightDecay \/ 2 }\)/;
    expect(() => knownOptions('sgd', { weightDecay: 1 }, KNOWN)).toThrow(decay);
    expect(() => known({ weightDecay: 1 })).toThrow(/weightDecay: adamW\({ weightDecay }\) has it/);
    expect(() => knownOptions('huber', { labelSmoothing: 0.1 }, [])).toThrow(/binaryCrossentropy have it/);
    expect(() => knownOptions('reduceLROnPlateau', { min_lr: 0.1 }, ['minLearningRate'])).toThrow(
      /did you mean minLearningRate/,
    );
    for (const [where, name, right] of [
      ['fit', 'workers', 'data is read from memory by all threads'],
      ['fit', 'validationBatches', 'all of validationData is measured'],
      ['fit', 'lr', 'it belongs to the optimizer: compile({ optimizer: adam({ learningRate: 0.01 })'],
      ['compile', 'learning_rate', 'it belongs to the optimizer'],
      ['evaluate', 'metrics', 'it belongs to compile({ optimizer, loss, metrics, threads })'],
      ['loadModel', 'custom_objects', 'registerLayer, registerLoss and registerOptimizer'],
      ['input', 'batch_size', 'a model takes any number of samples'],
      ['auc', 'multi_label', 'degelo counts all outputs together: registerMetric takes a metric of your own'],
    ]) {
      expect(() => knownOptions(where, { [name]: 1 }, ['x'])).toThrow(`unknown option ${name}: ${right}`);
    }
    expect(() => knownOptions('topK', { top_k: 1 }, ['k'])).toThrow(/did you mean k\?/);
    expect(() => auc({ nam: 'a' } as never)).toThrow(/expected one of numThresholds, curve, name$/);
    expect(() => known({ colour: 1 })).toThrow(/unknown option colour: expected one of learningRate/);
    expect(() => known({ constructor: 1, toString: 2 })).toThrow(/unknown option constructor/);
  });

  it('knows names that one function alone has in mind', () => {
    expect(() => knownOptions('f', { colour: 1 }, ['rho'], { aliases: { colour: 'rho' } })).toThrow(
      /did you mean rho/,
    );
  });
});

describe('suggest', () => {
  it('finds every name again under snake_case, capitals or one slip', () => {
    const names = ['batchSize', 'initialEpoch', 'restoreBestWeights', 'validationData', 'featureCacheMB'];
    const slip = fc.tuple(
      fc.constantFrom(...names),
      fc.nat(8),
      fc.constantFrom('left out', 'twice', 'swapped'),
    );
    fc.assert(
      fc.property(slip, ([name, at, kind]) => {
        const changed = {
          'left out': name.slice(0, at) + name.slice(at + 1),
          twice: name.slice(0, at) + name.slice(at, at + 1) + name.slice(at),
          swapped:
            name.slice(0, at) +
            name
              .slice(at, at + 2)
              .split('')
              .reverse()
              .join('') +
            name.slice(at + 2),
        }[kind] as string;
        expect(suggest(changed, names)).toBe(name);
        expect(
          suggest(
            name.replace(/[A-Z]+/g, (c) => `_${c.toLowerCase()}`),
            names,
          ),
        ).toBe(name);
        expect(suggest(name.toUpperCase(), names)).toBe(name);
      }),
    );
  });

  it('guesses nothing from names that are far from all', () => {
    expect(suggest('x', ['y', 'rho'])).toBeNull();
    expect(suggest('colour', ['rho', 'epsilon', 'filters'])).toBeNull();
  });

  it('counts slips: one for each letter left out, added, changed or swapped with its neighbour', () => {
    expect(distance('', 'abc')).toBe(3);
    expect(distance('abc', 'abc')).toBe(0);
    expect(distance('abc', 'acb')).toBe(1);
    expect(distance('kitten', 'sitting')).toBe(3);
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(distance(a, b)).toBe(distance(b, a));
        expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});

describe('arguments that a function does not take', () => {
  const make = unary('dense', (options?: object) => options);

  it('are refused with what came', () => {
    const call = make as (...given: unknown[]) => unknown;
    expect(() => call({ units: 3 }, 'relu')).toThrow(
      new TypeError("dense: expected at most one argument, got 'relu' behind: put it into the options"),
    );
    expect(() => noMoreArguments('f', [1, 2, 3], 2)).toThrow(
      /^f: expected at most 2 arguments, got 3 behind$/,
    );
  });

  it('may be undefined', () => {
    expect((make as (...given: unknown[]) => unknown)({}, undefined)).toEqual({});
    expect(make()).toBeUndefined();
  });
});
