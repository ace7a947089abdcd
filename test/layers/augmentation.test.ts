/** Layers that change images at random, while training: geometry, draws, gradients, and Keras' numbers. */
import { describe, expect, it } from 'vitest';
import { readKerasLayer } from '../../src/formats/keras-layers.ts';
import {
  dense,
  flatten,
  type Layer,
  type RandomContrastOptions,
  randomBrightness,
  randomContrast,
  randomFlip,
  randomRotation,
  randomTranslation,
  randomZoom,
  sequential,
  Tensor,
} from '../../src/index.ts';
import { layerFromConfig } from '../../src/layers/registry.ts';
import { cosTurn, sinTurn } from '../../src/tensor/cosine.ts';
import { fixtures, fromBase64 } from '../data/photos/fixtures.ts';
import { bench, expectGradients } from './harness.ts';

const H = 3;
const W = 4;
const at = (data: ArrayLike<number>, y: number, x: number): number => data[y * W + x];

/** y of one image [3, 4, 1] by its first sample. */
function moved(layer: Layer, shape = [H, W, 1]) {
  const test = bench(layer, shape, 1);
  return { x: test.x, y: test.forward() };
}

const ALL = [
  randomFlip,
  () => randomRotation({ factor: 0.2 }),
  () => randomZoom({ heightFactor: 0.2 }),
  () => randomTranslation({ heightFactor: 0.2, widthFactor: 0.2 }),
  () => randomContrast({ factor: 0.2, valueRange: [-1, 1] }),
  () => randomBrightness({ factor: 0.2, valueRange: [-1, 1] }),
] as const;

describe("Keras' augmentation", () => {
  it.each(
    fixtures.augmented.map((each) => [`${each.className} ${JSON.stringify(each.config)}`, each] as const),
  )('gives the same image: %s', (_, { className, config, values }) => {
    const read = readKerasLayer(
      { class_name: className, config },
      [6, 9, 2],
      true,
      'a test',
      (_what, value) => value as never,
    );
    const layer = layerFromConfig(read.className, read.config);
    const small = new Float32Array(fromBase64(fixtures.small.values).buffer);
    const expected = new Float32Array(fromBase64(values).buffer);
    const test = bench(layer, fixtures.small.shape.slice(1), 1);
    test.x.set(small);
    const worst = test.forward().reduce((most, v, i) => Math.max(most, Math.abs(v - expected[i]) / 255), 0);
    expect(worst).toBeLessThan(1e-4);
  });
});

describe('a turn', () => {
  it('by quarters moves every pixel exactly, counter-clockwise', () => {
    const square = [4, 4, 1];
    const { x, y } = moved(randomRotation({ factor: [0.25, 0.25] }), square);
    const half = moved(randomRotation({ factor: [0.5, 0.5] }), square);
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 4; column++) {
        expect(y[row * 4 + column]).toBe(x[column * 4 + 3 - row]);
        expect(half.y[row * 4 + column]).toBe(half.x[(3 - row) * 4 + 3 - column]);
      }
    }
  });

  it('has sines of its own, exact at quarters and within 3e-16 of the true ones', () => {
    expect([0, 0.25, 0.5, 0.75, 1, -0.25].map(cosTurn)).toEqual(
      [1, 0, -1, -0, 1, -0].map((v) => v + 0 || expect.closeTo(0, 20)),
    );
    for (let i = -50; i <= 50; i++) {
      expect(Math.abs(cosTurn(i / 37) - Math.cos((2 * Math.PI * i) / 37))).toBeLessThan(2e-15);
      expect(Math.abs(sinTurn(i / 37) - Math.sin((2 * Math.PI * i) / 37))).toBeLessThan(2e-15);
    }
  });
});

describe('a flip', () => {
  it('gives each of the four images of both axes as often, and of one axis each of two', () => {
    const N = 800;
    const count = (layer: Layer) => {
      const test = bench(layer, [H, W, 1], N);
      const y = test.forward();
      const seen = new Map<string, number>();
      for (let n = 0; n < N; n++) {
        const x = test.x.subarray(n * H * W, (n + 1) * H * W);
        const image = y.subarray(n * H * W, (n + 1) * H * W);
        const flips = ['', 'x', 'y', 'xy'].filter((flip) =>
          image.every((v, i) => {
            const [row, column] = [Math.floor(i / W), i % W];
            const from = at(
              x,
              flip.includes('y') ? H - 1 - row : row,
              flip.includes('x') ? W - 1 - column : column,
            );
            return v === from;
          }),
        );
        expect(flips).toHaveLength(1);
        seen.set(flips[0], (seen.get(flips[0]) ?? 0) + 1);
      }
      return seen;
    };
    const both = count(randomFlip());
    expect([...both.keys()].sort()).toEqual(['', 'x', 'xy', 'y']);
    // Four deviations of the binomial distribution.
    for (const times of both.values())
      expect(Math.abs(times - 200)).toBeLessThan(4 * Math.sqrt(800 * 0.25 * 0.75));
    expect([...count(randomFlip({ mode: 'horizontal' })).keys()].sort()).toEqual(['', 'x']);
    expect([...count(randomFlip({ mode: 'vertical' })).keys()].sort()).toEqual(['', 'y']);
  });
});

describe('what is drawn', () => {
  it('is spread evenly between the bounds, for each sample by itself', () => {
    const N = 2000;
    const test = bench(randomBrightness({ factor: [-0.1, 0.3], valueRange: [-10, 10] }), [1, 1, 1], N);
    const deltas = test.forward().map((y, i) => (y - test.x[i]) / 20);
    const mean = deltas.reduce((sum, d) => sum + d, 0) / N;
    const variance = deltas.reduce((sum, d) => sum + (d - mean) ** 2, 0) / N;
    expect(Math.min(...deltas)).toBeGreaterThanOrEqual(-0.1 - 1e-12);
    expect(Math.max(...deltas)).toBeLessThan(0.3);
    expect(Math.abs(mean - 0.1)).toBeLessThan(4 * (0.4 / Math.sqrt(12 * N)));
    expect(Math.abs(variance - 0.4 ** 2 / 12)).toBeLessThan(0.001);
  });

  it('depends on the step, and on the position in the batch, and on nothing else', () => {
    const run = (first: number, key: [number, number]) => {
      const test = bench(randomTranslation({ heightFactor: 0.5, widthFactor: 0.5 }), [H, W, 1], 2, key);
      test.x.fill(0).set([1], 5);
      test.x.set(test.x.subarray(0, H * W), H * W);
      Object.assign(test.run, { first });
      return test.forward();
    };
    const [whole, later, other] = [run(0, [1, 2]), run(1, [1, 2]), run(0, [1, 3])];
    expect(later.subarray(0, H * W)).toEqual(whole.subarray(H * W));
    expect(whole.subarray(0, H * W)).not.toEqual(whole.subarray(H * W));
    expect(other).not.toEqual(whole);
  });
});

describe('contrast', () => {
  it('is m + f·(x − m), kept within the range', () => {
    const test = bench(randomContrast({ factor: [0, 1], valueRange: [-0.5, 0.5] }), [2, 2, 1], 1);
    const [, u] = [test.forward(), new DataView(test.run.kept.buffer).getFloat64(0)];
    const m = test.x.reduce((sum, v) => sum + v, 0) / 4;
    expect(u).toBeGreaterThan(0);
    const expected = test.x.map((v) => Math.max(-0.5, Math.min(0.5, m + (1 + u) * (v - m))));
    test.forward().forEach((y, i) => {
      expect(y).toBeCloseTo(expected[i], 12);
    });
  });
});

describe('every such layer', () => {
  it.each(ALL.map((make) => [make().className, make] as const))(
    '%s has the right gradient, and changes nothing in inference',
    (_, make) => {
      expectGradients(bench(make(), [3, 4, 2], 3), 1e-6);
      expect(make().isIdentity(false)).toBe(true);
      expect(make().isRandom()).toBe(true);
      expect(make().mayBeCached()).toBe(false);
      expect(() => bench(make(), [2, 2, 1], 1, null).forward()).toThrow('inference changes no image');
      expect(() => make().build([4])).toThrow('must be [height, width, channels], got [4]');
    },
  );

  it('is nothing where its bounds are 0', () => {
    for (const layer of [
      randomRotation({ factor: 0 }),
      randomZoom({ heightFactor: 0, widthFactor: [0, 0] }),
      randomTranslation({ heightFactor: 0, widthFactor: 0 }),
    ]) {
      expect([layer.isIdentity(true), layer.isRandom()]).toEqual([true, false]);
    }
  });

  it('trains in front of a model, whose predictions know nothing of it', async () => {
    const layers = () => [
      randomFlip({ inputShape: [4, 4, 1] }),
      randomRotation({ factor: 0.1 }),
      flatten(),
      dense({ units: 2, activation: 'softmax' }),
    ];
    const model = sequential({ layers: layers(), seed: 4 });
    const plain = sequential({
      layers: [flatten({ inputShape: [4, 4, 1] }), dense({ units: 2, activation: 'softmax' })],
    });
    const x = new Tensor(
      Float32Array.from({ length: 64 }, (_, i) => ((i * 7) % 11) / 11),
      [4, 4, 4, 1],
    );
    model.compile({ loss: 'sparseCategoricalCrossentropy', optimizer: 'sgd', threads: 0 });
    await model.fit(x, [0, 1, 0, 1], { epochs: 2, batchSize: 4 });
    plain.setWeights(model.getWeights());
    expect((await model.predict(x)).data).toEqual((await plain.predict(x)).data);
    await model.dispose();
    await plain.dispose();
  });

  it('refuses options out of range, and a seed, with what to do instead', () => {
    // biome-ignore lint/suspicious/noExplicitAny: as JavaScript calls it
    const make = (layer: (options: any) => unknown, options: object) => () => layer(options);
    expect(make(randomFlip, { mode: 'both' })).toThrow('randomFlip: mode must be');
    expect(make(randomFlip, { seed: 3 })).toThrow("a model's seed decides what is drawn");
    expect(make(randomRotation, { factor: 2 })).toThrow('randomRotation: factor must be from -1 to 1');
    expect(make(randomRotation, { factor: -0.1 })).toThrow('factor must be at least 0, or [lower, upper]');
    expect(make(randomRotation, { factor: [0.2, 0.1] })).toThrow('the lower bound first');
    expect(make(randomRotation, { factor: [0.2] })).toThrow('one number or [lower, upper]');
    expect(make(randomRotation, {})).toThrow('randomRotation: factor must be a number');
    expect(make(randomZoom, { heightFactor: -1 })).toThrow('at least 0');
    expect(make(randomZoom, { heightFactor: [-1, 0] })).toThrow('heightFactor must be above -1, got -1');
    expect(make(randomZoom, { heightFactor: 1 })).toThrow('must be above -1, got 1, which is from -1 to 1');
    expect(make(randomZoom, { factor: 0.1 })).toThrow('did you mean heightFactor?');
    expect(make(randomTranslation, { heightFactor: 0.1 })).toThrow('widthFactor must be a number');
    expect(make(randomTranslation, { heightFactor: [-1.1, 0], widthFactor: 0 })).toThrow(
      'heightFactor must be from -1 to 1',
    );
    expect(make(randomTranslation, { heightFactor: 0, widthFactor: 1.1 })).toThrow(
      'widthFactor must be from -1 to 1',
    );
    expect(make(randomTranslation, { heightFactor: 0, widthFactor: 0, fillMode: 'mirror' })).toThrow(
      'fillMode must be',
    );
    expect(make(randomContrast, { factor: 0.1, valueRange: 255 })).toThrow(
      'valueRange must be [lower, upper]',
    );
    expect(make(randomContrast, { factor: 1.5 } as RandomContrastOptions)).toThrow(
      'randomContrast: factor must be from 0 to 1, got 1.5',
    );
    expect(make(randomContrast, { factor: [0.2, -1] })).toThrow('factor must be from 0 to 1, got -1');
    expect(make(randomBrightness, { factor: 0.1, valueRange: [1, 0] })).toThrow('the lower bound first');
  });
});
