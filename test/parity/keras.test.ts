/** The same layers in Keras 3, in float64: what they give, the gradients of input and weights, and what they are called. */
import { describe, expect, it } from 'vitest';
import { Subject } from '../../src/gradcheck/subject.ts';
import { weightedSum } from '../../src/gradcheck/weighted-sum.ts';
import { plain64Kernels } from '../../src/kernels/plain64/index.ts';
import { simdSupported } from '../../src/kernels/simd/index.ts';
import { layerFromConfig } from '../../src/layers/registry.ts';
import { Network } from '../../src/model/network.ts';
import { sgd } from '../../src/optimizers/sgd.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { sizeOf } from '../../src/tensor/tensor.ts';
import { decode, expectNear, type KerasFixture, readFixture } from './fixture.ts';
import { Trainer } from './trainer.ts';

const fixture = readFixture<KerasFixture>('keras.json', 1, 'python fixtures/make-keras-fixtures.py');
const { seed, samples } = fixture;
type Case = KerasFixture['cases'][number];

/** Streams of random numbers, as in make-keras-fixtures.py. */
const [X, T, WEIGHTS] = [0, 1, 2000];

function numbers(stream: number, index: number, length: number): Float64Array {
  const out = new Float64Array(length);
  uniform(deriveKey(seed, Purpose.gradcheck, stream, index), -1, 1, out);
  return out;
}

function makeNetwork({ inputShape, layers }: Case): Network {
  const network = new Network({ layers: layers.map((l) => layerFromConfig(l.className, l.config)) });
  network.build(inputShape);
  for (const [p, { value }] of network.parameters().entries()) {
    value.data.set(numbers(WEIGHTS, p, value.data.length));
  }
  return network;
}

function makeData({ inputShape, y }: Case) {
  return {
    x: numbers(X, 0, samples * sizeOf(inputShape)),
    targets: numbers(T, 0, sizeOf(y.shape)),
  };
}

/** What TensorFlow computes with constants of float32, or wholly in float32, whatever the dtype. */
const SINGLE = [
  ...[
    'bilinear up-sampling',
    'bicubic up-sampling',
    'lanczos up-sampling',
    'bicubic resizing',
    'lanczos resizing',
  ],
  ...['activation gelu', 'activation geluApproximate'],
];

const isRandom = ({ layers }: Case): boolean =>
  layers.some(({ className }) => /Dropout|Noise/.test(className));

describe.each(fixture.cases.map((each) => [each.name, each] as const))('Keras 3: %s', (_, each) => {
  const exactly = SINGLE.includes(each.name) ? 1e-6 : 1e-12;

  it('names and shapes are the same', () => {
    const network = makeNetwork(each);
    expect(network.layers.map(({ name }) => name)).toEqual(each.names);
    expect([samples, ...network.outputShape]).toEqual(each.y.shape);
    expect(network.parameters().map(({ value }) => value.shape)).toEqual(
      each.gradients.map(({ shape }) => shape),
    );
  });

  for (const [kernel, bound] of [
    ['plain64', exactly],
    ['plain', 1e-5],
    ['simd', 1e-5],
  ] as const) {
    it.skipIf(kernel === 'simd' && !simdSupported('simd'))(
      `${kernel}: outputs within ${bound} of the norm`,
      () => {
        const trainer = new Trainer(makeNetwork(each), weightedSum, sgd(), makeData(each), samples, kernel);
        expectNear('y', trainer.predict(), decode(each.y.values), bound);
      },
    );
  }

  // In training these draw numbers that Keras draws otherwise: test/layers/noise.test.ts.
  it.skipIf(isRandom(each))('float64: gradients of input and weights within rounding', () => {
    const batch = { samples, ...makeData(each) };
    const subject = new Subject(
      { network: makeNetwork(each), loss: weightedSum, batch, seed },
      plain64Kernels,
      (bytes) => ({ kernels: plain64Kernels, buffer: new ArrayBuffer(bytes) }),
    );
    subject.gradients();
    for (const [v, stored] of [each.dx, ...each.gradients].entries()) {
      const { name, gradient } = subject.variables[v];
      // Ours is the gradient of the mean over the samples.
      expectNear(
        name,
        gradient.map((g) => g * samples),
        decode(stored.values),
        exactly,
      );
    }
  });
});
