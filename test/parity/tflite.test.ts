/** TensorFlow Lite's networks, as TensorFlow's interpreter and a rebuild in PyTorch have them (fixtures/make-tflite-fixtures.py). */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  argMax,
  decodeModel,
  decodePng,
  decodeTflite,
  encodeModel,
  fromPixels,
  globalAveragePooling2d,
  type Model,
  model,
  sequential,
  sgd,
  Tensor,
} from '../../src/index.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/tflite/', import.meta.url));
/** Real networks, which aren't part of the product. */
const models = fileURLToPath(new URL('../../../shared/models/', import.meta.url));

interface Stored {
  readonly shape: readonly number[];
  readonly values: string;
}
interface Case {
  readonly file: string;
  readonly samples: number;
  readonly y: Stored;
}
interface RealCase {
  readonly file: string;
  readonly size: number;
  readonly photo: Outputs;
  readonly noise: Outputs;
}
interface Outputs {
  readonly features: Stored;
  readonly logits: Stored;
}

const read = <T>(name: string): readonly T[] => JSON.parse(readFileSync(fixtures + name, 'utf8')).cases;
const numbersOf = ({ values }: Stored): Float32Array =>
  new Float32Array(new Uint8Array(Buffer.from(values, 'base64')).buffer);

/** The images of make-tflite-fixtures.py: whole numbers from 0 to 255. */
function pixels(shape: readonly number[]): Tensor {
  const size = shape.reduce((product, d) => product * d, 1);
  const data = Float32Array.from({ length: size }, (_, i) => Number((BigInt(i) * 2654435761n) >> 13n) % 256);
  return new Tensor(data, shape);
}

/** The largest difference, as a part of the largest number. */
function off(got: ArrayLike<number>, stored: Stored): number {
  const expected = numbersOf(stored);
  expect(got.length).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i])), 0) / largest;
}

const load = (file: string): Model => decodeTflite(readFileSync(file));

describe('TensorFlow Lite files that TensorFlow makes', () => {
  it.each(read<Case>('expected.json'))(
    '$file gives the same numbers, within 2e-6 of the largest',
    async ({ file, samples, y }) => {
      const network = load(fixtures + file);
      const { data } = await network.predict(pixels([samples, ...network.inputShape]));
      expect(off(data, y)).toBeLessThan(2e-6);
    },
  );

  it('become models that are cut, frozen, trained and saved as degelo’s own', async () => {
    const base = decodeTflite(readFileSync(`${fixtures}branches-int8-from-uint8.tflite`));
    const features = model({ inputs: base.input, outputs: base.getLayer('pooled_1').output });
    features.trainable = false;
    const head = model({ inputs: base.input, outputs: base.getLayer('leaky_1').output });
    const x = pixels([4, ...base.inputShape]);
    const classifier = sequential([head, globalAveragePooling2d()]);
    expect(classifier.countParams().trainable).toBe(0);

    base.getLayer('stem_relu_1').trainable = true;
    base.getLayer('classes_1').trainable = true;
    base.compile({
      optimizer: sgd({ learningRate: 0.1 }),
      loss: 'sparseCategoricalCrossentropy',
      threads: 0,
    });
    const { history } = await base.fit(x, [0, 1, 2, 3], { epochs: 4, batchSize: 4 });
    expect(history.loss[3]).toBeLessThan(history.loss[0]);

    const { json, weights } = await encodeModel(base);
    const again = await decodeModel(json, weights);
    expect((await again.predict(x)).data).toEqual((await base.predict(x)).data);
  });
});

describe.skipIf(!existsSync(models))('real networks', () => {
  it.each(read<RealCase>('real.json'))(
    '$file: features and logits of a photo and of noise, within 1e-4 of the largest',
    async ({ file, size, photo, noise }) => {
      const network = load(models + file);
      const pooled = network.layers.find(({ className }) => className === 'AveragePooling2D');
      const logits = network.layers.at(-2); // a softmax after it
      const features = model({ inputs: network.input, outputs: pooled?.output ?? [] });
      const scores = model({ inputs: network.input, outputs: logits?.output ?? [] });
      const x = new Tensor(
        Float32Array.from([...(await cat(size)).data, ...pixels([1, size, size, 3]).data]),
        [2, size, size, 3],
      );
      const [f, s] = [await features.predict(x), await scores.predict(x)];
      for (const [n, expected] of [photo, noise].entries()) {
        expect(off(f.slice(n, n + 1).data, expected.features)).toBeLessThan(1e-4);
        expect(off(s.slice(n, n + 1).data, expected.logits)).toBeLessThan(1e-4);
      }
      if (size === 224) {
        const labels = readFileSync(`${models}imagenet_labels.txt`, 'utf8').split('\n');
        expect(labels[argMax(s.slice(0, 1))[0]]).toMatch(/cat|tabby/);
      }
    },
  );
});

/** The middle of the photo of a cat. */
async function cat(size: number): Promise<Tensor> {
  const { data } = fromPixels(await decodePng(readFileSync(`${fixtures}cat.png`)), 3);
  const middle = new Float32Array(size * size * 3);
  const offset = (224 - size) / 2;
  for (let row = 0; row < size; row++) {
    const from = ((offset + row) * 224 + offset) * 3;
    middle.set(data.subarray(from, from + size * 3), row * size * 3);
  }
  return new Tensor(middle, [1, size, size, 3]);
}
