/** Bounds for gradients and learning-rate schedules in real training: Keras' steps, and the same bits for any number of threads. */
import { describe, expect, it } from 'vitest';
import { dense } from '../../src/layers/dense.ts';
import { Layer, type Run } from '../../src/layers/layer.ts';
import { adam } from '../../src/optimizers/adam.ts';
import type { Optimizer, OptimizerConfig } from '../../src/optimizers/optimizer.ts';
import { getOptimizer } from '../../src/optimizers/registry.ts';
import { cosineDecay } from '../../src/optimizers/schedules/cosine-decay.ts';
import { sgd } from '../../src/optimizers/sgd.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { tensor } from '../../src/tensor/tensor.ts';
import { learningRateScheduler } from '../../src/training/callbacks/learning-rate-scheduler.ts';
import { sequential } from '../../src/training/sequential.ts';
import { expectClose } from '../matchers.ts';
import { readFixture } from '../parity/fixture.ts';

interface Fixture {
  readonly version: number;
  readonly start: readonly (readonly number[])[];
  readonly shapes: readonly (readonly number[])[];
  readonly gradients: readonly (readonly (readonly number[])[])[];
  readonly optimizers: readonly {
    readonly name: string;
    readonly config: Omit<OptimizerConfig, 'name'>;
    readonly weights: readonly (readonly (readonly number[])[])[];
  }[];
}

const fixture = readFixture<Fixture>(
  'keras-training.json',
  2,
  'python fixtures/make-keras-training-fixtures.py',
);

/** y = x; its weights' gradients are those of the fixture, step by step. */
class Given extends Layer {
  readonly className = 'Given';
  step = 0;

  protected override describeParameters() {
    return fixture.shapes.map((shape, i) => ({ name: `w${i}`, shape, initializer: 'zeros' as const }));
  }

  forward({ x, y }: Run, N: number): void {
    y.set(x.subarray(0, N));
  }

  backward({ dy, dx, gradients }: Run, N: number): void {
    dx?.set(dy.subarray(0, N));
    if (!gradients) return;
    for (const [i, g] of gradients.entries()) g.set(fixture.gradients[this.step][i]);
  }
}

describe('bounded gradients and schedules give Keras’ weights, step by step', () => {
  const wanted = fixture.optimizers.filter(({ config }) => /clip|cosine/i.test(JSON.stringify(config)));

  it.each(wanted.map((each) => [JSON.stringify(each.config), each] as const))('%s', async (_, each) => {
    const layer = new Given({ inputShape: [1] });
    const model = sequential([layer]);
    model.setWeights(fixture.start.map((values, i) => tensor(values, fixture.shapes[i])));
    model.compile({
      optimizer: getOptimizer({ name: each.name, ...each.config }),
      loss: 'meanSquaredError',
      threads: 0,
    });
    for (const [step, weights] of each.weights.entries()) {
      layer.step = step;
      await model.trainOnBatch([[1]], [[0]]);
      for (const [i, w] of model.getWeights().entries()) expectClose(w.data, weights[i], { absolute: 3e-6 });
    }
  });

  it('for each of the three bounds', () => {
    expect(wanted.flatMap(({ config }) => Object.keys(config))).toEqual(
      expect.arrayContaining(['clipvalue', 'clipnorm', 'globalClipnorm']),
    );
  });
});

describe('the same bits for any number of threads', () => {
  const x = new Float32Array(24 * 5);
  uniform(deriveKey(0, Purpose.gradcheck, 0, 0), -1, 1, x);
  const y = Array.from({ length: 24 }, (_, n) => [Number(n % 2 === 0), Number(n % 3 === 0)]);

  const train = async (optimizer: Optimizer, threads: number): Promise<number[][]> => {
    const model = sequential([
      dense({ units: 70, activation: 'tanh', inputShape: [5] }),
      dense({ units: 70, activation: 'tanh' }), // 4,900 weights: more than a block
      dense({ units: 2 }),
    ]);
    model.compile({ optimizer, loss: 'meanSquaredError', threads });
    await model.fit(tensor(x, [24, 5]), y, { epochs: 2, batchSize: 16 });
    await model.dispose();
    return model.getWeights().map(({ data }) => Array.from(data));
  };

  it.each<[string, () => Optimizer, () => Optimizer]>([
    ['clipnorm', () => sgd({ clipnorm: 0.05 }), () => sgd()],
    ['globalClipnorm', () => adam({ globalClipnorm: 0.1 }), () => adam()],
    ['clipvalue', () => sgd({ clipvalue: 0.01 }), () => sgd()],
    [
      'a schedule',
      () => sgd({ learningRate: cosineDecay({ initialLearningRate: 0.5, decaySteps: 3 }) }),
      () => sgd(),
    ],
  ])('with %s, which changes the weights', async (_, bounded, free) => {
    const alone = await train(bounded(), 0);
    expect(await train(free(), 0)).not.toEqual(alone);
    for (const threads of [1, 3]) expect(await train(bounded(), threads)).toEqual(alone);
  });
});

describe('a learning rate that a callback sets', () => {
  const fitAt = (optimizer: Optimizer, rate: number): Promise<unknown> => {
    const model = sequential([dense({ units: 1, inputShape: [1] })]);
    model.compile({ optimizer, loss: 'meanSquaredError', threads: 0 });
    return model.fit([[1]], [[1]], { callbacks: [learningRateScheduler(() => rate)] });
  };

  it('is refused where it is none, or where a schedule gives it', async () => {
    await expect(fitAt(sgd(), -1)).rejects.toThrow('sgd: learningRate must be');
    await expect(fitAt(sgd(), Number.NaN)).rejects.toThrow('sgd: learningRate must be');
    const scheduled = sgd({ learningRate: cosineDecay({ initialLearningRate: 1, decaySteps: 2 }) });
    await expect(fitAt(scheduled, 0.1)).rejects.toThrow(
      'sgd: learningRate comes from cosineDecay and can’t be set'.replace('’', "'"),
    );
  });
});
