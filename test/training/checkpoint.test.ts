/** Checkpoints: a training that is stopped and resumed has the same bits as one that never stopped. */
import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseCheckpoint } from '../../src/formats/checkpoint.ts';
import * as none from '../../src/formats/files-none.ts';
import * as degelo from '../../src/index.ts';
import {
  type Callback,
  decodeCheckpoint,
  encodeCheckpoint,
  FormatError,
  loadCheckpoint,
  type Sequential,
  saveCheckpoint,
} from '../../src/index.ts';
import { restoreCheckpoint } from '../../src/training/saved/checkpoint.ts';
import { temporaryFolder } from '../temporary.ts';
import { compiled, freezeFeatures } from './compiled.ts';
import { tinyData, tinyModel } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const { x, y } = tinyData(30);
/** Two batches of 12 and one of 6. */
const options = { batchSize: 12, epochs: 3, validationData: [x, y] } as const;
const BATCHES = 3;

/** Other optimizers keep other arrays, and adam counts its updates. */
function compiledBy(optimizer: degelo.Optimizer): Sequential {
  const model = tinyModel(degelo);
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'], threads: 0 });
  return model;
}

/** Frozen features, so that the optimizer has arrays for some parameters only. */
function halfFrozen(): Sequential {
  const model = tinyModel(degelo);
  freezeFeatures(model);
  return compiled(model);
}

/** A model after an epoch. */
async function trained(model = compiled()): Promise<Sequential> {
  await model.fit(x, y, { ...options, epochs: 1 });
  return model;
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
    ['by adam', () => compiledBy(degelo.adam({ learningRate: 0.01 }))],
    ['by momentum', () => compiledBy(degelo.sgd({ momentum: 0.9, nesterov: true }))],
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

  it('counts the optimizer’s updates since compile, not the model’s steps', async () => {
    const model = compiledBy(degelo.adam());
    await model.fit(x, y, options);
    const again = { loss: 'categoricalCrossentropy', metrics: ['accuracy'], threads: 0 } as const;
    model.compile({ ...again, optimizer: degelo.adam() });
    const fresh = compiledBy(degelo.adam());
    fresh.setWeights(model.getWeights());
    fresh.step = model.step;
    const expected = await outcome(fresh);
    const [, bytes] = await checkpoints(model);
    const { iterations, step } = await parseCheckpoint(bytes);
    expect([iterations, step]).toEqual([2, options.epochs * BATCHES + 2]);
    const read = await decodeCheckpoint(bytes, { threads: 0 });
    expect(await outcome(read.model, read.position)).toEqual(expected);
  });

  it('keeps figures that JSON has no number for', async () => {
    const model = compiled();
    await model.fit(x, y, { ...options, epochs: 1 });
    const position = model.fitPosition as degelo.FitPosition;
    const history = { epoch: [0, 1, 2], history: { val_loss: [Number.NaN, Infinity, -Infinity] } };
    vi.spyOn(model, 'fitPosition', 'get').mockReturnValue({ ...position, epoch: 3, history });
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

  it('of a model that was never compiled has only weights', async () => {
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

  it('can’t be saved where there is no place for it, nor read where there is none', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'text');
    await expect(saveCheckpoint(compiled(), join(file, 'in it'))).rejects.toThrow(
      /can't be written: .*(ENOTDIR|EEXIST)/,
    );
    const unbuilt = degelo.sequential([degelo.dense({ units: 1 })]);
    await expect(saveCheckpoint(unbuilt, join(folder, 'new'))).rejects.toThrow('not built');
    expect(readdirSync(folder)).toEqual(['file']);
    const nowhere = join(folder, 'nowhere');
    await expect(loadCheckpoint(nowhere)).rejects.toThrow(new FormatError(nowhere, 'no such file'));
    await expect(loadCheckpoint(file)).rejects.toThrow(FormatError);
    await expect(loadCheckpoint(folder)).rejects.toThrow('no checkpoint there');
  });

  it('is refused where a weight isn’t finite, or a layer isn’t ours', async () => {
    const model = compiled();
    const weights = model.getWeights();
    weights[1].data[0] = Number.NaN;
    model.setWeights(weights);
    await expect(encodeCheckpoint(model)).rejects.toThrow(
      /^checkpoint: tensor "weights\/conv2d\/bias": numbers must be finite, got NaN/,
    );
    const mine = degelo.flatten({ inputShape: [2] });
    Object.defineProperty(mine, 'className', { value: 'Mine' });
    await expect(encodeCheckpoint(degelo.sequential([mine]))).rejects.toThrow(
      "layer mine can't be saved or cloned: register it first",
    );
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

describe('restoreCheckpoint', () => {
  it('refuses another optimizer and other layers, and changes nothing then', async () => {
    const contents = await parseCheckpoint(await encodeCheckpoint(await trained()), 'file');
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
    const frozen = tinyModel(degelo);
    frozen.trainable = false;
    expect(() => restoreCheckpoint(compiled(frozen), contents)).toThrow(
      /and no other: expected none, got conv2d\/kernel, /,
    );
  });
});

describe('options of a checkpoint', () => {
  it('are checked before its file is read, and of a model that was not compiled too', async () => {
    const model = tinyModel(degelo);
    const bytes = await degelo.encodeCheckpoint(model);
    const wrong = { threads: -1 };
    await expect(degelo.loadCheckpoint('nowhere', wrong)).rejects.toThrow('threads must be an integer ≥ 0');
    await expect(degelo.decodeCheckpoint(bytes, wrong)).rejects.toThrow('threads must be an integer ≥ 0');
    await expect(degelo.decodeCheckpoint(bytes, { kernel: 'x' as 'plain' })).rejects.toThrow(
      'kernel must be',
    );
  });
});

describe('where there are no files', () => {
  it('checkpoints say what to use in their place', async () => {
    const rule = 'there are no files here: in place of a path hand in bytes';
    await expect(none.writeFileAtomic('a', '')).rejects.toThrow(rule);
    await expect(none.readWholeFile('a')).rejects.toThrow(rule);
    await expect(none.listFolder('a')).rejects.toThrow(rule);
    await expect(none.removeFile('a')).rejects.toThrow(rule);
    await expect(none.isFolder('a')).rejects.toThrow(rule);
    await expect(none.exists('a')).rejects.toThrow(rule);
  });
});
