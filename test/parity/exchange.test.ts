/** Files of others, made by them (fixtures/README.md): what we read of theirs, what they read of ours. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  activation,
  conv2d,
  decodeNpz,
  decodeSafetensors,
  dense,
  dropout,
  encodeLayersModel,
  encodeNpz,
  encodeSafetensors,
  flatten,
  loadLayersModel,
  loadWeights,
  maxPooling2d,
  namedWeights,
  type Sequential,
  sequential,
  sgd,
  type Tensor,
  tensor,
} from '../../src/index.ts';
import { sizeOf } from '../../src/tensor/tensor.ts';
import { expectClose } from '../matchers.ts';
import { readFixture } from './fixture.ts';

interface Expected {
  readonly version: number;
  readonly tfjs: {
    readonly predictions: readonly number[];
    /** Of each step of SGD, and what the model predicts after them. */
    readonly losses: readonly number[];
    readonly trained: readonly number[];
    /** The same of another model, of the layers that the experiment doesn't need. */
    readonly library: Pick<Expected['tfjs'], 'predictions' | 'losses' | 'trained'>;
    readonly keras: { readonly predictions: readonly number[] };
    readonly degelo: { readonly predictions: readonly number[]; readonly trainable: readonly boolean[] };
  };
  readonly python: {
    readonly predictions: readonly number[];
    readonly tensors: Readonly<Record<string, { shape: number[]; dtype: string; sha256: string }>>;
  };
}

const COMMAND = 'node fixtures/make-exchange-fixtures.mjs';
const expected = readFixture<Expected>('exchange/expected.json', 1, COMMAND);
const at = (file: string): string =>
  fileURLToPath(new URL(`../../fixtures/exchange/${file}`, import.meta.url));
const bytesOf = (file: string): Uint8Array => new Uint8Array(readFileSync(at(file)));

/** As in make-exchange-fixtures.mjs. */
const pattern = (length: number, scale: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => (((i * 7919) % 1009) / 1009 - 0.5) * scale);
const SAMPLES = 6;
const x = tensor(pattern(SAMPLES * 9 * 8 * 2, 2), [SAMPLES, 9, 8, 2]);
const classes = Array.from({ length: SAMPLES }, (_, i) => i % 3);

/** The model whose files are in fixtures/exchange/. */
function ours(): Sequential {
  const model = sequential([
    conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [9, 8, 2] }),
    conv2d({ filters: 5, kernelSize: [2, 3], strides: [1, 2], trainable: false }),
    maxPooling2d({ poolSize: [2, 1] }),
    dropout({ rate: 0.25 }),
    flatten(),
    dense({ units: 6, activation: 'relu', name: 'hidden' }),
    dense({ units: 3 }),
    activation('softmax'),
  ]);
  model.setWeights(
    model
      .getWeights()
      .map(({ shape, size }) => tensor(pattern(size, 2 / Math.sqrt(size / shape[shape.length - 1])), shape)),
  );
  return model;
}

/** Compiled for the calling thread: worker threads need the built package. */
function onThisThread(model: Sequential): void {
  model.compile({
    optimizer: sgd({ learningRate: 0.1 }),
    loss: 'sparseCategoricalCrossentropy',
    threads: 0,
  });
}

function predict(model: Sequential): Promise<Tensor> {
  if (!model.compiled) onThisThread(model);
  return model.predict(x);
}

describe('models of TensorFlow.js', () => {
  it('predict here what they predict there, within 1e-5', async () => {
    const model = await loadLayersModel(at('tfjs'));
    expectClose((await predict(model)).data, expected.tfjs.predictions, { absolute: 1e-5 });
  });

  it('train on here as they do there: three steps of SGD end with the same predictions within 1e-5', async () => {
    const model = await loadLayersModel(at('tfjs/model.json'));
    expect(model.layers.map(({ trainable }) => trainable)[2]).toBe(false);
    model.compile({
      optimizer: sgd({ learningRate: 0.1 }),
      loss: 'sparseCategoricalCrossentropy',
      threads: 0,
    });
    for (const loss of expected.tfjs.losses) {
      expect((await model.trainOnBatch(x, classes)).loss).toBeCloseTo(loss, 5);
    }
    expectClose((await predict(model)).data, expected.tfjs.trained, { absolute: 1e-5 });
  });
});

describe('a model of TensorFlow.js with the layers that came later', () => {
  it('predicts and trains on here as there: three steps of momentum on mean squared error, within 1e-5', async () => {
    const { predictions, losses, trained } = expected.tfjs.library;
    const model = await loadLayersModel(at('tfjs-library'));
    expect(model.layers.map(({ className }) => className)).toEqual([
      ...[
        'ZeroPadding2D',
        'Conv2D',
        'AveragePooling2D',
        'Conv2D',
        'LayerNormalization',
        'PReLU',
        'LeakyReLU',
      ],
      ...['GlobalAveragePooling2D', 'Dense'],
    ]);
    model.compile({
      optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
      loss: 'meanSquaredError',
      threads: 0,
    });
    expectClose((await model.predict(x)).data, predictions, { absolute: 1e-5 });
    const rows = classes.map((c) => [0, 1, 2].map((k) => (k === c ? 1 : 0)));
    for (const loss of losses) expect((await model.trainOnBatch(x, rows)).loss).toBeCloseTo(loss, 5);
    expectClose((await model.predict(x)).data, trained, { absolute: 1e-5 });
  });
});

describe('models of Keras’ converter', () => {
  it('predict what TensorFlow.js predicts by them, within 1e-5, from weights in two shards', async () => {
    const model = await loadLayersModel(at('keras'));
    expect(model.layers.map(({ name }) => name)).toEqual([
      'conv2d',
      'max_pooling2d',
      'dropout',
      'flatten',
      'dense',
    ]);
    expectClose((await predict(model)).data, expected.tfjs.keras.predictions, { absolute: 1e-5 });
  });
});

describe('our model for TensorFlow.js', () => {
  it('is, to the byte, the one that TensorFlow.js loaded', () => {
    const { json, weights } = encodeLayersModel(ours());
    const { generatedBy, ...rest } = JSON.parse(json);
    expect(generatedBy).toMatch(/^degelo \d/);
    expect({ ...rest, generatedBy: expect.any(String) }).toEqual(
      JSON.parse(readFileSync(at('degelo/model.json'), 'utf8'), (key, value) =>
        key === 'generatedBy' ? expect.any(String) : value,
      ),
    );
    expect(weights).toEqual(bytesOf('degelo/weights.bin'));
  });

  it('predicts here what TensorFlow.js predicted by it, within 1e-5, and is frozen where it was', async () => {
    const model = ours();
    expectClose((await predict(model)).data, expected.tfjs.degelo.predictions, { absolute: 1e-5 });
    expect(model.layers.map(({ trainable }) => trainable)).toEqual(expected.tfjs.degelo.trainable);
  });
});

describe('our weights for NumPy and PyTorch', () => {
  const weights = namedWeights(ours());

  it('are, to the byte, the files that Python read', () => {
    expect(encodeNpz(weights)).toEqual(bytesOf('degelo.npz'));
    expect(encodeSafetensors(weights)).toEqual(bytesOf('degelo.safetensors'));
  });

  it('came out of NumPy’s reader, and of a few lines by the published layout of safetensors, with the same bits', () => {
    const hashes = Array.from(weights, ([name, { data, shape }]) => [
      name,
      {
        shape: [...shape],
        dtype: 'float32',
        sha256: createHash('sha256')
          .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
          .digest('hex'),
      },
    ]);
    expect(expected.python.tensors).toEqual(Object.fromEntries(hashes));
  });

  it('give in PyTorch the predictions that they give here, within 1e-5', async () => {
    const model = ours();
    expectClose((await predict(model)).data, expected.python.predictions, { absolute: 1e-5 });
  });
});

describe('NumPy’s weights', () => {
  it('are read with the same bits, packed and in Fortran order', async () => {
    const read = decodeNpz(bytesOf('numpy.npz'));
    expect(bits(read)).toEqual(bits(namedWeights(ours())));
    const model = ours();
    model.setWeights(model.getWeights().map(({ shape }) => tensor(new Float32Array(sizeOf(shape)), shape)));
    await loadWeights(model, at('numpy.npz'));
    expect(bits(namedWeights(model))).toEqual(bits(read));
    expect(bits(decodeSafetensors(bytesOf('degelo.safetensors')).tensors)).toEqual(bits(read));
  });
});

/** Tensors as the bits of their numbers: 0 and −0 differ. */
function bits(tensors: ReadonlyMap<string, Tensor>): Record<string, unknown> {
  return Object.fromEntries(
    Array.from(tensors, ([name, { data, shape }]) => [
      name,
      [[...shape], Buffer.from(data.slice().buffer).toString('hex')],
    ]),
  );
}

const packages = fileURLToPath(new URL('../../bench/', import.meta.url));
const python = process.env.PYTHON ?? '/usr/bin/python3';
const missing = [
  ...(existsSync(`${packages}node_modules/@tensorflow/tfjs`)
    ? []
    : ['TensorFlow.js (npm ci --prefix bench)']),
  ...(pythonHas('numpy, torch') ? [] : [`NumPy and PyTorch for ${python} (apt-get install python3-torch)`]),
];

describe('the others themselves', () => {
  it.skipIf(missing.length > 0)(
    `read ours and write theirs as the fixtures say${missing.length ? `: skipped, there is no ${missing.join(', no ')}` : ''}`,
    () => {
      const script = fileURLToPath(new URL('../../fixtures/make-exchange-fixtures.mjs', import.meta.url));
      const said = execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8', stdio: 'pipe' });
      expect(said).toMatch(/exchange: same bytes/);
    },
  );
});

function pythonHas(modules: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${modules}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
