import { describe, expect, it } from 'vitest';
import { conv2d } from '../../src/layers/conv2d.ts';
import { dense } from '../../src/layers/dense.ts';
import { flatten } from '../../src/layers/flatten.ts';
import { maxPooling2d } from '../../src/layers/max-pooling2d.ts';
import { Network } from '../../src/model/network.ts';
import { networkFromConfig } from '../../src/model/network-config.ts';
import { tensor } from '../../src/tensor/tensor.ts';

const small = (seed = 0): Network =>
  new Network({
    seed,
    layers: [
      conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1] }),
      maxPooling2d(),
      flatten(),
      dense({ units: 3 }),
    ],
  });

describe('Network', () => {
  it('names layers as Keras does', () => {
    const network = new Network({
      layers: [
        dense({ units: 1 }),
        dense({ units: 1 }),
        maxPooling2d(),
        conv2d({ filters: 1, kernelSize: 1 }),
      ],
    });
    expect(network.layers.map(({ name }) => name)).toEqual(['dense', 'dense_1', 'max_pooling2d', 'conv2d']);
  });

  it('starts with the same weights for the same seed, and with others for another', () => {
    const weights = (network: Network) => network.getWeights().map(({ data }) => [...data]);
    expect(weights(small(3))).toEqual(weights(small(3)));
    expect(weights(small(3))).not.toEqual(weights(small(4)));
    const [kernel, bias] = small().getWeights();
    const limit = Math.sqrt(6 / (9 * 1 + 9 * 2));
    expect(Math.max(...kernel.data.map(Math.abs))).toBeLessThanOrEqual(limit);
    expect([...bias.data]).toEqual([0, 0]);
  });

  it('is built when the shape is known, by hand or by the first layer', () => {
    const network = new Network({ layers: [flatten(), dense({ units: 2 })] });
    expect(network.built).toBe(false);
    expect(() => network.inputShape).toThrow(/not built yet: give the first layer an inputShape/);
    expect(() => network.outputShape).toThrow(/not built yet: give the first layer an inputShape/);
    expect(network.parameters()).toEqual([]);
    network.build([2, 2, 1]);
    expect(network.outputShape).toEqual([2]);
    network.build([2, 2, 1]);
    expect(() => network.build([3, 2, 1])).toThrow(
      /one input sample must have shape \[2,2,1\], got \[3,2,1\]/,
    );
    expect(() => new Network().build([1])).toThrow(/at least one layer/);
  });

  it('refuses a layer that cannot follow, naming it', () => {
    expect(
      () =>
        new Network({
          layers: [dense({ units: 2, inputShape: [6] }), conv2d({ filters: 1, kernelSize: 3 })],
        }),
    ).toThrow(/layer conv2d: input of one sample must be \[height, width, channels\], got \[2\]/);
    expect(
      () => new Network({ layers: [conv2d({ filters: 1, kernelSize: 7, inputShape: [6, 6, 1] })] }),
    ).toThrow(/must fit the image/);
  });

  it('refuses a layer of another model, and a name twice', () => {
    const layer = dense({ units: 2, inputShape: [2] });
    new Network({ layers: [layer] });
    expect(new Network({ layers: [layer] }).layers).toEqual([layer]);
    expect(
      () => new Network({ layers: [dense({ units: 1, name: 'a' }), dense({ units: 1, name: 'a' })] }),
    ).toThrow(/names must differ, got a twice/);
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN])('refuses seed %d', (seed) => {
    expect(() => new Network({ seed })).toThrow(/seed must be an integer from 0/);
  });

  it('sets all weights or none', () => {
    const network = small();
    const weights = small(9).getWeights();
    network.setWeights(weights);
    expect(network.getWeights()).toEqual(weights);
    expect(() => network.setWeights(weights.slice(1))).toThrow(/expected 4, got 3/);
    const wrong = [...weights.slice(0, 3), tensor([1, 2])];
    expect(() => network.setWeights(wrong)).toThrow(/dense\/bias must have shape \[3\], got \[2\]/);
    expect(network.getWeights()).toEqual(weights);
  });

  it('hands out copies: changing them changes nothing', () => {
    const network = small();
    network.getWeights()[0].data.fill(7);
    expect(network.getWeights()[0].data).not.toContain(7);
  });

  it('freezes and thaws all layers at once', () => {
    const network = small();
    network.trainable = false;
    expect(network.countParams().trainable).toBe(0);
    expect(network.trainable).toBe(false);
    network.layers[3].trainable = true;
    expect(network.trainable).toBe(true);
    expect(network.countParams()).toEqual({ total: 47, trainable: 27, nonTrainable: 20 });
  });

  it('made again from its configuration has the same layers and initial weights', () => {
    const network = small(5);
    network.layers[0].trainable = false;
    const config = network.toConfig();
    const twin = networkFromConfig(JSON.parse(JSON.stringify(config)));
    expect(twin.toConfig()).toEqual(config);
    expect(twin.getWeights()).toEqual(network.getWeights());
  });

  it('passes on what a layer throws that is neither RangeError nor TypeError, as it is', () => {
    const fault = new Error('of the layer');
    const layer = flatten();
    layer.build = () => {
      throw fault;
    };
    expect(() => new Network({ layers: [layer] }).build([2])).toThrow(fault);
    expect(fault.message).toBe('of the layer');
  });

  it('has the shapes of its input where it has no layers', () => {
    expect(() => new Network().outputShape).toThrow(/not built yet/);
  });

  it('counts nothing before it is built', () => {
    expect(() => dense({ units: 2 }).countParams()).toThrow("countParams: layer Dense isn't built yet");
    expect(() => new Network({ layers: [dense({ units: 2 })] }).countParams()).toThrow(/isn't built yet/);
  });
});
