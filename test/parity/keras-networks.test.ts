/** Networks like those that people fine-tune, trained for 50 steps as by Keras 3 (fixtures/make-keras-networks-fixtures.py). */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/formats/json.ts';
import { simdSupported } from '../../src/kernels/simd/index.ts';
import { categoricalCrossentropy } from '../../src/losses/categorical-crossentropy.ts';
import type { Network } from '../../src/model/network.ts';
import { sgd } from '../../src/optimizers/sgd.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { type Shape, sizeOf } from '../../src/tensor/tensor.ts';
import { modelFromJSON } from '../../src/training/saved/model-from-json.ts';
import { decode, expectNear } from './fixture.ts';
import { Trainer, type TrainerKernel } from './trainer.ts';

interface Fixture {
  readonly version: number;
  readonly seed: number;
  readonly samples: number;
  readonly inputShape: Shape;
  readonly classes: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly networks: readonly {
    readonly name: string;
    readonly json: JsonObject;
    /** How far Keras' own float32 run is from its float64 one, of a tensor's norm, after so many steps. */
    readonly drift: Readonly<Record<string, number>>;
    readonly inference: string;
    readonly losses: string;
    readonly gradients: readonly string[];
    readonly weights: Readonly<Record<string, readonly string[]>>;
    readonly after: string;
  }[];
}

const bytes = readFileSync(new URL('../../fixtures/keras-networks.json.gz', import.meta.url));
const fixture = JSON.parse(gunzipSync(bytes).toString()) as Fixture;
const { seed, samples, inputShape, classes, learningRate, momentum } = fixture;

/** Streams of random numbers, as in the script. */
const [X, WEIGHTS] = [0, 2000];

function numbers(stream: number, index: number, length: number, low = -1, high = 1): Float64Array {
  const out = new Float64Array(length);
  uniform(deriveKey(seed, Purpose.gradcheck, stream, index), low, high, out);
  return out;
}

function build(json: JsonObject): Network {
  const network = modelFromJSON(json);
  for (const [p, { name, value }] of network.parameters().entries()) {
    const [low, high] = /variance|gamma/.test(name) ? [0.5, 1.5] : [-1, 1];
    value.data.set(numbers(WEIGHTS, p, value.data.length, low, high));
  }
  return network;
}

const data = () => ({
  x: numbers(X, 0, samples * sizeOf(inputShape)),
  targets: Float64Array.from({ length: samples * classes }, (_, i) =>
    Math.floor(i / classes) % classes === i % classes ? 1 : 0,
  ),
});

const kernels: readonly TrainerKernel[] = simdSupported('simd') ? ['plain64', 'simd'] : ['plain64', 'plain'];

/**
 * What errors are a share of: each tensor's own norm, and at least a tenth of that of all. A gradient that is a small difference of large
 * terms has their rounding; a bias's before a normalisation is nothing else.
 */
function normsOf(tensors: readonly Float64Array[]): number[] {
  const norms = tensors.map((values) => Math.hypot(...values));
  const all = Math.hypot(...norms);
  return norms.map((norm) => Math.max(norm, all / 10));
}

it('the fixture is of the version that this test reads', () => {
  expect(fixture.version).toBe(1);
  expect(fixture.networks.map(({ name }) => name)).toEqual([
    'MobileNetV2-like',
    'ResNet-like',
    'DenseNet-like',
    'EfficientNet-like',
  ]);
});

describe.each(fixture.networks.map((each) => [each.name, each] as const))(
  '%s, as Keras 3 trains it',
  (_, each) => {
    /** float64: rounding, which 50 steps make larger. float32: as far as Keras' own float32 drifts, four times. */
    const boundOf = (kernel: TrainerKernel, step: number): number =>
      kernel === 'plain64' ? 1e-10 : Math.max(1e-5, 4 * (each.drift[step] ?? 0));

    it.each(kernels)(
      '%s: predictions, losses, gradients, weights and moving averages after 1, 10 and 50 steps, predictions then',
      (kernel) => {
        const optimizer = sgd({ learningRate, momentum });
        const network = build(each.json);
        const trainer = new Trainer(network, categoricalCrossentropy(), optimizer, data(), samples, kernel);
        expectNear('predictions', trainer.predict(), decode(each.inference), boundOf(kernel, 1));
        for (let step = 1; step <= 50; step++) {
          const { losses, gradients } = trainer.train(1, step);
          if (step === 1) {
            expectNear('losses', losses, decode(each.losses), boundOf(kernel, 1));
            expect(gradients.length).toBe(each.gradients.length);
            const expected = each.gradients.map(decode);
            const norms = normsOf(expected);
            for (const [p, gradient] of gradients.entries()) {
              expectNear(`gradient ${p}`, gradient, expected[p], boundOf(kernel, 1), norms[p]);
            }
          }
          const expected = (each.weights[step] ?? []).map(decode);
          const norms = normsOf(expected);
          for (const [p, values] of expected.entries()) {
            const { name } = network.parameters()[p];
            const own = trainer.weights()[p];
            expectNear(`${name} after ${step} steps`, own, values, boundOf(kernel, step), norms[p]);
          }
        }
        expectNear('predictions afterwards', trainer.predict(), decode(each.after), boundOf(kernel, 50));
      },
    );
  },
);
