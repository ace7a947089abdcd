/** TensorFlow.js on the same weights and images: predictions, softmax, where padding goes, GlorotUniform's bounds, shapes. */
import { describe, expect, it } from 'vitest';
import { conv2dGeometry, type Padding } from '../../src/kernels/geometry.ts';
import { simdSupported } from '../../src/kernels/simd/index.ts';
import { softmaxForward } from '../../src/kernels/softmax.ts';
import { layerFromConfig } from '../../src/layers/registry.ts';
import { categoricalCrossentropy } from '../../src/losses/categorical-crossentropy.ts';
import { Network } from '../../src/model/network.ts';
import { sgd } from '../../src/optimizers/sgd.ts';
import { fansOf, initialize } from '../../src/tensor/initializers.ts';
import { deriveKey, Purpose } from '../../src/tensor/random.ts';
import { sizeOf, tensor } from '../../src/tensor/tensor.ts';
import { expectClose } from '../matchers.ts';
import { expectStored, type LayerSpec, readFixture, type Stored } from './fixture.ts';
import { Trainer } from './trainer.ts';

interface TfjsFixture {
  readonly version: number;
  readonly networks: readonly {
    readonly name: string;
    readonly samples: number;
    readonly layers: readonly LayerSpec[];
    readonly parameters: number;
    readonly shapes: readonly (readonly number[])[];
    readonly predictions: Stored;
  }[];
  readonly softmax: { readonly rows: readonly (readonly number[])[]; readonly values: readonly number[] };
  /** [size, kernel, stride, padding, windows, zeros before] */
  readonly geometry: readonly (readonly [number, number, number, Padding, number, number])[];
  readonly glorot: readonly { readonly shape: readonly number[]; readonly largest: number }[];
}

const COMMAND = 'node fixtures/make-tfjs-fixtures.mjs';
const fixture = readFixture<TfjsFixture>('tfjs.json', 1, COMMAND);

/** As in make-tfjs-fixtures.mjs. */
const pattern = (length: number, scale: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => (((i * 7919) % 1009) / 1009 - 0.5) * scale);

describe.each(fixture.networks.map((each) => [each.name, each] as const))('TensorFlow.js: %s', (_, each) => {
  const network = new Network({
    layers: each.layers.map(({ className, config }) => layerFromConfig(className, config)),
  });

  it('has the same parameters, in the same order and number', () => {
    expect(network.getWeights().map(({ shape }) => [...shape])).toEqual(each.shapes);
    expect(network.countParams().total).toBe(each.parameters);
  });

  for (const kernel of ['plain', 'simd'] as const) {
    it.skipIf(kernel === 'simd' && !simdSupported('simd'))(
      `gives the same predictions within 1e-6 of the norm, in float32, ${kernel}`,
      () => {
        network.setWeights(
          each.shapes.map((shape) => {
            const size = sizeOf(shape);
            return tensor(pattern(size, 2 / Math.sqrt(size / shape[shape.length - 1])), shape);
          }),
        );
        const x = Float64Array.from(pattern(each.samples * sizeOf(network.inputShape), 2));
        const targets = new Float64Array(sizeOf(each.predictions.shape)); // predictions need none
        const trainer = new Trainer(
          network,
          categoricalCrossentropy(),
          sgd(),
          { x, targets },
          each.samples,
          kernel,
        );
        expectStored(trainer.predict(), each.predictions, 0, 1e-6, COMMAND);
      },
    );
  }
});

describe('TensorFlow.js', () => {
  it('has the same softmax within 1e-6, of logits of any size', () => {
    const { rows, values } = fixture.softmax;
    const y = new Float32Array(values.length);
    softmaxForward(rows.length, rows[0].length, Float32Array.from(rows.flat()), y);
    expectClose(y, values, { absolute: 1e-6 });
  });

  it('puts as many windows and zeros at the same places, for every small size, kernel and stride', () => {
    expect(fixture.geometry.length).toBeGreaterThan(300);
    for (const [size, kernel, stride, padding, count, before] of fixture.geometry) {
      const options = {
        filters: 1,
        kernelSize: [kernel, kernel],
        strides: [stride, stride],
        padding,
      } as const;
      const { OH, OW, padTop, padLeft } = conv2dGeometry([size, size, 1], options);
      const what = `size ${size}, kernel ${kernel}, stride ${stride}, padding ${padding}`;
      expect([what, OH, OW, padTop, padLeft]).toEqual([what, count, count, before, before]);
    }
  });

  it.each(fixture.glorot.map((each) => [each.shape.join('×'), each] as const))(
    'draws Glorot weights of shape %s from the same range, within a thousandth',
    (_, { shape, largest }) => {
      const fans = fansOf(shape);
      const limit = Math.sqrt(6 / (fans.fanIn + fans.fanOut));
      expect(largest).toBeLessThanOrEqual(limit * (1 + 1e-6));
      expect(largest).toBeGreaterThan(limit * 0.999);
      const drawn = new Float32Array(100_000);
      initialize('glorotUniform', fans, deriveKey(0, Purpose.weights, 0, 0), drawn);
      const ours = drawn.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(Math.abs(ours / largest - 1)).toBeLessThan(1e-3);
    },
  );
});
