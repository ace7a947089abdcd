/** `gradients` and `backward`: what a training step computes, without the step. Keras' numbers: test/parity/keras-gradients.test.ts. */
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { layerFromConfig } from '../../src/layers/registry.ts';
import { expectClose, expectSameBits } from '../matchers.ts';
import { modelOfEveryKind, samplesOf } from './every-kind.ts';

const { backward, dense, flatten, gradients } = degelo;
const { ByteImages, Layer, namedWeights, sequential, sgd, tensor, weightsSha256 } = degelo;

const SAMPLES = 20; // three shards of 8
const { x, labels } = samplesOf(SAMPLES);

// w ← w − g
const makeModel = (threads = 0) => modelOfEveryKind(sgd({ learningRate: 1 }), threads);

describe('gradients', () => {
  it.each([0, 2])('are, in training, to the bit those that a step of %d threads follows', async (threads) => {
    await using model = makeModel(threads);
    await model.trainOnBatch(x, labels);
    const before = new Map([...namedWeights(model)].map(([name, { data }]) => [name, data.slice()]));
    const found = await gradients(model, x, labels, { training: true });
    expect(found.loss).toBe((await model.trainOnBatch(x, labels)).loss);
    expect([...found.weights.keys()]).toEqual([
      'conv2d/kernel',
      'conv2d/bias',
      'batch_normalization/gamma',
      'batch_normalization/beta',
      'dense/kernel',
      'dense/bias',
    ]);
    const after = namedWeights(model);
    for (const [name, { data }] of found.weights) {
      const old = before.get(name) as Float32Array;
      expectSameBits(
        after.get(name)?.data as Float32Array,
        old.map((w, i) => Math.fround(w - data[i])),
      );
    }
  });

  it('leave the model as it was, moving averages too', async () => {
    const model = makeModel();
    const before = await weightsSha256(model);
    await gradients(model, x, labels, { training: true });
    expect(await weightsSha256(model)).toBe(before);
    expect(model.step).toBe(0);
  });

  it('are those of inference, unless told: dropout drops nothing', async () => {
    const model = makeModel();
    const { loss: mean } = await gradients(model, x, labels);
    expectClose([mean], [(await model.evaluate(x, labels)).loss], { relative: 1e-6 });
    const first = await gradients(model, x, labels, { training: true });
    model.step = 1;
    const second = await gradients(model, x, labels, { training: true });
    expect(first.loss).not.toBe(second.loss);
  });

  it('aren’t given of frozen weights', async () => {
    const model = makeModel();
    const all = await gradients(model, x, labels);
    model.layers[0].trainable = false;
    const { input, weights } = await gradients(model, x, labels);
    expectSameBits(input.data, all.input.data);
    expect([...weights.keys()]).not.toContain('conv2d/kernel');
    model.trainable = false;
    expect((await gradients(model, x, labels)).weights.size).toBe(0);
  });

  it('aren’t computed of frozen weights', async () => {
    const computed: boolean[] = [];
    class Scale extends Layer {
      override readonly className = 'Scale';
      override describeParameters() {
        return [{ name: 'factor', shape: [], initializer: 'ones' as const }];
      }
      override forward({ x, y, stage }: degelo.Run, N: number) {
        y.set(x.subarray(0, N * degelo.sizeOf(stage.inputShape)));
      }
      override backward({ dy, dx, gradients, stage }: degelo.Run, N: number) {
        computed.push(gradients !== null);
        dx?.set(dy.subarray(0, N * degelo.sizeOf(stage.inputShape)));
        gradients?.[0].fill(1, 0, 1);
      }
    }
    const model = sequential([new Scale({ inputShape: [2], trainable: false }), dense({ units: 1 })]);
    const { weights } = await gradients(model, [[1, 2]], [[1]], { loss: 'meanSquaredError' });
    expect([...weights.keys()]).toEqual(['dense/kernel', 'dense/bias']);
    expect(computed.at(-1)).toBe(false);
  });

  it('go with the loss that evaluate gives: no penalty of frozen weights', async () => {
    const model = makeModel();
    model.layers[0].trainable = false; // it has an L2 regularizer
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads: 0 });
    const { loss } = await gradients(model, x, labels);
    expectClose([loss], [(await model.evaluate(x, labels)).loss], { relative: 1e-6 });
  });

  it('take the loss that they are told, and of images as bytes the numbers from 0 to 1', async () => {
    const model = makeModel();
    const bytes = Uint8Array.from({ length: 2 * 128 }, (_, i) => (i * i) % 256);
    const rows = [[1, 0, 0], [0, 0, 1]]; // biome-ignore format: a table
    const options = { loss: 'categorical_crossentropy' } as const;
    const images = await gradients(model, new ByteImages(bytes, [2, 8, 8, 2]), rows, options);
    const numbers = tensor(Float32Array.from(bytes, (byte) => byte / 255), [2, 8, 8, 2]); // biome-ignore format: short
    expectSameBits(images.input.data, (await gradients(model, numbers, [0, 2])).input.data);
  });

  it('are those of the moment within a callback', async () => {
    const model = makeModel();
    const losses: number[] = [];
    const onEpochEnd = async () => {
      losses.push((await gradients(model, x, labels)).loss);
    };
    await model.fit(x, labels, { epochs: 2, callbacks: [{ onEpochEnd }] });
    expect(losses).toHaveLength(2);
    expect(losses[1]).toBe((await gradients(model, x, labels)).loss);
  });

  it('can be asked for often: calls use the same memory', async () => {
    const model = sequential([dense({ units: 1, inputShape: [1] })]);
    for (let n = 1; n <= 100; n++) {
      const { input } = await backward(model, [[n]], [[1]]);
      expect(input.data[0]).toBe(model.getWeights()[0].data[0]);
    }
  });

  it('refuse what doesn’t fit, in one line', async () => {
    const model = makeModel();
    await expect(gradients(model, x, labels.slice(1))).rejects.toThrow(
      /^gradients: x and y must have the same number of samples, got 20 and 19$/,
    );
    await expect(gradients(model, x, labels, { loss: 'rmse' as 'mse' })).rejects.toThrow(
      /^gradients: loss must be one of .*, got 'rmse': use 'meanSquaredError'/,
    );
    await expect(gradients(model, x, labels, { train: true } as object)).rejects.toThrow(
      /^gradients: unknown option train.*expected one of loss, training/,
    );
    await expect(gradients(model, x, undefined as never)).rejects.toThrow(
      /^gradients: y is missing: expected one target per sample, gradients\(model, x, y, \{ … \}\)$/,
    );
    const other = sequential([dense({ units: 1, inputShape: [1] })]);
    await expect(gradients(other, [[1]], [[1]])).rejects.toThrow(
      'gradients: the model isn’t compiled, so loss must be given: gradients(model, x, y, { loss })'.replace(
        '’',
        "'",
      ),
    );
    model.memoryMB = 0.01;
    await expect(gradients(model, x, labels)).rejects.toThrow(
      /^gradients: 20 samples in one step need .* GB, and may take 0\.01 MB: give fewer samples, or raise model\.memoryMB$/,
    );
  });

  it('refuse in training, as fit does, what Keras would do there and degelo can’t', async () => {
    const config: object = { units: 3, inputShape: [2], unsupported: { kernel_constraint: {} } };
    const model = sequential([layerFromConfig('Dense', config)]);
    const options = { loss: 'mse', training: true } as const;
    await expect(gradients(model, [[1, 2]], [[1, 2, 3]], options)).rejects.toThrow(
      /^gradients: layer dense was made with kernel_constraint, which degelo can't train with/,
    );
    await expect(gradients(model, [[1, 2]], [[1, 2, 3]], { loss: 'mse' })).resolves.toBeDefined();
  });

  it('try a layer of one’s own first', async () => {
    class Halved extends Layer {
      className = 'Halved';
      forward({ x, y }: degelo.Run) {
        y[0] = x[0] / 2;
      }
      backward() {}
    }
    const model = sequential([new Halved({ inputShape: [2] })]);
    await expect(gradients(model, [[1, 2]], [[1, 2]], { loss: 'mse' })).rejects.toThrow(
      /^layer halved: forward must write all of y/,
    );
  });
});

describe('backward', () => {
  it('gives the output, and the gradient of Σ dy·y: of a linear layer its own numbers', async () => {
    const model = sequential([dense({ units: 2, inputShape: [3] })]);
    model.setWeights([tensor([1, 2, 3, 4, 5, 6], [3, 2]), tensor([7, 8])]);
    const { output, input, weights } = await backward(model, [[1, 0, 1], [0, 1, 0]], [[1, 0], [10, 1]]); // biome-ignore format: a table
    expect([...output.data]).toEqual([13, 16, 10, 12]);
    expect([...input.data]).toEqual([1, 3, 5, 12, 34, 56]);
    expect([...(weights.get('dense/kernel')?.data ?? [])]).toEqual([1, 0, 10, 1, 1, 0]);
    expect([...(weights.get('dense/bias')?.data ?? [])]).toEqual([11, 1]);
  });

  it('through two models, one behind the other, gives what it gives through both in one', async () => {
    const below = sequential([dense({ units: 4, activation: 'tanh', inputShape: [3] })]);
    const above = sequential({
      seed: 1,
      layers: [dense({ name: 'top', units: 1, activation: 'sigmoid', inputShape: [4] })],
    });
    const given = [[1, 2, 3], [-1, 0, 1]]; // biome-ignore format: a table
    const through = await backward(below, given, async (features) => {
      await below.predict(given); // it may use the model
      return (await gradients(above, features, [1, 0], { loss: 'binaryCrossentropy' })).input;
    });
    const both = sequential([...below.layers, ...above.layers]);
    const { input, weights } = await gradients(both, given, [1, 0], { loss: 'binaryCrossentropy' });
    expectClose(through.input.data, input.data, { absolute: 1e-7 });
    const [kernel] = weights.values();
    expectClose(through.weights.get('dense/kernel')?.data ?? [], kernel.data, { absolute: 1e-7 });
  });

  it('works where the model computes nothing', async () => {
    const model = sequential([flatten({ inputShape: [2, 2] })]);
    const { output, input } = await backward(model, [[[1, 2], [3, 4]]], [[5, 6, 7, 8]]); // biome-ignore format: a table
    expect([...output.data]).toEqual([1, 2, 3, 4]);
    expect(input.shape).toEqual([1, 2, 2]);
    expect([...input.data]).toEqual([5, 6, 7, 8]);
  });

  it('refuses a gradient that doesn’t fit, in one line', async () => {
    const model = sequential([dense({ units: 2, inputShape: [1] })]);
    const call = (dy: unknown) => backward(model, [[1]], dy as number[][]);
    await expect(call([[1, 2, 3]])).rejects.toThrow(
      /^backward: outputGradient must have shape \[n, 2\], got \[1, 3\]/,
    );
    await expect(call([[1, 2], [1, 2]])).rejects.toThrow(
      'backward: x and outputGradient must have the same number of samples, got 1 and 2',
    ); // biome-ignore format: a table
    await expect(call([[1, Number.NaN]])).rejects.toThrow(
      'backward: outputGradient must be finite numbers, got NaN in sample 0',
    );
    await expect(call(undefined)).rejects.toThrow(/^backward: outputGradient is missing: expected a tensor/);
    await expect(call(() => {})).rejects.toThrow(
      'backward: outputGradient must return a gradient of the output, got undefined',
    );
    await expect(backward(model, [[1]], [[1, 1]], { loss: 'mse' } as object)).rejects.toThrow(
      /^backward: unknown option loss/,
    );
  });
});
