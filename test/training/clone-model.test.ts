import { describe, expect, it } from 'vitest';
import {
  activation,
  add,
  batchNormalization,
  cloneModel,
  dense,
  input,
  Layer,
  model,
  Sequential,
  sequential,
} from '../../src/index.ts';
import { compiled } from './compiled.ts';
import { tinyData } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

const { x, y } = tinyData(16);

describe('cloneModel', () => {
  it('makes the same layers with weights of their own, those that the model began with', async () => {
    const first = compiled();
    const began = getWeightsFlat(first);
    await first.fit(x, y, { epochs: 1 });
    first.layers[0].trainable = false;
    first.classNames = ['a', 'b', 'c', 'd', 'e'].slice(0, first.outputShape[0]);
    const trained = getWeightsFlat(first);
    const clone = cloneModel(first);
    expect(clone).toBeInstanceOf(Sequential);
    expect(clone.toConfig()).toEqual(first.toConfig());
    expect(clone.layers[0].trainable).toBe(false);
    expect(clone.classNames).toEqual(first.classNames);
    expect(clone.compiled).toBeNull();
    expect(getWeightsFlat(clone)).toEqual(began);
    expect(getWeightsFlat(first)).toEqual(trained);
    clone.setWeights(first.getWeights());
    expect((await clone.predict(x)).data).toEqual((await first.predict(x)).data);
  });

  it('begins elsewhere with another seed', () => {
    const first = compiled();
    const other = cloneModel(first, { seed: first.seed + 1 });
    expect(other.seed).toBe(first.seed + 1);
    expect(getWeightsFlat(other)).not.toEqual(getWeightsFlat(first));
  });

  it('takes graphs, models within models, and models that aren’t built', () => {
    const start = input({ shape: [4] });
    const within = sequential([dense({ units: 4 }), batchNormalization()]);
    const end = add().apply([start, within.apply(start)]);
    const graph = model({ inputs: start, outputs: activation('relu').apply(end), seed: 3 });
    expect(cloneModel(graph).toConfig()).toEqual(graph.toConfig());
    expect(getWeightsFlat(cloneModel(graph))).toEqual(getWeightsFlat(graph));
    const unbuilt = sequential([dense({ units: 2 })]);
    expect(cloneModel(unbuilt).built).toBe(false);
  });

  it('refuses what isn’t a model, and layers that it can’t make again', () => {
    expect(() => cloneModel(dense({ units: 1 }) as never)).toThrow(
      'cloneModel: expected a model, got the layer',
    );
    expect(() => cloneModel(compiled(), { weights: true } as object)).toThrow(
      'cloneModel: unknown option weights',
    );
    expect(() => cloneModel(compiled(), { seed: -1 })).toThrow('cloneModel: seed must be an integer from 0');
    const replaced = dense({ units: 1, inputShape: [1] });
    replaced.forward = () => {};
    expect(() => cloneModel(sequential([replaced]))).toThrow(
      "layer dense (Dense) can't be saved or cloned: made again by its name, it would not have its own methods",
    );
    class Own extends Layer {
      className = 'NeverRegistered';
      forward(): void {}
      backward(): void {}
    }
    expect(() => cloneModel(sequential([new Own({ inputShape: [1] })]))).toThrow(
      "layer never_registered can't be saved or cloned: register it first: docs/extending.md",
    );
  });
});
