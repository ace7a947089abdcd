/** Checkpoints: a training that is stopped and resumed has the same bits as one that never stopped. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseCheckpoint } from '../../src/formats/checkpoint.ts';
import { CheckpointFolder } from '../../src/formats/checkpoint-folder.ts';
import * as none from '../../src/formats/files-none.ts';
import { encodeSafetensors } from '../../src/formats/safetensors.ts';
import { sha256 } from '../../src/formats/sha256.ts';
import * as degelo from '../../src/index.ts';
import {
  type Callback,
  decodeCheckpoint,
  encodeCheckpoint,
  FormatError,
  loadCheckpoint,
  modelCheckpoint,
  type Sequential,
  saveCheckpoint,
} from '../../src/index.ts';
import { restoreCheckpoint } from '../../src/training/checkpoint.ts';
import { tinyData, tinyModel } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'degelo-checkpoint-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const { x, y } = tinyData(30);
/** Two batches of 12 and one of 6. */
const options = { batchSize: 12, epochs: 3, validationData: [x, y] } as const;
const BATCHES = 3;

function compiled(model = tinyModel(degelo), threads = 0): Sequential {
  const optimizer = degelo.adadelta({ learningRate: 1 });
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'], threads });
  return model;
}

/** Frozen features, so that the optimizer has arrays for some parameters only. */
function halfFrozen(): Sequential {
  const model = tinyModel(degelo);
  for (const layer of model.layers.slice(0, 7)) layer.trainable = false;
  return compiled(model);
}

/** What a training comes to. */
async function outcome(model: Sequential, resumeFrom: degelo.FitPosition | null = null) {
  const history = await model.fit(x, y, { ...options, resumeFrom });
  return { history, weights: getWeightsFlat(model), step: model.step };
}

/** The checkpoints after each batch, each validation batch and each epoch. */
async function checkpoints(model: Sequential): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  const save = async (): Promise<void> => {
    all.push(await encodeCheckpoint(model));
  };
  const spy: Callback = { onBatchEnd: save, onTestBatchEnd: save, onEpochEnd: save };
  await model.fit(x, y, { ...options, callbacks: [spy] });
  return all;
}

describe('a resumed training', () => {
  it.each([
    ['all layers', compiled],
    ['with frozen features', halfFrozen],
  ])(
    'has the weights and the history of one that never stopped, from any moment: %s',
    async (_name, make) => {
      const expected = await outcome(make());
      const moments = await checkpoints(make());
      expect(moments).toHaveLength(options.epochs * (BATCHES + BATCHES + 1));
      for (const bytes of moments) {
        const { model, position } = await decodeCheckpoint(bytes, { threads: 0 });
        expect(await outcome(model, position)).toEqual(expected);
      }
    },
  );

  it('goes on from the step at hand where a signal stopped it, in the same model', async () => {
    const expected = await outcome(compiled());
    const model = compiled();
    const controller = new AbortController();
    const stop: Callback = {
      onBatchEnd: (batch) => {
        if (model.fitPosition?.epoch === 1 && batch === 1) controller.abort();
      },
    };
    const stopped = model.fit(x, y, { ...options, callbacks: [stop], signal: controller.signal });
    await expect(stopped).rejects.toThrow('aborted');
    expect(model.fitPosition).toMatchObject({ epoch: 1, batch: 2, sums: { samples: 24 } });
    expect(await outcome(model, model.fitPosition)).toEqual(expected);
  });

  it('puts a checkpoint into a model that has trained on meanwhile', async () => {
    const model = compiled();
    const expected = await outcome(compiled());
    const [, bytes] = await checkpoints(model);
    const contents = await parseCheckpoint(bytes);
    restoreCheckpoint(model, contents);
    expect(await outcome(model, contents.position)).toEqual(expected);
  });

  it('keeps figures that JSON has no number for', async () => {
    const model = compiled();
    await model.fit(x, y, { ...options, epochs: 1 });
    const position = model.fitPosition as degelo.FitPosition;
    const history = { epoch: [0, 1, 2], history: { val_loss: [Number.NaN, Infinity, -Infinity] } };
    vi.spyOn(model, 'fitPosition', 'get').mockReturnValue({ ...position, history });
    const read = await decodeCheckpoint(await encodeCheckpoint(model));
    expect(read.position?.history).toEqual(history);
  });

  it('is refused on other samples or with another batch size', async () => {
    const model = compiled();
    const [bytes] = await checkpoints(model);
    const { model: read, position } = await decodeCheckpoint(bytes, { threads: 0 });
    const rule =
      /^fit: resumeFrom must come from the same samples and batchSize: epoch 1 had seen 12 samples in 1/;
    await expect(read.fit(x, y, { ...options, batchSize: 6, resumeFrom: position })).rejects.toThrow(rule);
    const other = tinyData(9);
    await expect(read.fit(other.x, other.y, { ...options, resumeFrom: position })).rejects.toThrow(rule);
    await expect(read.fit(x, y, { ...options, initialEpoch: 1, resumeFrom: position })).rejects.toThrow(
      "fit: initialEpoch must be resumeFrom's epoch: expected 0, got 1",
    );
  });
});

describe('a checkpoint', () => {
  it('holds the model, how it is compiled, and what the user adds', async () => {
    const model = halfFrozen();
    const path = join(folder, 'a', 'b.safetensors');
    await saveCheckpoint(model, path, { note: 'before', list: [1, null] });
    const read = await loadCheckpoint(path, { threads: 0 });
    expect(read.metadata).toEqual({ note: 'before', list: [1, null] });
    expect(read.position).toBeNull();
    expect(read.model.toConfig()).toEqual(model.toConfig());
    expect(read.model.compiled?.optimizer.getConfig()).toEqual(model.compiled?.optimizer.getConfig());
    expect(read.model.compiled?.metrics).toEqual(['accuracy']);
    expect(getWeightsFlat(read.model)).toEqual(getWeightsFlat(model));
  });

  it('begins as docs/model-format.md says: the checksum’s digits at bytes 35 to 98, zeros in the sum itself', async () => {
    const bytes = await encodeCheckpoint(compiled());
    expect(String.fromCharCode(...bytes.subarray(8, 35))).toBe('{"__metadata__":{"sha256":"');
    const digits = String.fromCharCode(...bytes.subarray(35, 99));
    bytes.fill('0'.charCodeAt(0), 35, 99);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(digits);
  });

  it('of a model that was never compiled has weights alone', async () => {
    const model = tinyModel(degelo);
    const read = await decodeCheckpoint(await encodeCheckpoint(model));
    expect(read.model.compiled).toBeNull();
    expect(getWeightsFlat(read.model)).toEqual(getWeightsFlat(model));
  });

  it('trains on with the layers that compile found trainable, whatever was set since', async () => {
    const model = halfFrozen();
    await model.fit(x, y, options);
    model.layers[0].trainable = true;
    const { model: read } = await decodeCheckpoint(await encodeCheckpoint(model));
    expect(read.layers[0].trainable).toBe(false);
  });

  it('is that of the moment of the call', async () => {
    const model = compiled();
    await model.fit(x, y, { ...options, epochs: 1 });
    const before = getWeightsFlat(model);
    const encoding = encodeCheckpoint(model);
    await model.fit(x, y, { ...options, epochs: 1 });
    expect(getWeightsFlat((await decodeCheckpoint(await encoding)).model)).toEqual(before);
  });

  it('is refused before the model is built, and where a number of the optimizer isn’t finite', async () => {
    await expect(encodeCheckpoint(degelo.sequential([degelo.dense({ units: 1 })]))).rejects.toThrow(
      'not built',
    );
    const model = compiled();
    await model.fit(x, y, options);
    for (const [, [slot]] of model.optimizerState().entries()) slot[0] = Infinity;
    await expect(encodeCheckpoint(model)).rejects.toThrow(
      /^checkpoint: tensor "optimizer\/conv2d\/kernel\/accumulatedGradient": numbers must be finite, got Infinity/,
    );
  });
});

/** A trained model's checkpoint, and its JSON and tensors to make others from. */
async function parts() {
  const model = compiled();
  await model.fit(x, y, { ...options, epochs: 1 });
  const bytes = await encodeCheckpoint(model);
  const { decodeSafetensors } = await import('../../src/formats/safetensors.ts');
  const { tensors, metadata } = decodeSafetensors(bytes);
  return { bytes, tensors, json: JSON.parse(metadata.get('checkpoint') as string) };
}

/** A file with a right checksum, whatever is in it. */
async function forge(tensors: ReadonlyMap<string, degelo.Tensor>, json: string): Promise<Uint8Array> {
  const zeros = '0'.repeat(64);
  const metadata = new Map([
    ['sha256', zeros],
    ['checkpoint', json],
  ]);
  const bytes = encodeSafetensors(tensors, { metadata });
  const at = Buffer.from(bytes).indexOf(zeros);
  bytes.set(Buffer.from(await sha256(bytes)), at);
  return bytes;
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const error: unknown = await decodeCheckpoint(bytes, { threads: 0 }, 'file').then(
    () => 'no error',
    (error) => error,
  );
  expect(error).toBeInstanceOf(FormatError);
  const { message } = error as FormatError;
  expect(message).toMatch(/^file: .*$/u);
  return message;
}

describe('a damaged file is refused in one line', () => {
  it('where it is cut, at any place', async () => {
    const { bytes } = await parts();
    for (let i = 0; i < 64; i++) {
      const length = Math.floor((bytes.length * i) / 64);
      expect(await refusal(bytes.subarray(0, length))).toContain('damaged');
    }
    for (const length of [0, 1, 7, 8, 9, 34, 35, 36, 98, 99, 100, bytes.length - 1]) {
      expect(await refusal(bytes.subarray(0, length))).toContain('damaged');
    }
  });

  it('where any one bit is flipped', async () => {
    const { bytes } = await parts();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 8 * bytes.length - 1 }), async (bit) => {
        const damaged = bytes.slice();
        damaged[bit >> 3] ^= 1 << (bit & 7);
        expect(await refusal(damaged)).toContain('damaged');
      }),
      { numRuns: 300, examples: [[0], [63], [8 * 34], [8 * 35], [8 * 99], [8 * bytes.length - 1]] },
    );
  });

  it('where something is added', async () => {
    const { bytes } = await parts();
    expect(await refusal(Uint8Array.of(...bytes, 0))).toContain('damaged');
  });
});

describe('a forged file, checksum and all, is refused in one line', () => {
  it.each([
    ['another format', { format: 'degelo-model' }, 'format must be "degelo-checkpoint", got "degelo-model"'],
    ['a later version', { formatVersion: 2 }, 'formatVersion must be 1, got 2'],
    ['a version that is none', { degelo: 1 }, 'degelo must be a string, got 1'],
    ['no layers', { network: { layers: null } }, 'network.layers must be a list, got null'],
    ['no position', { fit: 1 }, 'fit must be null or an object, got 1'],
    ['a negative epoch', { fit: { epoch: -1 } }, 'fit.epoch must be an integer ≥ 0, got -1'],
    ['half a batch', { fit: { batch: 0.5 } }, 'fit.batch must be an integer ≥ 0, got 0.5'],
    ['no sums', { fit: { sums: null } }, 'fit.sums must be an object, got null'],
    ['a sum that is none', { fit: { sums: { loss: 'x' } } }, 'fit.sums.loss must be a number, got "x"'],
    ['too many sums', { fit: { sums: { metrics: [1, 2] } } }, 'fit.sums.metrics must be a list of 1 numbers'],
    [
      'a short history',
      { fit: { history: { history: { loss: [] } } } },
      'loss must be a list of 1 numbers, got []',
    ],
    [
      'a history of words',
      { fit: { history: { history: { loss: ['a'] } } } },
      'loss[0] must be a number, got "a"',
    ],
    ['metadata that is a list', { metadata: [] }, 'metadata must be an object, got []'],
    [
      'an unknown optimizer',
      { compile: { optimizer: { name: 'x' } } },
      'optimizer must be one of adadelta, sgd',
    ],
    ['another optimizer', { compile: { optimizer: { name: 'sgd' } } }, 'tensors must be the model'],
    ['an unknown metric', { compile: { metrics: ['x'] } }, 'metric'],
    [
      'a layer of another size',
      { network: { layers: [{ config: { filters: 9 } }] } },
      'must be float32 of shape',
    ],
    ['frozen layers', { network: { layers: [{ config: { trainable: false } }] } }, 'arrays for each trained'],
  ])('%s', async (_name, change, message) => {
    const { tensors, json } = await parts();
    expect(await refusal(await forge(tensors, JSON.stringify(merge(json, change))))).toContain(message);
  });

  it('without its JSON, with a tensor too many, one too few, one of another shape', async () => {
    const { tensors, json } = await parts();
    const text = JSON.stringify(json);
    expect(await refusal(await forge(tensors, ''))).toContain('damaged JSON');
    const more = new Map([...tensors, ['weights/x', degelo.zeros([1])]]);
    expect(await refusal(await forge(more, text))).toContain(
      "tensors must be the model's or its optimizer's",
    );
    for (const name of ['weights/dense/bias', 'optimizer/dense/bias/accumulatedDelta']) {
      const fewer = new Map(tensors);
      fewer.delete(name);
      expect(await refusal(await forge(fewer, text))).toContain(`tensor "${name}" is missing`);
      const other = new Map(tensors).set(name, degelo.zeros([2]));
      expect(await refusal(await forge(other, text))).toContain(`tensor "${name}" must be float32 of shape`);
    }
    const without = new Map([...tensors].filter(([name]) => !name.startsWith('optimizer/dense/')));
    expect(await refusal(await forge(without, text))).toContain(
      'arrays for each trained parameter and no other',
    );
  });
});

/** `change` over `base`, objects and lists entry by entry. */
function merge(base: unknown, change: unknown): unknown {
  if (typeof base !== 'object' || base === null || typeof change !== 'object' || change === null)
    return change;
  if (Array.isArray(change) && !change.some((entry) => typeof entry === 'object')) return change;
  const merged = Object.entries(change).map(([key, value]) => [key, merge(Reflect.get(base, key), value)]);
  const all = { ...base, ...Object.fromEntries(merged) };
  return Array.isArray(base) ? Object.values(all) : all;
}

describe('restoreCheckpoint', () => {
  it('refuses another optimizer and other layers, and changes nothing then', async () => {
    const { bytes } = await parts();
    const contents = await parseCheckpoint(bytes, 'file');
    const model = tinyModel(degelo, 2);
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', threads: 0 });
    const before = getWeightsFlat(model);
    expect(() => restoreCheckpoint(model, contents)).toThrow(
      "the optimizer must be the model's: expected sgd, got adadelta",
    );
    expect(getWeightsFlat(model)).toEqual(before);
    const other = degelo.sequential([degelo.dense({ units: 2, activation: 'softmax', inputShape: [1] })]);
    other.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads: 0 });
    expect(() => restoreCheckpoint(other, contents)).toThrow(FormatError);
  });
});

describe('a folder of checkpoints', () => {
  const text = async (bytes: Uint8Array, file: string): Promise<string> => {
    const content = new TextDecoder().decode(bytes);
    if (content.startsWith('bad')) throw new FormatError(file, content);
    return content;
  };
  const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
  const names = (): string[] => readdirSync(folder).sort();

  it('keeps the last two, and goes on counting in a new process', async () => {
    const first = new CheckpointFolder(folder);
    for (const content of ['1', '2', '3']) await first.write(bytes(content));
    expect(names()).toEqual(['checkpoint-000002.safetensors', 'checkpoint-000003.safetensors']);
    const second = new CheckpointFolder(folder);
    expect((await second.read(text)).contents).toBe('3');
    expect(await second.write(bytes('4'))).toBe(`${folder}/checkpoint-000004.safetensors`);
    expect(names()).toEqual(['checkpoint-000003.safetensors', 'checkpoint-000004.safetensors']);
  });

  it('takes the one before where the newest is damaged, says so, and keeps a whole one in the next write', async () => {
    await new CheckpointFolder(folder).write(bytes('1'));
    await new CheckpointFolder(folder).write(bytes('bad'));
    const again = new CheckpointFolder(folder);
    const { contents, path, faults } = await again.read(text);
    expect({ contents, path }).toEqual({ contents: '1', path: `${folder}/checkpoint-000001.safetensors` });
    expect(faults.map(({ message }) => message)).toEqual([`${folder}/checkpoint-000002.safetensors: bad`]);
    await again.write(bytes('3'));
    expect(names()).toEqual(['checkpoint-000001.safetensors', 'checkpoint-000003.safetensors']);
  });

  it('says what is wrong with the newest where none is whole, and where there is none', async () => {
    const checkpoints = new CheckpointFolder(join(folder, 'no'));
    await expect(checkpoints.read(text)).rejects.toThrow(
      'no checkpoint there: expected a file such as checkpoint-',
    );
    const damaged = new CheckpointFolder(folder);
    await damaged.write(bytes('bad one'));
    await damaged.write(bytes('bad two'));
    await expect(damaged.read(text)).rejects.toThrow('checkpoint-000002.safetensors: bad two');
  });

  it('takes away what a killed process left half written, and nothing else', async () => {
    writeFileSync(join(folder, '.checkpoint-000001.safetensors.1234.partial'), 'half');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    mkdirSync(join(folder, 'model'));
    await new CheckpointFolder(folder).write(bytes('1'));
    expect(names()).toEqual(['checkpoint-000001.safetensors', 'model', 'notes.txt']);
  });

  it('has its old checkpoints still, and no half one, where a write fails', async () => {
    const checkpoints = new CheckpointFolder(folder);
    await checkpoints.write(bytes('1'));
    mkdirSync(join(folder, 'checkpoint-000002.safetensors', 'in the way'), { recursive: true });
    await expect(checkpoints.write(bytes('2'))).rejects.toThrow();
    expect(names()).toEqual(['checkpoint-000001.safetensors', 'checkpoint-000002.safetensors']);
    const { contents, faults } = await new CheckpointFolder(folder).read(text);
    expect(contents).toBe('1');
    expect(faults[0].message).toContain('must be a regular file');
  });
});

describe('modelCheckpoint', () => {
  /** Fits with figures of the test's own choice; returns the epochs or batches that were saved, by their steps. */
  async function savedSteps(
    options: Partial<degelo.ModelCheckpointOptions>,
    figures: readonly degelo.Logs[],
    past: readonly number[] = [],
  ): Promise<number[]> {
    const model = compiled();
    await model.fit(x, y, { batchSize: 30, epochs: 0, ...position(past) });
    const callback = modelCheckpoint({ folder, ...options });
    callback.setModel?.(model);
    await callback.onTrainBegin?.();
    const steps: number[] = [];
    let newest = '';
    for (const [epoch, logs] of figures.entries()) {
      await callback.onEpochBegin?.(epoch);
      for (let batch = 0; batch < 2; batch++) {
        model.step++;
        await callback.onBatchEnd?.(batch, logs, { seen: 1, samples: 2 });
        note();
      }
      await callback.onEpochEnd?.(epoch, logs);
      note();
    }
    return steps;

    function note(): void {
      const last = readdirSync(folder).sort().at(-1) ?? '';
      if (last !== newest) steps.push(model.step);
      newest = last;
    }
  }

  /** A position with a history. */
  function position(past: readonly number[]): { resumeFrom: degelo.FitPosition } {
    const history = { epoch: past.map((_, i) => i), history: { val_loss: past } };
    return {
      resumeFrom: { epoch: past.length, batch: 0, sums: { samples: 0, loss: 0, metrics: [0] }, history },
    };
  }

  const losses = [0.5, 0.7, 0.5, 0.4].map((loss, i) => ({ val_loss: loss, val_accuracy: i / 4, loss: 1 }));

  it('saves every epoch; with saveBestOnly where the figure is strictly better', async () => {
    expect(await savedSteps({}, losses)).toEqual([2, 4, 6, 8]);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    expect(await savedSteps({ saveBestOnly: true }, losses)).toEqual([2, 8]);
  });

  it.each([
    [{ monitor: 'val_accuracy' }, [2, 4, 6, 8]],
    [{ mode: 'max' }, [2, 4]],
    [{ initialValueThreshold: 0.45 }, [8]],
    [{ monitor: 'loss' }, [2]],
    [{ saveFreq: 3, mode: 'max' }, [3]],
    [{ saveFreq: 3, monitor: 'val_accuracy' }, [3, 6]],
  ] as const)('saveBestOnly with %j saves after steps %j', async (options, steps) => {
    expect(await savedSteps({ saveBestOnly: true, ...options }, losses)).toEqual(steps);
  });

  it('saves after so many batches, across epochs', async () => {
    expect(await savedSteps({ saveFreq: 3 }, losses)).toEqual([3, 6]);
  });

  it('knows the best of the history that fit resumes from', async () => {
    expect(await savedSteps({ saveBestOnly: true }, losses, [0.9, 0.45])).toEqual([8]);
  });

  it('warns and saves where the figure isn’t there', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    expect(await savedSteps({ saveBestOnly: true }, [{ loss: 1 }])).toEqual([2]);
    expect(warn.mock.calls.flat()).toEqual([
      "modelCheckpoint: saveBestOnly needs val_loss, which isn't there: saved anyway",
    ]);
  });

  it('in a real fit fills a folder from which loadCheckpoint goes on to the same end', async () => {
    const expected = await outcome(compiled());
    const model = compiled();
    await model.fit(x, y, {
      ...options,
      epochs: 2,
      callbacks: [modelCheckpoint({ folder, metadata: { run: 7 } })],
    });
    const { model: read, position, metadata } = await loadCheckpoint(folder, { threads: 0 });
    expect(metadata).toEqual({ run: 7 });
    expect(position?.epoch).toBe(2);
    expect(await outcome(read, position)).toEqual(expected);

    // The newest one damaged: from the one before, to the same end.
    const newest = join(folder, 'checkpoint-000002.safetensors');
    writeFileSync(newest, readFileSync(newest).subarray(0, 1000));
    const before = await loadCheckpoint(folder, { threads: 0 });
    expect(before.position?.epoch).toBe(1);
    expect(await outcome(before.model, before.position)).toEqual(expected);
  });

  it('writes figures into a path', async () => {
    const path = join(folder, '{epoch:03d}-{batch}-{accuracy:.1f}-{loss:6.2f}.safetensors');
    const figures = [{ loss: 1.234, accuracy: 1 }];
    await savedSteps({ folder: undefined, path, saveFreq: 2 } as object, figures);
    expect(readdirSync(folder)).toEqual(['001-2-1.0-  1.23.safetensors']);
    const wrong = savedSteps({ folder: undefined, path: '{nothing}' } as object, figures);
    await expect(wrong).rejects.toThrow(
      'modelCheckpoint: path must hold figures that are there: expected loss, accuracy, epoch, got nothing',
    );
  });

  it.each([
    [{}, 'either folder or path must be given, and not both'],
    [{ folder: 'a', path: 'b' }, 'either folder or path must be given, and not both'],
    [{ folder: 'a', saveFreq: 0 }, "saveFreq must be 'epoch' or an integer ≥ 1, got 0"],
    [{ folder: 'a', saveFreq: 'batch' }, "saveFreq must be 'epoch' or an integer ≥ 1, got batch"],
    [{ folder: 'a', mode: 'best' }, 'mode must be one of auto, min, max, got best'],
    [{ folder: 'a', monitor: 'lr' }, 'mode must be min or max where monitor is lr, got auto'],
  ])('refuses %j', (options, message) => {
    expect(() => modelCheckpoint(options as degelo.ModelCheckpointOptions)).toThrow(
      `modelCheckpoint: ${message}`,
    );
  });
});

describe('where there are no files', () => {
  it('checkpoints say what to use in their place', async () => {
    const rule = 'use encodeCheckpoint and decodeCheckpoint';
    await expect(none.writeFileAtomic('a', '')).rejects.toThrow(rule);
    await expect(none.readWholeFile('a')).rejects.toThrow(rule);
    await expect(none.listFolder('a')).rejects.toThrow(rule);
    await expect(none.removeFile('a')).rejects.toThrow(rule);
    await expect(none.isFolder('a')).rejects.toThrow(rule);
  });
});
