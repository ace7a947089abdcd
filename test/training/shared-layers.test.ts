/** Layers that are in several models: one set of weights, whoever trains it. */
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { compiled, compileOptions } from './compiled.ts';
import { tinyData, tinyModel } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

const { sequential, dense, activation, dropout, tensor } = degelo;
const { x, y, classes } = tinyData(24);
const options = { batchSize: 8, epochs: 1 } as const;
const binary = classes.map((k) => (k === 0 ? 0 : 1));

/** The features of `base`, after them a classifier of its own. */
const newHead = (base: degelo.Sequential, units = 2, threads = 0): degelo.Sequential => {
  const model = sequential([...base.layers.slice(0, 7), dense({ units, activation: 'softmax' })]);
  model.compile({ ...compileOptions, loss: 'sparseCategoricalCrossentropy', optimizer: 'adam', threads });
  return model;
};

describe('a layer in two models', () => {
  it('keeps its weights, and its name', async () => {
    const base = compiled();
    await base.fit(x, y, options);
    const before = getWeightsFlat(base);
    const model = newHead(base);
    expect(model.layers.slice(0, 7)).toEqual(base.layers.slice(0, 7));
    expect(model.inputShape).toEqual([10, 10, 1]);
    expect(model.layers.map(({ name }) => name)).toEqual([
      ...base.layers.slice(0, 7).map(({ name }) => name),
      'dense',
    ]);
    expect(getWeightsFlat(base)).toEqual(before);
  });

  it.each([0, 2])('is trained by both, in turns, and both see it, %i threads', async (threads) => {
    // What two models do in turns is what one does whose weights are handed over by hand.
    const turns = async (hand: boolean) => {
      await using base = tinyModel(degelo);
      base.compile({ ...compileOptions, optimizer: degelo.adadelta({ learningRate: 1 }), threads });
      await using apart = tinyModel(degelo);
      await using model = newHead(hand ? apart : base, 2, threads);
      const move = (from: degelo.Sequential, to: degelo.Sequential): void => {
        if (hand) for (let i = 0; i < 7; i++) to.layers[i].setWeights(from.layers[i].getWeights());
      };
      for (let round = 0; round < 2; round++) {
        await base.fit(x, y, options);
        move(base, model);
        await model.fit(x, binary, options);
        move(model, base);
      }
      return [getWeightsFlat(base), getWeightsFlat(model), [...(await base.predict(x)).data]];
    };
    expect(await turns(false)).toEqual(await turns(true));
  });

  it('shows what it does within the model that trains it, without a bit of difference', async () => {
    const plain = compiled();
    await plain.fit(x, y, { ...options, epochs: 2 });
    const base = compiled();
    const features = sequential(base.layers.slice(0, 7));
    const activations: number[][] = [];
    await base.fit(x, y, {
      ...options,
      epochs: 2,
      callbacks: [{ onBatchEnd: async () => void activations.push([...(await features.predict(x)).data]) }],
    });
    expect(getWeightsFlat(base)).toEqual(getWeightsFlat(plain));
    expect(activations).toHaveLength(6);
    expect(activations[5]).not.toEqual(activations[0]);
    // What is after them is base's.
    const rest = sequential(base.layers.slice(7));
    const onward = await rest.predict((await features.predict(x)).data);
    expect(onward.data).toEqual((await base.predict(x)).data);
  });

  it('is not trained by two at once; predictions of the other wait', async () => {
    const base = compiled();
    const model = newHead(base);
    const training = base.fit(x, y, options);
    await expect(model.fit(x, binary)).rejects.toThrow(
      'fit: model sequential, which shares layers, is busy with fit: await that first',
    );
    expect((await model.predict(x)).shape).toEqual([24, 2]);
    await training;
    await model.fit(x, binary, options);
  });

  it('that has no weights may be trained in two models', async () => {
    const shared = [activation('relu'), dropout({ rate: 0.5 })];
    const make = () => {
      const model = sequential([
        dense({ units: 3, inputShape: [100] }),
        ...shared,
        dense({ units: 3, activation: 'softmax' }),
      ]);
      model.compile({ ...compileOptions, optimizer: 'sgd' });
      return model;
    };
    const [a, b] = [make(), make()];
    await Promise.all([a.fit(x.data, y), b.fit(x.data, y)]);
  });

  it('is saved with each of them', async () => {
    const base = compiled();
    const model = newHead(base);
    const { json, weights } = await degelo.encodeModel(model);
    expect(getWeightsFlat(await degelo.decodeModel(json, weights))).toEqual(getWeightsFlat(model));
  });

  it('is refused where it does not fit, or is not built and belongs to another model', () => {
    const base = tinyModel(degelo);
    expect(() => sequential([dense({ units: 2, inputShape: [7] }), base.layers[7]])).toThrow(
      'layer dense: its input must have shape [72], got [2]',
    );
    const layer = dense({ units: 4 });
    const owner = sequential({ name: 'owner', layers: [layer] });
    expect(() => sequential([layer])).toThrow(
      "add: layer dense belongs to model owner and isn't built yet: build that model first, or make another layer",
    );
    owner.pop();
    const next = sequential([layer]);
    next.build([3]);
    expect(sequential([layer]).outputShape).toEqual([4]);
    expect(() => sequential([layer, layer])).toThrow(/layer dense is already in sequential/);
  });
});

describe('pop, add and getLayer', () => {
  it('give a trained model another head, and ask for another compile', async () => {
    const model = compiled();
    await model.fit(x, y, options);
    const features = getWeightsFlat(model).slice(0, 8 * 9 + 8);
    expect(model.pop().className).toBe('Activation');
    expect(model.pop().className).toBe('Dense');
    expect(model.outputShape).toEqual([16]);
    model.add(dense({ units: 2, activation: 'softmax', name: 'head' }));
    expect(model.outputShape).toEqual([2]);
    for (const call of [() => model.fit(x, binary), () => model.evaluate(x, binary)]) {
      await expect(call()).rejects.toThrow(
        /the model's layers changed after compile: call compile\(.*\) again/,
      );
    }
    expect(() => model.optimizer).toThrow(/layers changed after compile/);
    expect((await model.predict(x)).shape).toEqual([24, 2]);
    model.compile({ ...compileOptions, loss: 'sparseCategoricalCrossentropy', optimizer: 'adam' });
    expect(getWeightsFlat(model).slice(0, features.length)).toEqual(features);
    const head = model.getLayer('head').getWeights();
    await model.fit(x, binary, options);
    expect(model.getLayer('head').getWeights()).not.toEqual(head);
  });

  it('find a layer by name and by place, or say which there are', () => {
    const model = sequential([dense({ units: 2, inputShape: [3] }), activation('softmax')]);
    expect(model.getLayer('activation')).toBe(model.layers[1]);
    expect(model.getLayer(0)).toBe(model.layers[0]);
    expect(() => model.getLayer('head')).toThrow(
      "getLayer: sequential has no such layer: expected one of dense, activation, got 'head'",
    );
    expect(() => model.getLayer(2)).toThrow('expected 0 to 1, got 2');
  });

  it('are the only way to change the list of layers', () => {
    const model = tinyModel(degelo);
    const list = model.layers as degelo.Layer[];
    const message = "layers: the list can't be changed: use the model's add and pop";
    expect(() => list.pop()).toThrow(message);
    expect(() => list.push(dense({ units: 1 }))).toThrow(message);
    expect(() => {
      list[0] = dense({ units: 1 });
    }).toThrow(message);
    const empty = sequential();
    expect(() => empty.pop()).toThrow('pop: sequential has no layers');
  });

  it('leave a model to be built anew once the last layer is off', () => {
    const model = sequential([dense({ units: 2, inputShape: [3] })]);
    model.pop();
    expect(model.built).toBe(false);
    model.add(dense({ units: 2, inputShape: [5] }));
    expect(model.inputShape).toEqual([5]);
  });

  it('may come after a compile that has settled nothing yet', async () => {
    const model = sequential();
    model.compile({ ...compileOptions, optimizer: 'sgd' });
    model.add(dense({ units: 3, activation: 'softmax' }));
    await model.fit(x.reshape([24, 100]), y, options);
  });
});

describe("a layer's weights", () => {
  it("are read and set as a model's are", async () => {
    const model = compiled();
    const before = await model.predict(x);
    const [kernel, bias] = model.layers[7].getWeights();
    expect(kernel.shape).toEqual([72, 16]);
    const zero = tensor(new Float32Array(16), [16]);
    model.layers[7].setWeights([tensor(new Float32Array(72 * 16), [72, 16]), zero]);
    expect((await model.predict(x)).data).not.toEqual(before.data);
    model.layers[7].setWeights([kernel, bias]);
    expect((await model.predict(x)).data).toEqual(before.data);
    expect(() => model.layers[7].setWeights([kernel])).toThrow(/one tensor per parameter: expected 2, got 1/);
    expect(() => model.layers[7].setWeights([bias, kernel])).toThrow(
      /dense\/kernel must have shape \[72,16\]/,
    );
    expect(() => dense({ units: 2 }).getWeights()).toThrow(/getWeights: layer Dense isn't built yet/);
    expect(() => dense({ units: 2 }).setWeights([])).toThrow(/setWeights: layer Dense isn't built yet/);
  });

  it('are free again where a model could not be built', () => {
    const layers = [dense({ units: 2 }), degelo.conv2d({ filters: 1, kernelSize: 3 })];
    const model = sequential(layers);
    expect(() => model.build([4])).toThrow(/conv2d/);
    expect(layers[0].outputShape).toBe(null);
  });

  it('need no compile, but model.optimizer does', () => {
    const model = tinyModel(degelo);
    expect(() => model.optimizer).toThrow("optimizer: the model isn't compiled");
    model.compile({ ...compileOptions, optimizer: 'adam' });
    expect(model.optimizer.name).toBe('adam');
    model.optimizer.learningRate = 0.5;
    expect(model.compiled?.optimizer.learningRate).toBe(0.5);
  });
});
