/** Networks as people have them, all of them right: the check says so with any seed. And it still sees a small mistake in one. */
import { describe, expect, it } from 'vitest';
import {
  activation,
  batchNormalization,
  checkGradients,
  concatenate,
  conv2d,
  conv2dTranspose,
  dense,
  depthwiseConv2d,
  flatten,
  globalAveragePooling2d,
  input,
  layerNormalization,
  maxPooling2d,
  model,
  reLU,
  sequential,
} from '../../src/index.ts';
import { Dense } from '../../src/layers/dense.ts';

const inputShape = [8, 8, 3];

const NETWORKS = {
  'convolutions and batch normalisation': () =>
    sequential({
      seed: 1,
      layers: [
        conv2d({ filters: 6, kernelSize: 3, padding: 'same', inputShape }),
        batchNormalization(),
        activation('relu'),
        maxPooling2d(),
        conv2d({ filters: 8, kernelSize: 3, padding: 'same' }),
        batchNormalization(),
        activation('relu'),
        globalAveragePooling2d(),
        dense({ units: 4, activation: 'softmax' }),
      ],
    }),
  'depthwise convolutions and ReLU6': () =>
    sequential({
      seed: 1,
      layers: [
        conv2d({ filters: 4, kernelSize: 3, padding: 'same', useBias: false, inputShape }),
        batchNormalization(),
        reLU({ maxValue: 6 }),
        depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false }),
        batchNormalization(),
        reLU({ maxValue: 6 }),
        conv2d({ filters: 8, kernelSize: 1, useBias: false }),
        batchNormalization(),
        globalAveragePooling2d(),
        dense({ units: 4, activation: 'softmax' }),
      ],
    }),
  'a net of the shape of a U': () => {
    const x = input({ shape: inputShape });
    const wide = conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }).apply(x);
    const deep = conv2d({ filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' });
    const up = conv2dTranspose({ filters: 4, kernelSize: 2, strides: 2 });
    const joined = concatenate().apply([wide, up.apply(deep.apply(maxPooling2d().apply(wide)))]);
    const outputs = conv2d({ filters: 1, kernelSize: 1, activation: 'sigmoid' }).apply(joined);
    return model({ inputs: x, outputs });
  },
  'dense layers that bend a lot': () =>
    sequential({
      seed: 1,
      layers: [
        dense({ units: 64, activation: 'tanh', inputShape: [20] }),
        dense({ units: 64, activation: 'gelu' }),
        layerNormalization(),
        dense({ units: 4, activation: 'softmax' }),
      ],
    }),
};

/** Enough to have both coordinates and directions of each array. */
const options = { coordinates: 8, samples: 4 };

describe.each(Object.entries(NETWORKS))('%s', (name, make) => {
  const loss = name.includes('shape of a U') ? 'binaryCrossentropy' : 'categoricalCrossentropy';

  it.each([0, 1, 2])('passes with seed %d', (seed) => {
    const report = checkGradients(make(), { ...options, seed, loss });
    const failed = report.rows.filter(({ result }) => result === 'fail' || result === 'undecided');
    expect(
      failed.map(({ layer, variable, gradient, float32 }) => ({ layer, variable, gradient, float32 })),
    ).toEqual([]);
    expect(report.passed).toBe(true);
  });
});

describe('a gradient that is wrong by 1e-5', () => {
  class Wrong extends Dense {
    override weightGradient(...given: Parameters<Dense['weightGradient']>): void {
      super.weightGradient(...given);
      const [{ gradients }, , parameter, from, to] = given;
      if (parameter === 0) for (let i = from; gradients && i < to; i++) gradients[0][i] *= 1 + 1e-5;
    }
  }

  it('fails in a network of kinks, whatever the noise', () => {
    const layers = [
      conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape }),
      flatten(),
      new Wrong({ units: 3 }),
    ];
    const { rows, passed } = checkGradients(sequential({ seed: 1, layers }), options);
    expect(passed).toBe(false);
    expect(rows.filter(({ result }) => result === 'fail').map(({ variable }) => variable)).toEqual([
      'kernel',
    ]);
  });
});
