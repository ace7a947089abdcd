import { describe, expect, it } from 'vitest';
import '../../src/everything.ts';
import { dense, sequential } from '../../src/index.ts';
import { plain64Kernels } from '../../src/kernels/plain64/index.ts';
import { adadelta } from '../../src/optimizers/adadelta.ts';
import { adagrad } from '../../src/optimizers/adagrad.ts';
import { adam } from '../../src/optimizers/adam.ts';
import { adamW } from '../../src/optimizers/adam-w.ts';
import { adamax } from '../../src/optimizers/adamax.ts';
import { lion } from '../../src/optimizers/lion.ts';
import { nadam } from '../../src/optimizers/nadam.ts';
import { getOptimizer, optimizers } from '../../src/optimizers/registry.ts';
import { rmsprop } from '../../src/optimizers/rmsprop.ts';
import { exponentialDecay } from '../../src/optimizers/schedules/exponential-decay.ts';
import { polynomialDecay } from '../../src/optimizers/schedules/polynomial-decay.ts';
import { sgd } from '../../src/optimizers/sgd.ts';
import { expectClose } from '../matchers.ts';

describe('Adam and its relatives', () => {
  // With one gradient all the time the corrected means are that gradient and its square, whatever the β.
  it.each([
    ['adam', () => adam({ learningRate: 0.1, beta1: 0.9, beta2: 0.5 })],
    ['adam', () => adam({ learningRate: 0.1, beta1: 0.5, beta2: 0.9 })],
    ['AMSGrad', () => adam({ learningRate: 0.1, beta2: 0.3, amsgrad: true })],
    ['adamW', () => adamW({ learningRate: 0.1, beta1: 0.2, beta2: 0.7, weightDecay: 0 })],
    ['adamax', () => adamax({ learningRate: 0.1, beta1: 0.3, beta2: 0.6 })],
  ])('%s steps by the learning rate where the gradient stays, with any β', async (_, optimizer) => {
    const model = sequential([
      dense({ units: 1, useBias: false, kernelInitializer: 'zeros', inputShape: [1] }),
    ]);
    model.compile({ optimizer: optimizer(), loss: 'meanAbsoluteError', threads: 0 });
    for (let step = 1; step <= 4; step++) {
      await model.trainOnBatch([[1]], [[-1000]]);
      expect(model.getWeights()[0].data[0]).toBeCloseTo(-0.1 * step, 5);
    }
  });
});

describe('optimizers', () => {
  it('are made again from their own configuration, with the same arrays', () => {
    const all = [
      sgd({ learningRate: 0.5 }),
      sgd({ learningRate: 0.5, momentum: 0.9, nesterov: true }),
      adam({ learningRate: 0.5, beta1: 0.1, beta2: 0.2, epsilon: 0 }),
      adadelta({ learningRate: 0.5, rho: 0.1, epsilon: 0.2 }),
      adamW({
        learningRate: exponentialDecay({ initialLearningRate: 1, decaySteps: 2, decayRate: 0.5 }),
        weightDecay: 0.3,
      }),
      rmsprop({ learningRate: 0.5, momentum: 0.1, centered: true, globalClipnorm: 2 }),
      rmsprop({ clipvalue: 0.5 }),
      adam({ amsgrad: true }),
      adamW({ amsgrad: true, weightDecay: 0.1 }),
      nadam({ beta1: 0.5, clipnorm: 1 }),
      adamax({ beta2: 0.5, epsilon: 0.1 }),
      adagrad({ initialAccumulatorValue: 0, learningRate: 0.3 }),
      lion({ beta1: 0.5, weightDecay: 0.1 }),
    ];
    expect(new Set(all.map(({ name }) => name))).toEqual(new Set(optimizers.names));
    for (const optimizer of all) {
      const again = getOptimizer(optimizer.getConfig());
      expect(again.getConfig()).toEqual(optimizer.getConfig());
      expect(again.slots).toEqual(optimizer.slots);
    }
  });

  it('keep the largest mean for AMSGrad, which only Adam and AdamW have', () => {
    expect(adam({ amsgrad: true }).slots).toEqual(['momentum', 'velocity', 'velocityHat']);
    expect(adam({ amsgrad: false }).getConfig()).toEqual(adam().getConfig());
    for (const make of [nadam, adamax]) {
      expect(() => make({ amsgrad: true } as object)).toThrow(
        'unknown option amsgrad: adam and adamW have it',
      );
    }
    expect(() => adam({ amsgrad: 1 as never })).toThrow('adam: amsgrad must be true or false, got 1');
  });

  it('begin with Keras’ defaults', () => {
    const moments = { beta1: 0.9, beta2: 0.999 };
    const others = { learningRate: 0.001, epsilon: 1e-7 };
    const defaults = {
      adadelta: { ...others, rho: 0.95 },
      adagrad: { ...others, initialAccumulatorValue: 0.1 },
      adam: { ...others, ...moments },
      adamW: { ...others, ...moments, weightDecay: 0.004 },
      adamax: { ...others, ...moments },
      lion: { learningRate: 0.001, ...moments, beta2: 0.99, weightDecay: 0 },
      nadam: { ...others, ...moments },
      rmsprop: { ...others, rho: 0.9, momentum: 0, centered: false },
      sgd: { learningRate: 0.01, momentum: 0, nesterov: false },
    };
    expect(Object.keys(defaults)).toEqual(optimizers.names);
    for (const [name, config] of Object.entries(defaults)) {
      expect(getOptimizer({ name }).getConfig()).toEqual({ name, ...config });
    }
  });

  it('keep no arrays where they need none', () => {
    expect(sgd().slots).toEqual([]);
    expect(sgd({ momentum: 0.5 }).slots).toEqual(['velocity']);
    expect(adam().slots).toEqual(['momentum', 'velocity']);
  });

  it.each([
    [() => sgd({ learningRate: -1 }), /sgd: learningRate must be at least 0 and finite, got -1/],
    [() => sgd({ momentum: 1 }), /sgd: momentum must be at least 0 and below 1, got 1/],
    [() => sgd({ momentum: Number.NaN }), /momentum must be at least 0 and below 1, got NaN/],
    [() => sgd({ nesterov: 1 as unknown as boolean }), /sgd: nesterov must be true or false, got 1/],
    [
      () => adam({ learningRate: Infinity }),
      /adam: learningRate must be at least 0 and finite, got Infinity/,
    ],
    [() => adam({ beta1: 1 }), /adam: beta1 must be at least 0 and below 1, got 1/],
    [() => adam({ beta2: -0.1 }), /adam: beta2 must be at least 0 and below 1, got -0.1/],
    [() => adam({ epsilon: -1 }), /adam: epsilon must be at least 0 and finite, got -1/],
  ])('refuse hyperparameters out of bounds: %o', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('adadelta', () => {
  it.each([
    [{ learningRate: -1 }, 'learningRate must be at least 0 and finite, got -1'],
    [{ rho: 1 }, 'rho must be at least 0 and below 1, got 1'],
    [{ rho: Number.NaN }, 'rho must be at least 0 and below 1, got NaN'],
    [{ epsilon: Infinity }, 'epsilon must be at least 0 and finite, got Infinity'],
  ])('refuses %j', (options, message) => {
    expect(() => adadelta(options as object)).toThrow(new RangeError(`adadelta: ${message}`));
  });

  it('refuses a string for a number, and quotes it', () => {
    expect(() => adadelta({ learningRate: '1' as unknown as number })).toThrow(
      new TypeError(
        "adadelta: learningRate must be a number ≥ 0 or a schedule such as cosineDecay({ … }), got '1'",
      ),
    );
  });

  it('refuses ε = 0, with which no weight would ever move', () => {
    expect(() => adadelta({ epsilon: 0 })).toThrow(/adadelta: epsilon must be above 0/);
    expect(() => adadelta({ epsilon: 1e-46 }), '0 in float32').toThrow(/epsilon must be above 0.*got 1e-46/);
    expect(() => adadelta({ epsilon: 1e-45 })).not.toThrow();
  });
});

describe('sgd', () => {
  it('refuses a learning rate that is none', () => {
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
    expect(() => getOptimizer({ name: 'mine' })).toThrow(
      new RangeError(
        "compile: optimizer must be one of adadelta, adagrad, adam, adamW, adamax, lion, nadam, rmsprop, sgd, got 'mine': registerOptimizer makes one of your own known, in a module to be imported first: docs/extending.md",
      ),
    );
  });

  it.each([
    ['ftrl', "got 'ftrl': use 'adagrad', with kernelRegularizer"],
    ['Lamb', "got 'Lamb': use 'adamW'"],
    ['schedule_free_adam_w', "use 'adamW', with a learning rate such as cosineDecay"],
    ['momentum', 'use sgd({ momentum: 0.9 })'],
    ['adamx', "(did you mean 'adam'?)"],
  ])('says what to use instead of %s', (name, advice) => {
    expect(() => getOptimizer({ name })).toThrow(advice);
  });
});

describe('nadam', () => {
  it('takes the same steps whether it was there from the first one, or goes on from a checkpoint', () => {
    const step = (optimizer: ReturnType<typeof nadam>, iteration: number): number => {
      const [w, m, v] = [1, 0.1, 0.2].map((value) => Float64Array.of(value));
      optimizer.update(plain64Kernels, 0, 1, w, Float64Array.of(0.5), [m, v], 0.1, iteration);
      return w[0];
    };
    const [first, later] = [nadam(), nadam()];
    const inOrder = [1, 2, 3, 4, 5].map((iteration) => step(first, iteration));
    expect([5, 2, 3].map((iteration) => step(later, iteration))).toEqual([
      inOrder[4],
      inOrder[1],
      inOrder[2],
    ]);
  });
});

describe('polynomialDecay', () => {
  it('falls from the initial rate to the end one by the power of what is left, and stays there', () => {
    const rates = (power: number): number[] => {
      const schedule = polynomialDecay({
        ...{ initialLearningRate: 1, endLearningRate: 0.5, decaySteps: 4, power },
      });
      return [0, 1, 2, 4, 5].map((step) => schedule.at(step));
    };
    expectClose(rates(1), [1, 0.875, 0.75, 0.5, 0.5], { relative: 1e-15 });
    expectClose(rates(2), [1, 0.5 + 0.5 * 0.5625, 0.625, 0.5, 0.5], { relative: 1e-15 });
    expectClose(rates(0.5), [1, 0.5 + 0.5 * Math.sqrt(0.75), 0.5 + 0.5 * Math.SQRT1_2, 0.5, 0.5], {
      relative: 1e-15,
    });
  });
});
