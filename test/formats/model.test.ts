import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asFormatError } from '../../src/formats/errors.ts';
import { decodeSafetensors } from '../../src/formats/safetensors.ts';
import { VERSION } from '../../src/formats/version.ts';
import * as degelo from '../../src/index.ts';
import { decodeModel, encodeModel, FormatError, tensor, weightsSha256 } from '../../src/index.ts';
import { tinyData, tinyModel } from '../training/tiny.ts';
import { getWeightsFlat } from '../training/weights.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Stacks of any listed layer that fit a small image, compiled or not. */
const models = fc
  .record({
    seed: fc.maxSafeNat(),
    name: fc.string({ minLength: 1 }),
    step: fc.nat(),
    image: fc.tuple(
      fc.integer({ min: 5, max: 7 }),
      fc.integer({ min: 5, max: 7 }),
      fc.integer({ min: 1, max: 2 }),
    ),
    conv: fc.record({
      filters: fc.integer({ min: 1, max: 3 }),
      kernelSize: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      strides: fc.integer({ min: 1, max: 2 }),
      padding: fc.constantFrom('valid' as const, 'same' as const),
      activation: fc.constantFrom('linear' as const, 'relu' as const),
      trainable: fc.boolean(),
    }),
    pool: fc.boolean(),
    rate: fc.double({ min: 0, max: 0.9, noNaN: true }),
    units: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 }),
    trainable: fc.boolean(),
    givesShape: fc.boolean(),
    optimizer: fc.constantFrom(
      null,
      'adadelta' as const,
      'sgd' as const,
      degelo.adadelta({ learningRate: 0.1, rho: 0.9 }),
    ),
    sparse: fc.boolean(),
    metrics: fc.constantFrom([], ['accuracy' as const]),
  })
  .map((r) => {
    const model = degelo.sequential({
      seed: r.seed,
      name: r.name,
      layers: [
        degelo.conv2d(r.givesShape ? { ...r.conv, inputShape: r.image } : r.conv),
        ...(r.pool ? [degelo.maxPooling2d({ poolSize: 1 })] : []),
        degelo.activation('relu'),
        degelo.dropout({ rate: r.rate }),
        degelo.flatten(),
        ...r.units.map((units) => degelo.dense({ units, trainable: r.trainable })),
        degelo.activation('softmax'),
      ],
    });
    model.build(r.image);
    model.step = r.step;
    if (r.optimizer) {
      const loss = r.sparse ? 'sparseCategoricalCrossentropy' : 'categoricalCrossentropy';
      model.compile({ optimizer: r.optimizer, loss, metrics: r.metrics, threads: 0 });
    }
    return model;
  });

const small = (): degelo.Sequential => {
  const model = degelo.sequential([
    degelo.dense({ units: 2, inputShape: [3], name: 'hidden' }),
    degelo.dense({ units: 2, activation: 'softmax' }),
  ]);
  model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads: 0 });
  return model;
};

describe('encodeModel and decodeModel', () => {
  it('are each other’s inverse: what was read is written again as the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const { json, weights } = await encodeModel(model);
        const read = await decodeModel(json, weights);
        expect(getWeightsFlat(read)).toEqual(getWeightsFlat(model));
        expect(read.layers.map(({ trainable }) => trainable)).toEqual(
          model.layers.map(({ trainable }) => trainable),
        );
        expect(read.compiled?.optimizer.getConfig()).toEqual(model.compiled?.optimizer.getConfig());
        expect(await encodeModel(read)).toEqual({ json, weights });
      }),
      { numRuns: 40 },
    );
  });

  it('keep what decides training: a model goes on as if it had been compiled again in place', async () => {
    const { x, y } = tinyData(20);
    const model = tinyModel(degelo);
    const options = { loss: 'categoricalCrossentropy', metrics: ['accuracy'], threads: 0 } as const;
    model.compile({ ...options, optimizer: degelo.adadelta({ learningRate: 1 }) });
    await model.fit(x, y, { batchSize: 8 });
    const { json, weights } = await encodeModel(model);
    const read = await decodeModel(json, weights);
    for (const each of [model, read]) {
      each.compile({ ...options, optimizer: degelo.adadelta({ learningRate: 1 }) });
    }
    expect((await read.predict(x)).data).toEqual((await model.predict(x)).data);
    // Dropout's masks and the samples' order are keyed by seed and step.
    expect(await read.fit(x, y, { batchSize: 8 })).toEqual(await model.fit(x, y, { batchSize: 8 }));
    expect(getWeightsFlat(read)).toEqual(getWeightsFlat(model));
  });

  it('save the documented fields', async () => {
    const { json, weights } = await encodeModel(small());
    const { network, ...rest } = JSON.parse(json);
    expect(rest).toEqual({
      format: 'degelo-model',
      formatVersion: 1,
      degelo: VERSION,
      step: 0,
      compile: {
        optimizer: { name: 'adadelta', learningRate: 0.001, rho: 0.95, epsilon: 1e-7 },
        loss: { name: 'categoricalCrossentropy', fromLogits: false },
        metrics: [],
      },
      weights: { file: 'model.safetensors', sha256: sha256(weights) },
    });
    expect(network).toEqual({
      name: 'sequential',
      seed: 0,
      inputShape: [3],
      layers: [
        {
          className: 'Dense',
          config: { name: 'hidden', trainable: true, inputShape: [3], units: 2, activation: 'linear' },
        },
        { className: 'Dense', config: { name: 'dense', trainable: true, units: 2, activation: 'softmax' } },
      ],
    });
    expect([...decodeSafetensors(weights).tensors.keys()]).toEqual([
      'hidden/kernel',
      'hidden/bias',
      'dense/kernel',
      'dense/bias',
    ]);
  });

  it('save what the model is at the call, not what it becomes while the promise settles', async () => {
    const model = small();
    const before = getWeightsFlat(model);
    const saving = encodeModel(model);
    model.setWeights(model.getWeights().map(({ shape, size }) => tensor(new Float32Array(size), shape)));
    const { json, weights } = await saving;
    expect(getWeightsFlat(await decodeModel(json, weights))).toEqual(before);
  });

  it('keep a compile that came before the input shape was known', async () => {
    const model = degelo.sequential([degelo.dense({ units: 2, activation: 'softmax' })]);
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', threads: 0 });
    expect(model.compiled).toBeNull();
    model.build([3]);
    const { json, weights } = await encodeModel(model);
    expect((await decodeModel(json, weights)).compiled?.optimizer.name).toBe('sgd');
  });

  it('read weights from shared memory', async () => {
    const { json, weights } = await encodeModel(small());
    const shared = new Uint8Array(new SharedArrayBuffer(weights.length));
    shared.set(weights);
    expect(getWeightsFlat(await decodeModel(json, shared))).toEqual(getWeightsFlat(small()));
  });

  it('say the least version of the format that holds them: 1 for a plain row of layers, else 2', async () => {
    const row = () => degelo.sequential([degelo.dense({ units: 2, inputShape: [3] })]);
    const start = degelo.input({ shape: [3] });
    const graph = degelo.model({ inputs: start, outputs: degelo.dense({ units: 2 }).apply(start) });
    const fixed = degelo.model({
      inputs: start,
      outputs: degelo.dropout({ rate: 0.5 }).apply(start, { training: false }),
    });
    const nested = degelo.sequential([row(), degelo.dense({ units: 1 })]);
    const versions = [row(), graph, nested, fixed].map(
      async (model) => JSON.parse((await encodeModel(model)).json).formatVersion,
    );
    expect(await Promise.all(versions)).toEqual([1, 2, 2, 2]);
  });

  it('name the version of the package', () => {
    const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    expect(VERSION).toBe(JSON.parse(manifest).version);
  });
});

describe('encodeModel', () => {
  it('refuses a model that isn’t built', async () => {
    await expect(encodeModel(degelo.sequential([degelo.dense({ units: 1 })]))).rejects.toThrow(
      'not built yet',
    );
    await expect(encodeModel(degelo.sequential([degelo.flatten()]))).rejects.toThrow('not built yet');
  });

  it('refuses weights that aren’t finite, naming the tensor', async () => {
    const model = small();
    const weights = model.getWeights();
    weights[1].data[0] = Number.NaN;
    model.setWeights(weights);
    await expect(encodeModel(model)).rejects.toThrow(
      new FormatError(
        'model.safetensors',
        'tensor "hidden/bias": numbers must be finite, got NaN at index 0',
      ),
    );
  });

  it('refuses layers, optimizers and losses that could not be read again', async () => {
    const layer = degelo.dense({ units: 2, inputShape: [3] });
    Object.defineProperty(layer, 'className', { value: 'Mine' });
    await expect(encodeModel(degelo.sequential([layer]))).rejects.toThrow(
      "can't be saved or cloned: register it first",
    );
    const compiled = (change: Partial<degelo.CompileOptions>): degelo.Sequential => {
      const model = small();
      model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', threads: 0, ...change });
      return model;
    };
    const optimizer = Object.assign(degelo.sgd(), { getConfig: () => ({ name: 'mine' }) });
    await expect(encodeModel(compiled({ optimizer }))).rejects.toThrow('optimizer must be one of');
    const loss = Object.defineProperty(degelo.categoricalCrossentropy(), 'name', { value: 'mine' });
    await expect(encodeModel(compiled({ loss }))).rejects.toThrow(
      "loss mine can't be saved or cloned: register it first",
    );
  });
});

describe('asFormatError', () => {
  it('makes what layers say of a file’s contents an error of that file, and nothing else', () => {
    const doing = (error: Error) => () =>
      asFormatError('file', () => {
        throw error;
      });
    expect(doing(new RangeError('odd'))).toThrow(new FormatError('file', 'odd'));
    expect(doing(new TypeError('odd'))).toThrow(FormatError);
    const fault = new Error('of ours');
    expect(doing(fault)).toThrow(fault);
  });
});

describe('weightsSha256', () => {
  it('is refused before the model is built', async () => {
    await expect(weightsSha256(degelo.sequential([degelo.dense({ units: 1 })]))).rejects.toThrow(
      'not built yet: it has no weights so far',
    );
  });

  it('is the hash of the bytes behind the header of the saved weights', async () => {
    const model = tinyModel(degelo);
    const { weights } = await encodeModel(model);
    const headerLength = Number(new DataView(weights.buffer).getBigUint64(0, true));
    expect(await weightsSha256(model)).toBe(sha256(weights.subarray(8 + headerLength)));
  });

  it('is SHA-256 over float32, little-endian: 1 and −2 hash as 0000803f000000c0', async () => {
    const model = degelo.sequential([degelo.dense({ units: 1, inputShape: [1] })]);
    model.setWeights([tensor([[1]]), tensor([-2])]);
    expect(await weightsSha256(model)).toBe(sha256(Buffer.from('0000803f000000c0', 'hex')));
  });
});
