import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors.ts';
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
    name: fc.string(),
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
    Object.assign(layer, { className: 'Mine' });
    await expect(encodeModel(degelo.sequential([layer]))).rejects.toThrow('unknown layer class Mine');
    const compiled = (change: Partial<degelo.CompileOptions>): degelo.Sequential => {
      const model = small();
      model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', threads: 0, ...change });
      return model;
    };
    const optimizer = Object.assign(degelo.sgd(), { getConfig: () => ({ name: 'mine' }) });
    await expect(encodeModel(compiled({ optimizer }))).rejects.toThrow('optimizer must be one of');
    const loss = Object.assign(degelo.categoricalCrossentropy(), { name: 'mine' });
    await expect(encodeModel(compiled({ loss }))).rejects.toThrow('loss must be one of');
  });
});

// biome-ignore lint/suspicious/noExplicitAny: JSON that the tests damage at any place.
type Json = any;

describe('decodeModel', () => {
  /** The small model's files with model.json, or the weights (and their checksum), changed. */
  async function damaged(change: {
    json?: (json: Json) => void;
    tensors?: (tensors: Map<string, degelo.Tensor>) => void;
  }): Promise<[string, Uint8Array]> {
    const { json, weights } = await encodeModel(small());
    const description = JSON.parse(json);
    const tensors = new Map(decodeSafetensors(weights).tensors);
    change.tensors?.(tensors);
    const bytes = encodeSafetensors(tensors);
    description.weights.sha256 = sha256(bytes);
    change.json?.(description);
    return [JSON.stringify(description), bytes];
  }

  async function expectRefused(files: [string, Uint8Array], message: string): Promise<void> {
    const error = await decodeModel(...files).then(
      () => null,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).toMatch(/^.{1,400}$/u);
  }

  it('reads a file that only says the same in another order', async () => {
    const [json, weights] = await damaged({
      tensors: (tensors) => {
        const reversed = [...tensors].reverse();
        tensors.clear();
        for (const [name, value] of reversed) tensors.set(name, value);
      },
    });
    expect(getWeightsFlat(await decodeModel(json, weights))).toEqual(getWeightsFlat(small()));
  });

  it.each<[string, (json: Json) => void, string]>([
    [
      'another format',
      (j) => {
        j.format = 'keras';
      },
      'model.json: format must be "degelo-model", got "keras"',
    ],
    [
      'a later version',
      (j) => {
        j.formatVersion = 2;
      },
      'model.json: formatVersion must be 1, got 2',
    ],
    [
      'no network',
      (j) => {
        delete j.network;
      },
      'network must be an object, got nothing',
    ],
    [
      'a name that is no text',
      (j) => {
        j.network.name = 1;
      },
      'network.name must be a string, got 1',
    ],
    [
      'half a seed',
      (j) => {
        j.network.seed = 0.5;
      },
      'network.seed must be an integer ≥ 0, got 0.5',
    ],
    [
      'no input shape',
      (j) => {
        j.network.inputShape = null;
      },
      'network.inputShape must be a list of integers ≥ 0, got null',
    ],
    [
      'layers that are no list',
      (j) => {
        j.network.layers = {};
      },
      'network.layers must be a list, got {}',
    ],
    [
      'no layers',
      (j) => {
        j.network.layers = [];
      },
      'belongs to no layer',
    ],
    [
      'a layer that is no object',
      (j) => {
        j.network.layers[1] = 'Dense';
      },
      'network.layers[1] must be an object, got "Dense"',
    ],
    [
      'a layer without class',
      (j) => {
        delete j.network.layers[1].className;
      },
      'layers[1].className must be a string',
    ],
    [
      'a layer without name',
      (j) => {
        j.network.layers[1].config.name = '';
      },
      'layers[1].config must be a layer with name',
    ],
    [
      'a layer without config',
      (j) => {
        delete j.network.layers[1].config;
      },
      'layers[1].config must be',
    ],
    [
      'trainable as text',
      (j) => {
        j.network.layers[1].config.trainable = 'no';
      },
      'layers[1].config must be',
    ],
    [
      'a layer’s shape as text',
      (j) => {
        j.network.layers[0].config.inputShape = '3';
      },
      'layers[0].config must be',
    ],
    [
      'an unknown layer',
      (j) => {
        j.network.layers[1].className = 'LSTM';
      },
      'model.json: unknown layer class LSTM: expected one of Activation,',
    ],
    [
      'a layer from the prototype',
      (j) => {
        j.network.layers[1].className = 'constructor';
      },
      'unknown layer class constructor',
    ],
    [
      'an unknown option',
      (j) => {
        j.network.layers[1].config.useBias = false;
      },
      'model.json: dense: unknown option useBias',
    ],
    [
      'an option of another kind',
      (j) => {
        j.network.layers[1].config.units = { toString: 1 };
      },
      'model.json: ',
    ],
    [
      'two layers of one name',
      (j) => {
        j.network.layers.push({ className: 'Flatten', config: { name: 'dense', trainable: true } });
      },
      'layer names must differ',
    ],
    [
      'a layer that can’t follow',
      (j) => {
        j.network.layers.push({
          className: 'Conv2D',
          config: { name: 'c', trainable: true, filters: 1, kernelSize: 3 },
        });
      },
      'model.json: ',
    ],
    [
      'two input shapes',
      (j) => {
        j.network.layers[0].config.inputShape = [1e9];
      },
      'inputShape must have shape [3], got [1000000000]',
    ],
    [
      'more weights than there are',
      (j) => {
        j.network.layers[0].config.units = 2 ** 45;
      },
      'tensor "hidden/kernel" must be float32 of shape [3,35184372088832]',
    ],
    [
      'a negative step',
      (j) => {
        j.step = -1;
      },
      'step must be an integer ≥ 0, got -1',
    ],
    [
      'no word about compile',
      (j) => {
        delete j.compile;
      },
      'compile must be null or {',
    ],
    [
      'metrics that are no list',
      (j) => {
        j.compile.metrics = 'accuracy';
      },
      'compile must be null or {',
    ],
    [
      'an unknown metric',
      (j) => {
        j.compile.metrics = ['mse'];
      },
      'model.json: compile: metrics must be among accuracy, got mse',
    ],
    [
      'an unknown optimizer',
      (j) => {
        j.compile.optimizer.name = 'adam';
      },
      'optimizer must be one of adadelta, sgd, got adam',
    ],
    [
      'a learning rate as text',
      (j) => {
        j.compile.optimizer.learningRate = '1';
      },
      'model.json: adadelta: learningRate must be',
    ],
    [
      'an unknown loss',
      (j) => {
        j.compile.loss.name = 'mse';
      },
      'loss must be one of',
    ],
    [
      'a loss that doesn’t fit',
      (j) => {
        j.compile.loss.fromLogits = true;
      },
      'model.json: ',
    ],
    [
      'a path to the weights',
      (j) => {
        j.weights.file = '../model.safetensors';
      },
      'weights.file must be a plain file name, got "../model.safetensors"',
    ],
    [
      'no checksum',
      (j) => {
        delete j.weights.sha256;
      },
      'weights.sha256 must be 64 hexadecimal digits, got nothing',
    ],
  ])('refuses %s', async (_, change, message) => {
    await expectRefused(await damaged({ json: change }), message);
  });

  it.each<[string, (tensors: Map<string, degelo.Tensor>) => void, string]>([
    [
      'a missing tensor',
      (t) => t.delete('dense/bias'),
      'model.safetensors: tensor "dense/bias" is missing: expected float32 of shape [2]',
    ],
    [
      'an extra tensor',
      (t) => t.set('dense/gamma', tensor([1])),
      'model.safetensors: tensor "dense/gamma" belongs to no layer of the model',
    ],
    [
      'a wrong shape',
      (t) => t.set('dense/bias', tensor([1])),
      'tensor "dense/bias" must be float32 of shape [2], got float32 of shape [1]',
    ],
    [
      'a wrong type',
      (t) => t.set('dense/bias', tensor([1, 2], [2], { dtype: 'float64' })),
      'got float64 of shape [2]',
    ],
  ])('refuses %s', async (_, change, message) => {
    await expectRefused(await damaged({ tensors: change }), message);
  });

  it('refuses damaged JSON, keys said twice, and a file over the limit', async () => {
    const { json, weights } = await encodeModel(small());
    await expectRefused([json.slice(0, -3), weights], 'model.json: damaged JSON: ');
    await expectRefused(['[]', weights], 'model.json: JSON must be an object, got []');
    await expectRefused(
      [json.replace('"step": 0', '"step": 0, "step": 1'), weights],
      'keys must differ, got "step" twice',
    );
    await expectRefused(
      [json.padEnd(1_000_001), weights],
      'too long: expected at most 1000000 characters, got 1000001',
    );
  });

  it('refuses lists that are nested deeper than any stack', async () => {
    const { weights } = await encodeModel(small());
    const nested = '['.repeat(400_000) + ']'.repeat(400_000);
    await expectRefused([nested, weights], 'nested too deep: expected at most 32 levels');
  });

  it('refuses weights with another checksum', async () => {
    const { json, weights } = await encodeModel(small());
    const changed = Uint8Array.from(weights);
    changed[changed.length - 1] ^= 1;
    const message = `model.safetensors: not the weights that model.json names: expected sha256 ${sha256(weights)}, got ${sha256(changed)}`;
    await expectRefused([json, changed], message);
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
