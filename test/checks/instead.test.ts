/** Names of Keras, TensorFlow.js, PyTorch and habit: each is refused with what to use instead, and that is there. */
import { describe, expect, it } from 'vitest';
import { INSTEAD } from '../../src/checks/instead.ts';
import * as degelo from '../../src/index.ts';
import { getLoss, losses } from '../../src/losses/registry.ts';
import { metrics } from '../../src/metrics/registry.ts';
import { getOptimizer, optimizers } from '../../src/optimizers/registry.ts';
import { scheduleFromConfig, schedules } from '../../src/optimizers/schedules/registry.ts';
import { INITIALIZERS } from '../../src/tensor/initializers.ts';

const REGISTRIES = {
  loss: losses,
  metric: metrics,
  optimizer: optimizers,
  'learning rate schedule': schedules,
  initializer: { names: INITIALIZERS },
};
const kinds = Object.keys(REGISTRIES) as (keyof typeof REGISTRIES)[];

describe.each(kinds)('instead of each %s that is known elsewhere', (kind) => {
  const table = INSTEAD.get(kind) ?? new Map<string, string>();
  const names = [...[losses, metrics, optimizers].flatMap((registry) => registry.names), ...INITIALIZERS];

  it('stands what there is: quoted names are known, and functions exported', () => {
    for (const advice of table.values()) {
      for (const [, name] of advice.matchAll(/'(\w+)'/g)) expect([...names, 'macro', 'PR']).toContain(name);
      for (const [, name] of advice.matchAll(/(?<!\.)\b(\w+)\(/g))
        expect(Object.keys(degelo)).toContain(name);
    }
  });

  it('stands under a name that is none of ours, written in small letters', () => {
    for (const name of table.keys()) {
      expect(name).toMatch(/^[a-z0-9]+$/);
      expect(REGISTRIES[kind].names.map((own) => own.toLowerCase())).not.toContain(name);
    }
  });
});

describe('a name that is none of ours', () => {
  it.each([
    [
      'focal',
      "got 'focal': use 'binaryFocalCrossentropy', or 'categoricalFocalCrossentropy' for one-hot rows",
    ],
    ['huber_loss', "got 'huber_loss': use 'huber'"],
    ['MSELoss', "got 'MSELoss': use 'meanSquaredError'"],
    ['SmoothL1Loss', "got 'SmoothL1Loss': use 'huber'"],
    ['BCEWithLogitsLoss', 'use binaryCrossentropy({ fromLogits: true })'],
    ['cross_entropy', "use 'sparseCategoricalCrossentropy' for class numbers"],
    ['log_loss', "use 'binaryCrossentropy' for yes and no"],
    ['rmse', "use 'meanSquaredError', which is least at the same weights"],
    ['hubr', "got 'hubr' (did you mean 'huber'?)"],
    ['constructor', "got 'constructor'"],
  ])('as a loss: %s', (name, message) => {
    expect(() => getLoss({ name })).toThrow(message);
  });

  it.each([
    ['OrthogonalInitializer', "use 'glorotNormal', or setWeights"],
    ['orthogonal', "got 'orthogonal': use 'glorotNormal', or setWeights with a matrix of your own"],
    ['Xavier_Uniform', "got 'Xavier_Uniform': use 'glorotUniform'"],
    ['kaimingNormal', "got 'kaimingNormal': use 'heNormal'"],
    ['glorotUniforn', "got 'glorotUniforn' (did you mean 'glorotUniform'?)"],
  ])('as an initializer: %s', (kernelInitializer, message) => {
    expect(() => degelo.dense({ units: 1, kernelInitializer: kernelInitializer as 'zeros' })).toThrow(
      message,
    );
  });

  it('as an optimizer, and as a schedule: Keras’ names are told what to use', () => {
    expect(() => getOptimizer({ name: 'AMSGrad' })).toThrow("got 'AMSGrad': use adam({ amsgrad: true })");
    expect(() => getOptimizer({ name: 'LBFGS' })).toThrow("got 'LBFGS': use 'adam'");
    expect(() => scheduleFromConfig('adam', { name: 'StepLR' })).toThrow(
      "got 'StepLR': use exponentialDecay({ staircase: true, … })",
    );
    const rate = (learningRate: string) => () => degelo.sgd({ learningRate: learningRate as never });
    for (const given of ['CosineDecay', '0.01']) {
      expect(rate(given)).toThrow(
        `sgd: learningRate must be a number ≥ 0 or a schedule such as cosineDecay({ … }), got '${given}'`,
      );
    }
    const options = { initialLearningRate: 1, decaySteps: 2 };
    expect(scheduleFromConfig('adam', { name: 'CosineDecay', ...options }).name).toBe('cosineDecay');
  });
});
