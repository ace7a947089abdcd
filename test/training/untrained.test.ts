/** A compiled model that nobody has trained yet has no memory for training; its figures are those of one that has. */
import { expect, it } from 'vitest';
import { batchNormalization, conv2d, dense, flatten, l2, sequential, sgd, tensor } from '../../src/index.ts';

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
