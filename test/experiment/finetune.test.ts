import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { parseTransferCheckpoint } from '../../src/experiment/checkpoint.ts';
import { parseFinetuneCheckpoint } from '../../src/experiment/finetune/checkpoint.ts';
import { cutBase } from '../../src/experiment/finetune/cut.ts';
import { FeatureFiles } from '../../src/experiment/finetune/feature-files.ts';
import { runFinetune } from '../../src/experiment/finetune/finetune.ts';
import { FinetuneNetwork } from '../../src/experiment/finetune/network.ts';
import type { FinetuneOptions } from '../../src/experiment/finetune/options.ts';
import { portions } from '../../src/experiment/finetune/photos.ts';
import { preprocessingLayers, settlePreprocessing } from '../../src/experiment/finetune/preprocess.ts';
import { encodeCheckpoint, parseCheckpoint } from '../../src/formats/checkpoint.ts';
import {
  activation,
  add,
  conv2d,
  dense,
  depthwiseConv2d,
  encodeSafetensors,
  flatten,
  globalAveragePooling2d,
  input,
  loadImages,
  model,
  sequential,
  Tensor,
} from '../../src/index.ts';
import { Model } from '../../src/training/model.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { temporaryFolder } from '../temporary.ts';
import { COLOURS, photo, photoFolder, SIDE, tinyBase } from './photos.ts';

const folder = temporaryFolder();
const images = photoFolder(join(folder, 'fruit'), { apple: 10, lime: 10, plum: 10 });
const common = { images, threads: 0, epochs: 3, batchSize: 8, learningRate: 0.05 } as const;

describe('a base is cut', () => {
  it('before its classifier: what a dense layer reads, without dropout and softmax behind it', () => {
    expect(cutBase(tinyBase()).layer).toBe('average');
  });

  it('before a convolution of 1×1 that classifies every pixel', () => {
    const base = sequential([
      conv2d({ name: 'last', filters: 3, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 3] }),
      conv2d({ filters: 5, kernelSize: 1 }),
      globalAveragePooling2d(),
      activation('softmax'),
    ]);
    expect(cutBase(base).layer).toBe('last');
  });

  it('nowhere where it ends with features, such as a dense layer with ReLU', () => {
    const ends = sequential([
      flatten({ inputShape: [4, 4, 3] }),
      dense({ name: 'end', units: 4, activation: 'relu' }),
    ]);
    expect(cutBase(ends).layer).toBe('end');
    const maps = sequential([conv2d({ name: 'maps', filters: 3, kernelSize: 1, inputShape: [4, 4, 3] })]);
    expect(cutBase(maps).layer).toBe('maps');
  });

  it('behind a layer that is named; for a slip the nearest names are said', () => {
    expect(cutBase(tinyBase(), 'one').layer).toBe('one');
    expect(() => cutBase(tinyBase(), 'avrage')).toThrow(
      '--cut: base has no layer avrage: did you mean average? (degelo summary lists them all)',
    );
    expect(() => cutBase(tinyBase(), 'xyz')).toThrow(
      'its last ones are one, still, two, average, predictions',
    );
  });
});

describe('what the network is made of', () => {
  const choice = { classNames: ['a', 'b'], hidden: 0, dropout: 0, seed: 0 };

  it.each([
    ['unit', [0.2, 0.4, 0.6]],
    ['tf', [51 / 127.5 - 1, 102 / 127.5 - 1, 153 / 127.5 - 1]],
    ['torch', [(0.2 - 0.485) / 0.229, (0.4 - 0.456) / 0.224, (0.6 - 0.406) / 0.225]],
    ['caffe', [153 - 103.939, 102 - 116.779, 51 - 123.68]],
  ] as const)('preprocessing %s is what Keras computes', async (kind, expected) => {
    const layers = preprocessingLayers(kind);
    const x = input({ shape: [1, 1, 3] });
    const units = model({ inputs: x, outputs: layers.reduce((tensor, layer) => layer.apply(tensor), x) });
    settlePreprocessing(layers);
    units.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
    const { data } = await units.predict(new Tensor(Float32Array.of(51, 102, 153), [1, 1, 1, 3]));
    for (const [c, value] of expected.entries()) expect(Math.abs(data[c] - value)).toBeLessThan(1e-5);
  });

  it.each([
    [0, 0, ['classes']],
    [0, 0.5, ['dropout', 'classes']],
    [1, 0, ['hidden', 'classes']],
    [3, 1e-9, ['dropout', 'hidden', 'classes']],
  ])('its head, of %d hidden units and dropout %d, is %j', (hidden, rate, expected) => {
    const { head } = new FinetuneNetwork({
      ...{ ...choice, hidden, dropout: rate },
      ...{ base: tinyBase(), preprocessing: 'none' },
    });
    expect(head.layers.slice(1).map(({ name }) => name.replace(/_\d+$/, ''))).toEqual(expected);
    expect(head.layers.at(-1)?.getConfig()).toMatchObject({ units: 2, activation: 'softmax' });
  });

  it('the suffix on what the prefix gives is the whole, to the bit, also where branches cross the cut', async () => {
    const x = input({ shape: [6, 6, 3] });
    const first = conv2d({
      name: 'first',
      filters: 4,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
    }).apply(x);
    const inner = depthwiseConv2d({ name: 'inner', kernelSize: 3, padding: 'same' }).apply(first);
    const top = conv2d({ name: 'top', filters: 4, kernelSize: 1 }).apply(inner);
    const sum = add({ name: 'sum' }).apply([first, top]);
    const base = model({
      inputs: x,
      outputs: dense({ units: 3 }).apply(globalAveragePooling2d().apply(sum)),
    });
    const network = new FinetuneNetwork({ ...choice, base, preprocessing: 'tf' });
    const { layers, prefix, suffix } = network.thaw('top');
    expect(layers).toEqual(['top']);
    // inner and top are beside the branch from first: the cut is at first.
    expect(suffix.inputShape).toEqual([6, 6, 4]);
    const pixels = new Tensor(
      Float32Array.from({ length: 2 * 108 }, (_, i) => (i * 37) % 256),
      [2, 6, 6, 3],
    );
    for (const each of [prefix, suffix, network.full]) {
      each?.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
    }
    const activations = await prefix?.predict(pixels);
    const apart = await suffix.predict(activations as Tensor);
    expect(apart.data).toEqual((await network.full.predict(pixels)).data);
  });

  it('thaws the last layers with weights, never batch normalisation; what has none is refused', () => {
    const network = new FinetuneNetwork({ ...choice, base: tinyBase(), preprocessing: 'none' });
    expect(network.thaw(4).layers).toEqual(['one', 'two']);
    expect(network.thaw('still').layers).toEqual(['two']);
    expect(() => network.thaw(1)).toThrow('the last one that has some is two, number 2 from the top, got 1');
    expect(() => network.thaw(9)).toThrow('--thaw: must be at most');
    expect(() => network.thaw('tow')).toThrow('--thaw: features has no layer tow: did you mean two?');
  });

  it('another size than the base’s own has the same weights', () => {
    const base = tinyBase();
    const network = new FinetuneNetwork({ ...choice, base, preprocessing: 'none', size: [20, 16] });
    expect(network.full.inputShape).toEqual([20, 16, 3]);
    expect(network.features.getWeights()[0].data).toEqual(base.getWeights()[0].data);
    const flat = sequential([flatten({ inputShape: [4, 4, 3] }), dense({ units: 4, activation: 'relu' })]);
    expect(() => new FinetuneNetwork({ ...choice, base: flat, preprocessing: 'none', size: [5, 5] })).toThrow(
      /^--size: the base takes 4×4, and can't take 5×5: /,
    );
  });
});

describe('a fine-tuning', () => {
  it('learns, keeps the frozen base and batch normalisation as they were, and gives a model that predicts the same', async () => {
    const base = tinyBase();
    const before = base.getWeights().map(({ data }) => Array.from(data));
    let saved: { head: Float32Array; full: number[][] } | null = null;
    const { result, look } = await runFinetune(
      {
        ...common,
        base: { model: base, source: 'tiny' },
        epochs: 12,
        thaw: 2,
        thawEpochs: 8,
        thawLearningRate: 0.02,
      },
      {
        async onModel(phase, full) {
          if (phase === 'thawed') return;
          const photos = await loadImages(images, { size: SIDE, testSplit: 0.2 });
          const { data } = await full.predict(photos.test.x);
          saved = { head: data as Float32Array, full: full.getWeights().map((w) => Array.from(w.data)) };
        },
      },
    );
    expect(result.samples).toEqual({ train: 24, test: 6 });
    expect(result.classes).toEqual(['apple', 'lime', 'plum']);
    expect(result.features).toMatchObject({
      cut: 'average',
      width: 6,
      size: [SIDE, SIDE],
      preprocessing: 'none',
    });
    expect(result.head.test.accuracy).toBeGreaterThan(0.6);
    expect(result.thawed?.test.accuracy).toBeGreaterThanOrEqual(result.head.test.accuracy);
    expect(result.thawed?.layers).toEqual(['two']);
    expect(look.confusion.thawed?.flat().reduce((sum, n) => sum + n, 0)).toBe(6);
    // After the first phase nothing of the base has changed; after the second the layer `two`, and no batch normalisation.
    const frozen = saved as unknown as { head: Float32Array; full: number[][] };
    expect(frozen.full.slice(0, 8)).toEqual(before.slice(0, 8));
    const after = base.getWeights().map(({ data }) => Array.from(data));
    expect(after.slice(0, 6)).toEqual(before.slice(0, 6));
    expect(after[6]).not.toEqual(before[6]);
    // What the whole model says of the test photos, the head alone said of their features.
    const right = [0, 0, 1, 1, 2, 2].filter((label, n) => {
      const row = frozen.head.subarray(3 * n, 3 * n + 3);
      return row.indexOf(Math.max(...row)) === label;
    });
    expect(right.length / 6).toBe(result.head.test.accuracy);
  });

  it('has the same bits for any number of threads, and whatever is kept of activations', async () => {
    const run = async (threads: number, featureCacheMB: number): Promise<string> => {
      const base = { model: tinyBase(), source: 'tiny' };
      const options = { ...common, base, threads, featureCacheMB, hidden: 4, thaw: 2, thawEpochs: 2 };
      return (await runFinetune({ ...options, thawLearningRate: 0.01 })).result.weights_sha256;
    };
    const one = await run(0, 256);
    expect(await run(2, 0)).toBe(one);
    // Room for some photos: 576 numbers each.
    expect(await run(0, 0.02)).toBe(one);
  });

  it('weighs classes so that few photos count as much as many', async () => {
    const uneven = photoFolder(join(folder, 'uneven'), { apple: 20, plum: 5 });
    const fit = vi.spyOn(Model.prototype, 'fit');
    for (const classWeights of ['none', 'balanced'] as const) {
      const base = { model: tinyBase(), source: 'tiny' };
      const { result } = await runFinetune({ ...common, images: uneven, base, classWeights, epochs: 1 });
      expect(result.samples_by_class.train).toEqual([16, 4]);
    }
    const weights = fit.mock.calls.map((given: unknown[]) => (given[2] as FitOptions).classWeight);
    fit.mockRestore();
    expect(weights).toEqual([undefined, { 0: 20 / (2 * 16), 1: 20 / (2 * 4) }]);
  });

  it('takes train and test folders as they are', async () => {
    const split = join(folder, 'split');
    photoFolder(join(split, 'train'), { apple: 4, plum: 4 });
    photoFolder(join(split, 'test'), { apple: 2, plum: 1 });
    const { result } = await runFinetune({
      ...common,
      images: split,
      base: { model: tinyBase(), source: 'tiny' },
    });
    expect(result.samples_by_class).toEqual({ train: [4, 4], test: [2, 1] });
  });

  it('leaves out what is no photo where that is asked for, else says which it is', async () => {
    const bad = photoFolder(join(folder, 'bad'), { apple: 6, plum: 6 });
    writeFileSync(join(bad, 'plum', 'z.jpg'), 'GIF89a no photo');
    const options = { ...common, images: bad, base: { model: tinyBase(), source: 'tiny' } };
    await expect(runFinetune(options)).rejects.toThrow(/z\.jpg: .*GIF.*: --skip-bad leaves out such files$/);
    const { result, look } = await runFinetune({ ...options, skipBad: true });
    expect(result.data.skipped).toBe(1);
    expect(look.skipped[0].file).toMatch(/z\.jpg$/);
    expect(result.samples.train + result.samples.test).toBe(12);
  });

  it('refuses a base that takes no colour photos, and one that does not say what it makes of pixels', async () => {
    const grey = sequential([flatten({ inputShape: [8, 8, 1] }), dense({ units: 2 })]);
    await expect(runFinetune({ ...common, base: { model: grey, source: 'grey' } })).rejects.toThrow(
      'grey: must be a network for colour images: expected input [height, width, 3], got [8,8,1]',
    );
    const silent = tinyBase({ scaled: false });
    await expect(runFinetune({ ...common, base: { model: silent, source: 'silent' } })).rejects.toThrow(
      '--preprocess: must be given for this base',
    );
  });

  it('computes features of the same photo from the file that they were kept in', async () => {
    const kept = new Map<string, Float32Array>();
    const store = {
      get: (hash: string) => kept.get(hash),
      async add(hashes: readonly string[], { data }: Tensor) {
        for (const [n, hash] of hashes.entries())
          kept.set(hash, Float32Array.from(data.subarray(6 * n, 6 * n + 6)));
      },
      async flush() {},
    };
    const keys: string[] = [];
    const run = async (): Promise<[string, number]> => {
      let stored = 0;
      const { result } = await runFinetune(
        { ...common, base: { model: tinyBase(), source: 'tiny' } },
        { onFeaturesEnd: (_photos, before) => (stored = before) },
        async (key) => {
          keys.push(key);
          return store;
        },
      );
      return [result.weights_sha256, stored];
    };
    const [first, none] = await run();
    const [second, all] = await run();
    expect([none, all]).toEqual([0, 30]);
    expect(second).toBe(first);
    expect(keys[0]).toBe(keys[1]);
  });
});

describe('a fine-tuning that was stopped', () => {
  const options = { ...common, epochs: 2, thaw: 2, thawEpochs: 2, thawLearningRate: 0.01 };
  const start = (): FinetuneOptions => ({ ...options, base: { model: tinyBase(), source: 'tiny' } });

  it('goes on from anywhere with the result that it would have had', async () => {
    const points: { phase: string; kind: string; bytes: Uint8Array }[] = [];
    let head: Uint8Array | null = null;
    const { result } = await runFinetune(start(), {
      async onSafePoint({ phase, kind, encode }) {
        points.push({ phase, kind, bytes: await encode() });
      },
      async onPhaseEnd({ name }, _result, trained) {
        if (name === 'head') head = await encodeCheckpoint(trained);
      },
    });
    const before = points.find(({ kind }) => kind === 'begin'); // features aren't there yet
    const epochs = ['head', 'thawed'].map((name) =>
      points.find(({ phase, kind }) => phase === name && kind === 'epoch'),
    );
    for (const point of [before, ...epochs]) {
      const checkpoint = await parseFinetuneCheckpoint(point?.bytes as Uint8Array, 'checkpoint');
      if (point === before) expect(checkpoint.seconds).toEqual({ epochs: [], epoch: 0, fit: 0 });
      const source = point?.phase === 'thawed' ? (head as Uint8Array | null) : null;
      const after = source && { contents: await parseCheckpoint(source), file: 'source' };
      const resumed = await runFinetune(start(), {}, null, { checkpoint, head: after });
      expect(resumed.result.weights_sha256).toBe(result.weights_sha256);
      expect(resumed.result.head.history.loss).toEqual(result.head.history.loss);
      expect(resumed.look.confusion).toEqual((await runFinetune(start())).look.confusion);
    }
  });

  it('is refused other options, another base, other photos, and a checkpoint of the experiment', async () => {
    const points: Uint8Array[] = [];
    await runFinetune(start(), {
      async onSafePoint({ kind, encode }) {
        if (kind === 'epoch') points.push(await encode());
      },
    });
    const checkpoint = await parseFinetuneCheckpoint(points[0], 'checkpoint');
    const resume = (changed: Partial<FinetuneOptions>): Promise<unknown> =>
      runFinetune({ ...start(), ...changed }, {}, null, { checkpoint, head: null });
    await expect(resume({ epochs: 3 })).rejects.toThrow(
      'resume: epochs must be as in the run that was saved: expected 2, got 3',
    );
    const other = tinyBase();
    other.getLayer('one').setWeights(
      other
        .getLayer('one')
        .getWeights()
        .map(
          ({ data, shape }) =>
            new Tensor(
              data.map((w) => 2 * w),
              shape,
            ),
        ),
    );
    const { run, contents } = checkpoint;
    const from = (changed: object) =>
      runFinetune(start(), {}, null, { checkpoint: { ...checkpoint, ...changed }, head: null });
    await expect(from({ run: { ...run, kernel: 'fma' } })).rejects.toThrow('resume: kernel must be as');
    await expect(from({ contents: { ...contents, version: '0.0.1' } })).rejects.toThrow(
      'resume: the version of degelo must be as in the run that was saved: expected "0.0.1", got',
    );
    await expect(resume({ base: { model: other, source: 'other' } })).rejects.toThrow(
      'resume: the base must be as',
    );
    const fewer = photoFolder(join(folder, 'fewer'), { apple: 10, lime: 10, plum: 9 });
    await expect(resume({ images: fewer })).rejects.toThrow('resume: the photos must be as');
    await expect(parseTransferCheckpoint(points[0], 'c')).rejects.toThrow(
      'degelo finetune --resume continues it',
    );
    const foreign = await encodeCheckpoint(tinyBase());
    await expect(parseFinetuneCheckpoint(foreign, 'c')).rejects.toThrow(
      'this is not a checkpoint of degelo finetune',
    );
  });
});

describe('portions of photos', () => {
  it('are of a thousand files at most, where few need decoding, however many came before', async () => {
    const file = join(folder, 'one.png');
    writeFileSync(file, photo(COLOURS.lime, 1));
    const seen: (readonly [seen: number, known: number])[] = [];
    const reading = { size: [SIDE, SIDE], portion: 4, needed: () => false } as const;
    for await (const { known, seen: end } of portions(new Array<string>(2100).fill(file), reading)) {
      seen.push([end, known.length]);
    }
    expect(seen).toEqual([
      [1000, 1000],
      [2000, 1000],
      [2100, 100],
    ]);
  });
});

describe('files of features', () => {
  it('are written once, of all that was added, while ten seconds haven’t passed', async () => {
    const place = join(folder, 'few-files');
    mkdirSync(place);
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1e6);
    try {
      const files = await FeatureFiles.open(place, 'net', 1);
      const one = (n: number) => files.add([`${n}`.repeat(64)], new Tensor(Float32Array.of(n), [1, 1]));
      await one(1);
      clock.mockReturnValue(1e6 + 10_000);
      await one(2);
      expect(readdirSync(place)).toEqual([]);
      clock.mockReturnValue(1e6 + 10_001);
      await one(3);
      expect(readdirSync(place)).toEqual(['features-000001.safetensors']);
      await one(4);
      await files.flush();
      expect(readdirSync(place).sort()).toEqual([
        'features-000001.safetensors',
        'features-000002.safetensors',
      ]);
      await files.flush(); // nothing new
      expect(readdirSync(place)).toHaveLength(2);
    } finally {
      clock.mockRestore();
    }
  });

  it('are read where the same network made them; others, and damaged ones, count as nothing', async () => {
    const place = join(folder, 'features');
    mkdirSync(place);
    const hash = (n: number): string => `${n}`.repeat(64);
    const files = await FeatureFiles.open(place, 'net', 2);
    await files.add([hash(1), hash(2)], new Tensor(Float32Array.of(1, 2, 3, 4), [2, 2]));
    await files.flush();
    writeFileSync(join(place, 'features-000002.safetensors'), 'damaged');
    const nameless = encodeSafetensors(new Map([['features', new Tensor(Float32Array.of(1), [1, 1])]]));
    writeFileSync(join(place, 'features-000003.safetensors'), nameless);
    writeFileSync(join(place, 'notes.txt'), 'somebody else’s');
    const again = await FeatureFiles.open(place, 'net', 2);
    expect(again.get(hash(2))).toEqual(Float32Array.of(3, 4));
    await again.add([hash(3)], new Tensor(Float32Array.of(5, 6), [1, 2]));
    await again.flush();
    expect((await FeatureFiles.open(place, 'net', 2)).get(hash(3))).toEqual(Float32Array.of(5, 6));
    expect((await FeatureFiles.open(place, 'other', 2)).get(hash(1))).toBeUndefined();
    const names = ['1', '2', '3', '4'].map((n) => `features-00000${n}.safetensors`);
    expect(readdirSync(place).sort()).toEqual([...names, 'notes.txt']);
  });
});
