/**
 * Convolutions by Winograd take filters that are transformed once, not once per call: whoever changes weights, what follows is computed by
 * the new ones. Each time a fresh model with the same weights says what that is.
 */
import { describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';

const { activation, batchNormalization, conv2d, flatten, dense, sequential, tensor } = degelo;
const N = 10;
const numbers = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(seed + 1.7 * i));
const x = tensor(numbers(N * 6 * 6 * 8, 1), [N, 6, 6, 8]);
const y = tensor(numbers(N * 2, 2), [N, 2]);

interface Options {
  readonly kernel?: 'plain' | 'simd';
  readonly threads?: number;
  /** The first convolution trains, too. */
  readonly thawed?: boolean;
}

/** A convolution that is frozen, with batch normalisation folded into it, and two that train, one of them with a gradient to its input. */
function makeModel({ kernel = 'simd', threads = 0, thawed = false }: Options = {}): degelo.Sequential {
  const same = { kernelSize: 3, padding: 'same' } as const;
  const model = sequential([
    conv2d({ filters: 8, ...same, inputShape: [6, 6, 8] }),
    batchNormalization(),
    activation('relu'),
    conv2d({ filters: 9, ...same, activation: 'relu' }),
    conv2d({ filters: 8, ...same }),
    flatten(),
    dense({ units: 2 }),
  ]);
  for (const layer of model.layers.slice(0, 2)) layer.trainable = thawed;
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads, kernel });
  return model;
}

const weightsOf = (model: degelo.Sequential): number[][] =>
  model.getWeights().map(({ data }) => Array.from(data));

/** A fresh model with these weights, on this thread. */
function twin(weights: degelo.Tensor[], { thawed = false }: Options = {}): degelo.Sequential {
  const model = makeModel({ thawed });
  model.setWeights(weights);
  return model;
}

/** Other weights for a layer. */
function shrink(layer: degelo.Layer): void {
  const smaller = layer.getWeights().map(({ data, shape }) =>
    tensor(
      Array.from(data, (v) => v * 0.75),
      shape,
    ),
  );
  layer.setWeights(smaller);
}

it.each([1, 2, 3])(
  'filters are the present ones where they were set %i times while another model had them',
  async (times) => {
    await using model = makeModel();
    await using other = sequential([model.layers[0], flatten(), dense({ units: 2 })]);
    other.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
    await model.evaluate(x, y);
    await other.evaluate(x, y);
    for (let time = 0; time < times; time++) shrink(model.layers[0]);
    expect(await model.evaluate(x, y)).toEqual(await twin(model.getWeights()).evaluate(x, y));
  },
);

describe.each<Options>([
  { kernel: 'plain' },
  { kernel: 'simd' },
  { kernel: 'simd', threads: 2 },
  { kernel: 'simd', thawed: true },
])('filters are those of the present weights, %j', (options) => {
  it('in every step of training, also behind new weights of a frozen layer or of one that trains', async () => {
    await using model = makeModel(options);
    for (const change of [[], [0], [1, 3], []]) {
      for (const layer of change) shrink(model.layers[layer]);
      const fresh = twin(model.getWeights(), options);
      expect(await model.trainOnBatch(x, y)).toEqual(await fresh.trainOnBatch(x, y));
      expect(weightsOf(model)).toEqual(weightsOf(fresh));
    }
  });

  it('in evaluations, behind steps and new weights', async () => {
    await using model = makeModel(options);
    for (const change of ['a step', 0, 'nothing', 1] as const) {
      if (change === 'a step') await model.trainOnBatch(x, y);
      else if (change !== 'nothing') shrink(model.layers[change]);
      expect(await model.evaluate(x, y)).toEqual(await twin(model.getWeights(), options).evaluate(x, y));
    }
  });
});

it.each([0, 3])(
  'callbacks that set weights are followed at once, by training and validation: of layer %d',
  async (layer) => {
    const options = { batchSize: N, shuffle: false, verbose: 0 } as const;
    const model = makeModel();
    const { history } = await model.fit(x, y, {
      ...{ ...options, epochs: 3, validationData: [x, y] },
      callbacks: [{ onEpochEnd: () => shrink(model.layers[layer]) }],
    });
    let fresh = makeModel();
    const losses: number[] = [];
    for (let epoch = 0; epoch < 3; epoch++) {
      fresh = twin(fresh.getWeights());
      await fresh.fit(x, y, { ...options, epochs: 1 });
      losses.push((await fresh.evaluate(x, y)).loss);
      shrink(fresh.layers[layer]);
    }
    expect(history.val_loss).toEqual(losses);
    expect(weightsOf(model)).toEqual(weightsOf(fresh));
  },
);

it('a frozen layer’s filters are transformed once, those of layers that train once a step', async () => {
  await using model = makeModel();
  const spies = [0, 3, 4].map((layer) => vi.spyOn(model.layers[layer] as degelo.Conv2D, 'prepareWeights'));
  const uses = () =>
    spies.map((spy) =>
      spy.mock.calls
        .splice(0)
        .map(([use]) => use)
        .sort(),
    );
  await model.trainOnBatch(x, y);
  // In training and in inference; training's others come with each step.
  expect(uses()).toEqual([['forward', 'forward'], ['forward'], ['backward', 'forward']]);
  await model.trainOnBatch(x, y);
  expect(uses()).toEqual([[], ['forward'], ['backward', 'forward']]);
  await model.evaluate(x, y);
  expect(uses()).toEqual([[], ['forward'], ['forward']]);
  await model.evaluate(x, y);
  await model.predict(x);
  expect(uses()).toEqual([[], [], []]);
});
