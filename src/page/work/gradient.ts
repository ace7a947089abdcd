/**
 * Where the gradient goes: how large it is in each layer, for one batch.
 *
 * A step of plain gradient descent with a learning rate of 1 moves each weight by its gradient: w' = w − g. So a copy of the network
 * takes such a step, and what its weights moved by is the gradient. Frozen layers haven't any, and stand still.
 */

import { categoricalCrossentropy } from '../../losses/categorical-crossentropy.ts';
import { sgd } from '../../optimizers/sgd.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Sequential } from '../../training/sequential.ts';
import { makeNetwork, restore, type Snapshot, snapshotOf } from './network.ts';
import { spread } from './spread.ts';

/** Samples of the batch. */
const BATCH = 128;

/** Samples with their one-hot classes. */
export interface Labelled {
  readonly x: Tensor<Float32Array>;
  readonly y: Tensor<Float32Array>;
}

export class GradientMeter {
  readonly #model: Sequential;
  readonly #batch: Labelled;

  /** @param data the batch is spread evenly over it */
  constructor(data: Labelled, { frozen }: { readonly frozen: boolean }) {
    this.#model = makeNetwork(0, { frozen });
    this.#model.compile({
      optimizer: sgd({ learningRate: 1 }),
      loss: categoricalCrossentropy(),
      threads: 0,
    });
    this.#batch = { x: spread(data.x, BATCH), y: spread(data.y, BATCH) };
  }

  /** √Σ g² over the weights of each layer that has some, in their order. */
  async norms(snapshot: Snapshot): Promise<number[]> {
    restore(this.#model, snapshot);
    await this.#model.trainOnBatch(this.#batch.x, this.#batch.y);
    const after = snapshotOf(this.#model);
    const moved = after.weights.map(({ data }, w) => squaredDistance(data, snapshot.weights[w].data));
    let next = 0;
    return this.#model.layers
      .filter(({ parameters }) => parameters.length > 0)
      .map(({ parameters }) => {
        const sum = parameters.reduce((total) => total + moved[next++], 0);
        return Math.sqrt(sum);
      });
  }

  async dispose(): Promise<void> {
    await this.#model.dispose();
  }
}

/** Σ (a − b)² */
function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}
