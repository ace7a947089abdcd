/** `applyGradients`: a step of the optimizer along gradients that are handed in. */
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { modelOfEveryKind as makeModel, samplesOf } from './every-kind.ts';

const { adam, adamW, applyGradients, backward, cosineDecay, dense, gradients, nadam, namedWeights } = degelo;
const { rmsprop, sequential, sgd, tensor } = degelo;

const SAMPLES = 12;
const { x, labels } = samplesOf(SAMPLES);

const own = async (model: degelo.Model): Promise<void> =>
  applyGradients(model, await gradients(model, x, labels, { training: true }));

describe('a loop of one’s own', () => {
  const optimizers: Record<string, () => degelo.Optimizer> = {
    'sgd with momentum and clipvalue': () => sgd({ learningRate: 0.1, momentum: 0.9, clipvalue: 0.05 }),
    'adam with clipnorm': () => adam({ clipnorm: 0.1 }),
    'adamW with globalClipnorm': () => adamW({ globalClipnorm: 0.1 }),
    'nadam, whose steps know their number': () => nadam(),
    'rmsprop with a schedule': () =>
      rmsprop({ learningRate: cosineDecay({ initialLearningRate: 0.01, decaySteps: 3 }) }),
  };

  it.each(Object.keys(optimizers))('has the bits of trainOnBatch: %s', async (name) => {
    const [one, other] = [makeModel(optimizers[name]()), makeModel(optimizers[name]())];
    for (let step = 0; step < 4; step++) {
      await own(one);
      await other.trainOnBatch(x, labels);
      expect(await degelo.weightsSha256(one)).toBe(await degelo.weightsSha256(other));
      expect(one.step).toBe(other.step);
    }
  });

  it('may take turns with fit, on threads: both use the optimizer’s state and the weights of the moment', async () => {
    await using model = makeModel(adam(), 2);
    await using other = makeModel(adam(), 0);
    for (let step = 0; step < 4; step++) {
      if (step % 2 === 0) await own(model);
      else await model.trainOnBatch(x, labels);
      await other.trainOnBatch(x, labels);
    }
    expect(await degelo.weightsSha256(model)).toBe(await degelo.weightsSha256(other));
  });

  it('goes on from a checkpoint', async () => {
    const model = makeModel(adam());
    await own(model);
    const { model: again } = await degelo.decodeCheckpoint(await degelo.encodeCheckpoint(model));
    await own(model);
    await own(again);
    expect(await degelo.weightsSha256(again)).toBe(await degelo.weightsSha256(model));
  });

  it('learns by a loss of pairs, which is no mean over samples', async () => {
    const tower = sequential([dense({ units: 2, inputShape: [2] })]);
    tower.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: 'mse' });
    const pair = [[1, 0], [0, 1]]; // biome-ignore format: a table
    /** By both: half the square of their distance. */
    const together = ({ data: [a, b, c, d], shape }: degelo.Tensor) =>
      tensor([a - c, b - d, c - a, d - b], [...shape]);
    const distance = async () => {
      const [a, b, c, d] = (await tower.predict(pair)).data;
      return Math.hypot(a - c, b - d);
    };
    const before = await distance();
    for (let step = 0; step < 20; step++) await applyGradients(tower, await backward(tower, pair, together));
    expect(await distance()).toBeLessThan(before / 20);
  });
});

describe('applyGradients', () => {
  it('leaves moving averages alone where none are handed in', async () => {
    const model = makeModel(sgd());
    const { weights } = await gradients(model, x, labels, { training: true });
    const mean = namedWeights(model).get('batch_normalization/moving_mean')?.data.slice();
    await applyGradients(model, { weights });
    expect(namedWeights(model).get('batch_normalization/moving_mean')?.data).toEqual(mean);
  });

  it('changes nothing of frozen layers, and what `gradients` gives fits', async () => {
    const model = makeModel(sgd());
    model.layers[0].trainable = false;
    model.layers[1].trainable = false;
    const before = model.layers[1].getWeights().map(({ data }) => data);
    const found = await gradients(model, x, labels, { training: true });
    expect(found.moved.size).toBe(0);
    await applyGradients(model, found);
    expect(model.layers[1].getWeights().map(({ data }) => data)).toEqual(before);
  });

  it('refuses what doesn’t fit, and changes nothing', async () => {
    const model = makeModel(sgd());
    const before = await degelo.weightsSha256(model);
    const { weights } = await gradients(model, x, labels);
    const call = (changed: Record<string, degelo.Tensor | null>) => {
      const all = new Map(weights);
      for (const [name, value] of Object.entries(changed)) {
        if (value) all.set(name, value);
        else all.delete(name);
      }
      return applyGradients(model, { weights: all });
    };
    await expect(call({ 'dense/bias': null })).rejects.toThrow(
      'applyGradients: the gradient of dense/bias is missing: expected a tensor of shape [3]',
    );
    await expect(call({ 'dense/bias': tensor([1, 2]) })).rejects.toThrow(
      'applyGradients: the gradient of dense/bias must have shape [3], got [2]',
    );
    await expect(call({ 'dense/bias': tensor([1, 2, Number.NaN]) })).rejects.toThrow(
      'applyGradients: the gradient of dense/bias must be finite, got NaN at index 2',
    );
    await expect(call({ 'batch_normalization/moving_mean': tensor([1, 2, 3, 4]) })).rejects.toThrow(
      'applyGradients: batch_normalization/moving_mean is no weight that is trained now',
    );
    await expect(applyGradients(model, weights as never)).rejects.toThrow(/^applyGradients: /);
    await expect(applyGradients(model, { weight: weights } as never)).rejects.toThrow(
      /^applyGradients: unknown option weight \(did you mean weights\?\)/,
    );
    await expect(applyGradients(model, {} as never)).rejects.toThrow(
      /^applyGradients: tensors must be a Map of tensors by name/,
    );
    expect(await degelo.weightsSha256(model)).toBe(before);
    const other = sequential([dense({ units: 1, inputShape: [1] })]);
    await expect(applyGradients(other, { weights })).rejects.toThrow(
      "applyGradients: the model isn't compiled: call compile({ optimizer, loss }) first",
    );
  });

  it('is refused while the model trains', async () => {
    const model = makeModel(sgd());
    const found = await gradients(model, x, labels);
    const onEpochEnd = () => applyGradients(model, found);
    await expect(model.fit(x, labels, { callbacks: [{ onEpochEnd }] })).rejects.toThrow(
      'applyGradients: this model is busy with fit: await that first',
    );
  });
});
