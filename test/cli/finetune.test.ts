import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFinetuning } from '../../src/experiment/finetune/saved.ts';
import { decodeImage, loadModel } from '../../src/index.ts';
import { finetunePage } from '../../src/report/html/finetune-page.ts';
import { COLOURS, photo, photoFolder, SIDE, sayFloat64, tinyBase } from '../experiment/photos.ts';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere } from './degelo.ts';

const folder = temporaryFolder();
const images = photoFolder(join(folder, 'fruit'), { apple: 5, plum: 5 });
const base = join(folder, 'base');
await tinyBase().save(base);
/** The same from a file that something is to be said of. */
const noted = join(folder, 'noted');
await degeloHere('convert', base, noted);
sayFloat64(noted);
const tiny = ['finetune', '--base', base, '--images', images, '--epochs', '2', '--threads', '1'];
const thawing = ['--thaw', 'two', '--thaw-epochs', '1'];

describe('degelo finetune', () => {
  const out = join(folder, 'run');

  it('says what it does on stderr and what came of it on stdout, and leaves a model that takes photos', async () => {
    const { code, stdout, stderr } = await degeloHere(...tiny, ...thawing, '--out', out);
    expect(code).toBe(0);
    expect(stderr).toContain(`Base: ${base}, cut after average; photos at ${SIDE}×${SIDE} become 6 features`);
    expect(stderr).toContain(`Photos: ${images}, 2 classes; 8 to train on, 2 to test with`);
    expect(stderr).toContain('Thawed: the layer two is trained too; batch normalisation stays still');
    expect(stderr).toContain('What the frozen layers give is kept of 10 of 10 photos.');
    expect(stderr).toContain(
      `Report: ${join(out, 'report.html')}\nModel: ${join(out, 'model')}\nUse it: degelo predict ${out} PHOTO…\n`,
    );
    expect(stderr).not.toContain('nothing of this run is kept');
    expect(stdout).toMatch(/^─+\n +Head only +Thawed too\n/);
    expect(stdout).toContain('Always naming the largest class would be right in 50.0 %.');
    expect(readdirSync(out).sort()).toEqual([
      ...['details.json', 'head-model', 'model', 'report.html', 'report.txt', 'result.json'],
    ]);
    const model = await loadModel(join(out, 'model'));
    expect(model.classNames).toEqual(['apple', 'plum']);
    expect(model.inputShape).toEqual([SIDE, SIDE, 3]);
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    expect(page).toContain('img-src data:');
    expect(page).not.toMatch(/(src|href)="(?!#|data:)/);
  });

  it('notes photos of the test that are trained on too, and those that stand in two classes', async () => {
    const twins = join(folder, 'twins');
    photoFolder(join(twins, 'train'), { apple: 3, plum: 3 });
    photoFolder(join(twins, 'test'), { apple: 2, plum: 2 });
    const [twin, other] = [join('train', 'apple', '0.png'), join('test', 'plum', '1.png')];
    writeFileSync(join(twins, other), readFileSync(join(twins, twin)));
    writeFileSync(join(twins, 'test', 'apple', '1.png'), photo(COLOURS.apple, 77));
    const args = ['finetune', '--base', base, '--images', twins, '--epochs', '1', '--threads', '1'];
    const { code, stderr } = await degeloHere(...args);
    expect(code).toBe(0);
    expect(stderr).toContain('Note: nothing of this run is kept: --out FOLDER keeps the model');
    expect(stderr).toMatch(
      /^Note: photos of the test that are trained on too: 3 of 4, such as .*test.apple.0\.png\. /m,
    );
    expect(stderr).toMatch(
      /^Note: photos that are in two classes: 1, such as .*test.plum.1\.png, which is .*train.apple.0\.png too\.$/m,
    );
    expect((await degeloHere(...args, '--lang', 'pt')).stderr).toMatch(
      /^Nota: fotos que estão em duas classes: 1, como /m,
    );
    const quiet = (await degeloHere(...args, '--json')).stderr;
    expect(quiet).toMatch(/^Note: photos of the test .*\nNote: photos that are in two classes: .*\n$/);
    expect((await degeloHere(...tiny)).stderr).not.toMatch(/^Note: photos/m);
  });

  it('shows a photo that it mistook as an image of the photo’s own pixels', async () => {
    const saved = await readFinetuning(out);
    const pixels = Uint8Array.from({ length: 2 * 3 * 3 }, (_, i) => 14 * i);
    const mistake = {
      ...{ file: 'fruit/apple/1.jpg', label: 0, predicted: 1, probabilities: [0.2, 0.8] },
      ...{ height: 2, width: 3, pixels: Buffer.from(pixels).toString('base64') },
    };
    const page = finetunePage({ name: 'run', ...saved, details: { ...saved.details, mistakes: [mistake] } });
    const [, url, size] =
      page.match(/<img src="data:image\/png;base64,([^"]+)" (width="3" height="2")/) ?? [];
    const image = await decodeImage(Buffer.from(url, 'base64'));
    expect(size).toBe('width="3" height="2"');
    expect(Array.from(image.data)).toEqual(Array.from(pixels));
  });

  it('goes on with a finished run by saying its result again; other options are refused', async () => {
    const saved = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
    const { code, stdout } = await degeloHere('finetune', '--resume', out, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(saved);
    const other = await degeloHere('finetune', '--resume', out, '--thaw-epochs', '3');
    expect(other).toMatchObject({
      code: 1,
      stderr: 'degelo: resume: --thaw-epochs must be as in the run that was saved: expected 1, got 3\n',
    });
  });

  it('--json prints the documented result, and on stderr only what is to be said of the files', async () => {
    const { code, stdout, stderr } = await degeloHere(
      ...['finetune', '--base', noted, '--images', images, '--epochs', '2', '--threads', '1'],
      ...['--class-weights', 'balanced', '--json', '--lang', 'pt'],
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Nota: [^\n]*float64[^\n]*\n$/);
    const two = [expect.any(Number), expect.any(Number)];
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'finetune',
      classes: ['apple', 'plum'],
      samples: { train: 8, test: 2 },
      head: {
        history: { loss: two, accuracy: two, val_loss: two, val_accuracy: two, seconds: two },
        test: { loss: expect.any(Number), accuracy: expect.any(Number) },
        seconds: expect.any(Number),
      },
      thawed: null,
      options: { class_weights: 'balanced' },
      weights_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('speaks Portuguese, and names the photos that it left out', async () => {
    const bad = photoFolder(join(folder, 'bad'), { apple: 5, plum: 5 });
    writeFileSync(join(bad, 'apple', 'notes.jpg'), 'no photo');
    const { code, stdout, stderr } = await degeloHere(
      ...['finetune', '--base', noted, '--images', bad, '--epochs', '1', '--threads', '1'],
      ...['--skip-bad', '--lang', 'pt', '--out', join(folder, 'pt')],
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Nota: .*float64/m);
    expect(stderr).toMatch(/^Fica de fora: .*notes\.jpg: /m);
    expect(stdout).toContain('Só a cabeça');
    const page = readFileSync(join(folder, 'pt', 'report.html'), 'utf8');
    expect(page).toContain('<html lang="pt-BR">');
    expect(page).toContain('Arquivos que ficaram de fora');
    expect(page).toContain('notes.jpg');
  });

  it('leaves a model with which predict names classes, and evaluate tests a folder of photos', async () => {
    const photos = [join(images, 'apple', '0.png'), join(images, 'plum', '1.png')];
    const predicted = await degeloHere('predict', out, ...photos);
    expect(predicted).toMatchObject({ code: 0, stderr: '' });
    expect(predicted.stdout).toMatch(/^.*0\.png: (apple|plum) \(\d+\.\d %\)\n.*1\.png: (apple|plum) \(/);
    const json = JSON.parse((await degeloHere('predict', out, photos[0], '--json')).stdout);
    expect(json).toMatchObject({ classes: ['apple', 'plum'], predictions: [{ image: photos[0] }] });
    const tested = await degeloHere('evaluate', out, '--images', images, '--threads', '1', '--json');
    const result = JSON.parse(tested.stdout);
    expect(result).toMatchObject({ classes: ['apple', 'plum'], samples: 10 });
    expect(result.confusion.flat().reduce((sum: number, n: number) => sum + n, 0)).toBe(10);
    expect(result.test.accuracy).toBe((result.confusion[0][0] + result.confusion[1][1]) / 10);
    const other = photoFolder(join(folder, 'other'), { apple: 2, lime: 2 });
    expect(await degeloHere('evaluate', out, '--images', other)).toMatchObject({
      code: 1,
      stderr: `degelo: ${other}: the model knows no class lime: its classes are apple, plum: --classes names them otherwise\n`,
    });
    const slip = photoFolder(join(folder, 'slip'), { apple: 2, plum: 2 });
    renameSync(join(slip, 'apple'), join(slip, 'aple'));
    expect((await degeloHere('evaluate', out, '--images', slip)).stderr).toContain(
      'the model knows no class aple: did you mean apple?',
    );
    expect((await degeloHere('evaluate', out)).stderr).toContain('--images: this model takes photos');
    const lime = await degeloHere(
      ...['evaluate', out, '--images', other, '--classes', 'apple, lime', '--threads', '1', '--json'],
    );
    expect(JSON.parse(lime.stdout)).toMatchObject({ classes: ['apple', 'lime'], samples: 4 });
    for (const [given, message] of [
      ['apple', "--classes: must be as many as the model's classes: expected 2, got 1"],
      ['apple,apple', '--classes: must be names, each once, such as cat,dog: got apple,apple'],
      ['apple,', '--classes: must be names, each once, such as cat,dog: got apple,'],
    ]) {
      const refused = await degeloHere('evaluate', out, '--images', images, '--classes', given);
      expect(refused).toMatchObject({ code: 2, stdout: '', stderr: `degelo: ${message}\n` });
    }
    expect((await degeloHere('predict', out, join(base, 'model.json'))).code).toBe(1);
    expect((await degeloHere('predict', out, photos[0], '--draw')).stderr).toContain(
      '--draw: is for models of grey',
    );
    expect((await degeloHere('predict', out, photos[0], '--invert', 'yes')).stderr).toContain(
      '--invert: is for handwritten digits',
    );
    const named = await degeloHere('predict', out, photos[0], '--classes', 'maçã,0');
    expect(named.stdout).toMatch(/: (maçã|0) \(\d/);
    const bad = await degeloHere(
      'predict',
      out,
      ...Array.from({ length: 22 }, (_, n) => join(folder, `no-${n}.png`)),
    );
    expect(bad.stderr).toMatch(/predict: 22 of 22 files failed: .*; and \d more\n$/);
  });

  it('evaluate --skip-bad leaves out files that are no photos, and says which; else such a file ends it, with that advice', async () => {
    const mixed = photoFolder(join(folder, 'mixed'), { apple: 2, plum: 2 });
    const file = join(mixed, 'plum', '0.png');
    writeFileSync(file, 'GIF89a');
    const evaluate = (...more: string[]) =>
      degeloHere('evaluate', out, '--images', mixed, '--threads', '1', ...more);
    const refused = await evaluate();
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/0\.png: expected .*GIF.*: --skip-bad leaves out such files\n$/);
    const json = await evaluate('--skip-bad', '--json');
    expect(json.stderr).toMatch(/^Left out: .*0\.png: expected .*GIF/);
    expect(JSON.parse(json.stdout)).toMatchObject({ samples: 3, skipped: [{ file }] });
    rmSync(join(mixed, 'plum'), { recursive: true });
    mkdirSync(join(mixed, 'plum'));
    writeFileSync(file, 'GIF89a');
    const text = await evaluate('--skip-bad', '--lang', 'pt');
    expect(text.stderr).toMatch(/^Fica de fora: /);
    expect(text.stdout).toMatch(/plum +0 +–/);
    rmSync(join(mixed, 'apple'), { recursive: true });
    cpSync(join(mixed, 'plum'), join(mixed, 'apple'), { recursive: true });
    expect((await evaluate('--skip-bad')).stderr).toContain(
      `${mixed}: a test needs photos: all files are bad`,
    );
    const usage = await degeloHere('evaluate', out, '--skip-bad');
    expect(usage).toMatchObject({
      code: 2,
      stderr: 'degelo: --skip-bad: is for photos, which --images names\n',
    });
  });

  it('evaluate tests the photos in test where a folder is split', async () => {
    const split = join(folder, 'split');
    photoFolder(join(split, 'train'), { apple: 3, plum: 3 });
    photoFolder(join(split, 'test'), { apple: 2, plum: 1 });
    const tested = await degeloHere('evaluate', out, '--images', split, '--threads', '1', '--json');
    expect(JSON.parse(tested.stdout)).toMatchObject({ samples: 3 });
  });

  it('leaves a folder that holds something alone', async () => {
    const { code, stderr } = await degeloHere(...tiny, '--out', out);
    expect(code).toBe(1);
    expect(stderr).toContain('--force replaces results in it');
  });
});

describe('wrong usage ends with 2 and one line', () => {
  it.each([
    [['finetune', '--images', images], '--base: the pretrained network is missing: --base MODEL'],
    [['finetune', '--base', base], '--images: the photos are missing: --images FOLDER'],
    [[...tiny, '--checkpoint-steps', '2'], '--checkpoint-steps: there is no folder'],
    [['finetune', '--resume', folder, '--force'], '--force: starts the run again'],
    [[...tiny, '--size', 'big'], 'Expected a number of pixels, such as 224'],
    [[...tiny, '--test-split', '1'], 'Expected a number above 0 and below 1'],
    [[...tiny, '--dropout', '1'], 'Expected a number of at least 0 and below 1'],
    [[...tiny, '--preprocess', 'keras'], 'Allowed choices are none, unit, tf, torch, caffe'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await degeloHere(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('what can not be done ends with 1 and one line, and leaves no folder', () => {
  it.each([
    ['an unknown layer', ['--cut', 'averag'], 'did you mean average?'],
    ['layers that are not there', ['--thaw', '99'], '--thaw: must be at most'],
    ['no such folder', ['--images', join(folder, 'nowhere')], 'nowhere: no such folder'],
    ['a file as base', ['--base', join(images, 'apple', '0.png')], 'no model that is known'],
  ])('%s', async (_name, args, message) => {
    const out = join(folder, 'nothing');
    const { code, stderr, stdout } = await degeloHere(...tiny, ...args, '--out', out);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n').at(-1)).toMatch(/^degelo: /);
    expect(existsSync(out)).toBe(false);
  });
});
