/** Predictions and figures need no memory for training: those of a model that nobody has trained yet, and of larger batches than it was trained with. */
import { expect, it } from 'vitest';
import {
  batchNormalization,
  conv2d,
  dense,
  flatten,
  globalAveragePooling2d,
  l2,
  sequential,
  sgd,
  tensor,
} from '../../src/index.ts';

const x = tensor(
  Float32Array.from({ length: 6 * 5 * 5 * 2 }, (_, i) => Math.sin(i)),
  [6, 5, 5, 2],
);
const y = Int32Array.from({ length: 6 }, (_, i) => i % 3);

it.each([0, 2])(
  'evaluates with the cost of its weights, batch normalisation folded, on %i threads',
  async (threads) => {
    await using model = sequential({
      seed: 1,
      layers: [
        conv2d({ filters: 4, kernelSize: 3, useBias: false, inputShape: [5, 5, 2] }),
        batchNormalization(),
        conv2d({ filters: 4, kernelSize: 3, kernelRegularizer: l2({ l2: 0.1 }), activation: 'relu' }),
        flatten(),
        dense({ units: 3, kernelRegularizer: l2({ l2: 0.1 }), activation: 'softmax' }),
      ],
    });
    const compile = (): void =>
      model.compile({ optimizer: sgd({ learningRate: 0 }), loss: 'sparseCategoricalCrossentropy', threads });
    compile();
    const untrained = await model.evaluate(x, y);
    const weights = model.getWeights();
    await model.trainOnBatch(x, y); // with a learning rate of 0 only the averages move
    model.setWeights(weights);
    expect(await model.evaluate(x, y)).toEqual(untrained);
    const data = await model.predict(x);
    compile();
    expect(await model.evaluate(x, y)).toEqual(untrained);
    expect(await model.predict(x)).toEqual(data);
  },
);

it.each([0, 2])(
  'predicts and evaluates larger batches than it may train with, between two steps that have the same bits, on %i threads',
  async (threads) => {
    const make = () => {
      const model = sequential({
        seed: 1,
        layers: [
          ...Array.from({ length: 6 }, (_, i) =>
            conv2d({
              filters: 32,
              kernelSize: 3,
              padding: 'same',
              activation: 'tanh',
              ...(i === 0 && { inputShape: [16, 16, 2] }),
            }),
          ),
          globalAveragePooling2d(),
          dense({ units: 3, activation: 'softmax' }),
        ],
      });
      model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', threads });
      return model;
    };
    const images = (n: number) =>
      tensor(
        Float32Array.from({ length: n * 512 }, (_, i) => Math.sin(i)),
        [n, 16, 16, 2],
      );
    const classes = Int32Array.from({ length: 64 }, (_, i) => i % 3);
    await using small = make();
    await using large = make();
    small.memoryMB = 10;
    await expect(small.trainOnBatch(images(64), classes)).rejects.toThrow(/and may take 10 MB/);
    for (const model of [small, large]) await model.trainOnBatch(images(2), classes.subarray(0, 2));
    const all = { batchSize: 64 };
    expect((await small.predict(images(64), all)).data).toEqual((await large.predict(images(64), all)).data);
    expect(await small.evaluate(images(64), classes, all)).toEqual(
      await large.evaluate(images(64), classes, all),
    );
    for (const model of [small, large]) await model.trainOnBatch(images(2), classes.subarray(0, 2));
    expect(small.getWeights()).toEqual(large.getWeights());
  },
);
