/** A model with a layer of every kind that a step treats in its own way, for tests of gradients by hand. */
import * as degelo from '../../src/index.ts';

const { batchNormalization, conv2d, dense, dropout, flatten, l2, maxPooling2d, sequential, tensor } = degelo;

/** Images [n, 8, 8, 2] of three classes, by their numbers. */
export function samplesOf(count: number): { x: degelo.Tensor; labels: number[] } {
  const numbers = Float32Array.from({ length: count * 128 }, (_, i) => Math.sin(i * i));
  return { x: tensor(numbers, [count, 8, 8, 2]), labels: Array.from({ length: count }, (_, n) => n % 3) };
}

export function modelOfEveryKind(optimizer: degelo.Optimizer, threads = 0): degelo.Sequential {
  const model = sequential({
    seed: 3,
    layers: [
      conv2d({
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        kernelRegularizer: l2(),
        inputShape: [8, 8, 2],
      }),
      batchNormalization(),
      maxPooling2d({ poolSize: 2 }),
      dropout({ rate: 0.4 }),
      flatten(),
      dense({ units: 3, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', threads });
  return model;
}
