/** `degelo features`, cell by cell, and what is trained on them. */
import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  decodeFeatureCell,
  encodeFeatureCell,
  FEATURE_CELLS,
} from '../../src/experiment/finetune/feature-cells.ts';
import { encodeJob, parseJob } from '../../src/experiment/finetune/feature-job.ts';
import { FeatureSet } from '../../src/experiment/finetune/feature-set.ts';
import { expectFeaturesOf } from '../../src/experiment/finetune/photo-source.ts';
import { readFinetuning } from '../../src/experiment/finetune/saved.ts';
import { decodeNpz, encodeSafetensors, Tensor } from '../../src/index.ts';
import { COLOURS, photo, photoFolder, SIDE, sayFloat64, tinyBase } from '../experiment/photos.ts';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere, start } from './degelo.ts';

const folder = temporaryFolder();
const images = photoFolder(join(folder, 'fruit'), { apple: 5, plum: 5 });
const base = join(folder, 'base');
await tinyBase().save(base);
const source = ['features', '--base', base, '--images', images, '--threads', '1'];
const out = join(folder, 'features');
const cell = (i: number, ...more: string[]) =>
  degeloHere(...source, '--out', out, '--cell', `${i}/3`, ...more);
const finetune = async (...args: string[]) => {
  const outcome = await degeloHere(
    'finetune',
    '--base',
    base,
    '--epochs',
    '2',
    '--threads',
    '1',
    '--json',
    ...args,
  );
  expect(outcome.code).toBe(0);
  // What is to be known of the photos is said beside JSON too.
  expect(outcome.stderr).toMatch(/^((Left out: [^\n]*a\.jpg: expected|Note: photos )[^\n]*\n)*$/);
  return JSON.parse(outcome.stdout);
};
const cellFile = (i: number) => join(out, `cell-00000${i}.safetensors`);

describe('degelo features --cell', () => {
  it('keeps the features of its photos in one file, and says what it did', async () => {
    const begin = performance.now();
    const { code, stdout, stderr } = await cell(1);
    expect(code).toBe(0);
    const [, time, unit] =
      /^Cell 1 of 3: 3 photos in ([\d.]+) (m?s), 0 of them from before\n$/.exec(stderr) ?? [];
    expect(Number(time) * (unit === 's' ? 1000 : 1)).toBeLessThan(2 * (performance.now() - begin));
    expect(stdout).toContain(
      `Features of 3 photos are in ${out}, 0 of them from before; 0 files are no photos.`,
    );
    expect(readdirSync(out).sort()).toEqual(['cell-000001.safetensors', 'features.json']);
    const { job, photos, features } = decodeFeatureCell(readFileSync(cellFile(1)), 'cell', 'safetensors');
    expect(job).toMatchObject({
      ...{ cut: 'average', width: 6, size: [SIDE, SIDE], preprocessing: 'none', kernel: 'strict', cells: 3 },
      ...{ classes: ['apple', 'plum'], photos: { train: [5, 5], test: [0, 0] } },
    });
    expect(photos.map(({ name }) => name)).toEqual(['apple/3.png', 'apple/4.png', 'plum/0.png']);
    expect(features.shape).toEqual([3, 6]);
  });

  it('says seconds as JSON: by a clock that goes on by seconds they are whole', async () => {
    let seconds = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => 1000 * ++seconds);
    const { stdout } = await cell(1, '--json').finally(() => clock.mockRestore());
    expect(JSON.parse(stdout).seconds).toSatisfy((s: number) => Number.isInteger(s) && s > 0 && s < seconds);
  });

  it('leaves a whole cell alone; one that is damaged, or whose photos changed, is done again', async () => {
    const [before, bytes] = [statSync(cellFile(1)).mtimeMs, readFileSync(cellFile(1))];
    const again = JSON.parse((await cell(1, '--json')).stdout);
    expect(again).toMatchObject({
      command: 'features',
      cells: 1,
      photos: { computed: 0, stored: 3, skipped: 0 },
    });
    expect(statSync(cellFile(1)).mtimeMs).toBe(before);
    writeFileSync(cellFile(1), bytes.subarray(0, -4));
    const mended = await cell(1);
    expect(mended.stderr).toContain('cell-000001.safetensors: truncated');
    expect(readFileSync(cellFile(1))).toEqual(bytes);
    bytes[bytes.length - 1] ^= 1; // within the text: it is still whole, but another
    writeFileSync(cellFile(1), bytes);
    expect((await cell(1)).stderr).toContain('it is done again');
    const other = join(images, 'plum', '0.png');
    writeFileSync(other, photo(COLOURS.plum, 99));
    expect(JSON.parse((await cell(1, '--json')).stdout).photos).toEqual({
      computed: 1,
      stored: 2,
      skipped: 0,
    });
    writeFileSync(other, photo(COLOURS.plum, 0));
    expect(JSON.parse((await cell(1, '--json')).stdout).photos).toEqual({
      computed: 1,
      stored: 2,
      skipped: 0,
    });
  });

  it.each([
    ['another cut', ['--cut', 'two'], 'cut: expected "two", got "average"'],
    ['another size', ['--size', '14'], 'size of photos: expected [14,14], got [12,12]'],
    ['another preprocessing', ['--preprocess', 'unit'], 'preprocessing: expected "unit", got "none"'],
    ['another number of cells', ['--cell', '0/4'], 'number of cells: expected 4, got 3'],
  ])('refuses %s in the same folder, by name', async (_, args, message) => {
    const { code, stderr } = await cell(0, ...args);
    expect(code).toBe(1);
    expect(stderr).toContain(`--out: ${join(out, 'features.json')} is of another feature extraction: `);
    expect(stderr).toContain(message);
  });

  it('refuses another base, and photos that came since', async () => {
    const other = join(folder, 'other-base');
    const changed = tinyBase();
    changed.getLayer('two').setWeights(
      changed
        .getLayer('two')
        .getWeights()
        .map(
          ({ data, shape }) =>
            new Tensor(
              data.map((x) => x + 1),
              shape,
            ),
        ),
    );
    await changed.save(other);
    expect((await cell(0, '--base', other)).stderr).toMatch(
      /another feature extraction: base, SHA-256: expected .*, got /,
    );
    const more = join(folder, 'more');
    cpSync(images, more, { recursive: true });
    writeFileSync(join(more, 'apple', '7.png'), photo(COLOURS.apple, 7));
    expect((await cell(0, '--images', more)).stderr).toContain('photos: expected {"train":[6,5]');
  });

  it('says what of the base’s file is otherwise here, beside JSON too', async () => {
    const noted = join(folder, 'noted');
    await degeloHere('convert', base, noted);
    sayFloat64(noted);
    const args = ['features', '--base', noted, '--images', images, '--out', join(folder, 'of-noted')];
    expect((await degeloHere(...args, '--json')).stderr).toMatch(
      /^Note: layers that computed in float64[^\n]*\n$/,
    );
    expect((await degeloHere(...args)).stderr).toMatch(/^Note: layers that computed in float64/);
  });

  it('is merged only where every cell is there once', async () => {
    expect(await degeloHere('features', '--merge', out, '--out', join(folder, 'no.npz'))).toMatchObject({
      code: 1,
      stderr: 'degelo: merge: every cell must be there: expected 3, got 1: missing cell 0, cell 2\n',
    });
    expect(existsSync(join(folder, 'no.npz'))).toBe(false);
  });

  it('goes on after kill -9: the killed cell begins anew, and the bytes are the same', async () => {
    const args = [...source, '--out', out, '--cell', '2/3'];
    const { child, outcome } = await start(...args);
    child.kill('SIGKILL');
    await outcome;
    expect(existsSync(cellFile(2))).toBe(false);
    expect((await degeloHere(...args)).code).toBe(0);
    const alone = join(folder, 'alone');
    expect((await degeloHere(...source, '--out', alone, '--cell', '2/3')).code).toBe(0);
    expect(readFileSync(cellFile(2))).toEqual(readFileSync(join(alone, 'cell-000002.safetensors')));
  });

  it('without --cell all are done, of as many as the folder has', async () => {
    const { stdout, stderr } = await degeloHere(...source, '--out', out, '--lang', 'pt');
    expect(stderr).toMatch(/^Célula 0 de 3: 3 fotos em .*, 0 delas de antes\n/);
    expect(stdout).toContain('7 delas de antes; 0 arquivos não são fotos');
  });
});

describe('what is trained on features', () => {
  it('is what finetune trains on the photos, to the bit: from the folder, from one file, and from two folders merged', async () => {
    const direct = await finetune('--images', images);
    const half = join(folder, 'half');
    cpSync(out, half, { recursive: true });
    rmSync(join(half, 'cell-000000.safetensors'));
    const [tensors, archive] = [join(folder, 'all.safetensors'), join(folder, 'all.npz')];
    const merged = await degeloHere('features', '--merge', out, '--out', tensors, '--json');
    expect(JSON.parse(merged.stdout)).toMatchObject({
      command: 'features --merge',
      photos: { merged: 10, skipped: 0 },
    });
    rmSync(join(half, 'features.json'));
    const rest = join(folder, 'rest');
    cpSync(out, rest, { recursive: true });
    for (const i of [1, 2]) rmSync(join(rest, `cell-00000${i}.safetensors`));
    expect((await degeloHere('features', '--merge', half, rest, '--out', archive)).stdout).toBe(
      `${archive}: 6 features each of 10 photos; 0 files were no photos.\n`,
    );
    for (const place of [out, tensors, archive]) {
      const { weights_sha256, data, head } = await finetune('--features', place);
      expect(weights_sha256).toBe(direct.weights_sha256);
      expect(data).toEqual({ ...direct.data, source: place });
      expect(head.test).toEqual(direct.head.test);
    }
    const numbers = decodeNpz(readFileSync(archive));
    expect(Array.from(numbers.get('labels')?.data ?? [])).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect(numbers.get('features')?.shape).toEqual([10, 6]);
    const twice = await degeloHere('features', '--merge', out, half, '--out', tensors, '--force');
    expect(twice.stderr).toContain('merge: each cell must be there once: got cell 1 in ');
    expect((await degeloHere('features', '--merge', out, '--out', tensors)).stderr).toContain(
      'already exists (--force',
    );
  });

  it('thaws where the photos are given too, and leaves a report without pictures where they are not at hand', async () => {
    const thaw = ['--thaw', 'two', '--thaw-epochs', '1'];
    const { thawed } = await finetune('--features', out, '--images', images, ...thaw);
    expect(thawed.layers).toEqual(['two']);
    const run = join(folder, 'run');
    await finetune('--features', out, '--out', run, '--test-split', '0.6', '--learning-rate', '1e-9');
    const page = readFileSync(join(run, 'report.html'), 'utf8');
    expect(page).toContain('<figure class="photo">');
    expect(page).not.toContain('<img');
    const { details } = await readFinetuning(run);
    rmSync(join(run, 'report.html'));
    expect(await degeloHere('report', run)).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toBe(page);
    const both = await degeloHere('report', run, run, '--out', join(folder, 'both.html'));
    expect(both).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('a run of finetune has a page of its own'),
    });
    expect(details.mistakes[0]).toMatchObject({ width: 0, pixels: '' });
    expect(details.arguments.join(' ')).toContain(`--features ${out}`);
  });

  it('folders that are split stay so, and what is no photo is left out and named', async () => {
    const split = join(folder, 'split');
    for (const half of ['train', 'test']) photoFolder(join(split, half), { apple: 3, lime: 2 });
    writeFileSync(join(split, 'train', 'apple', 'a.jpg'), 'no photo');
    const place = join(folder, 'split-features');
    const args = ['features', '--base', base, '--images', split, '--threads', '1', '--out', place];
    expect((await degeloHere(...args)).stderr).toMatch(
      /a\.jpg: expected a JPEG or PNG image.*: --skip-bad leaves out such files$/m,
    );
    const { stdout } = await degeloHere(...args, '--skip-bad', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ photos: { computed: 10, skipped: 1 }, job: { cells: 1 } });
    const { weights_sha256, ...direct } = await finetune('--images', split, '--skip-bad');
    const other = await finetune('--features', place);
    expect(other.weights_sha256).toBe(weights_sha256);
    expect(other.samples).toEqual({ train: 5, test: 5 });
    expect(other.data).toEqual({ ...direct.data, source: place });
    expect((await degeloHere(...args, '--skip-bad', '--json')).stdout).toContain('"stored": 10');
    // What was no photo is one now: what is kept of the others is still each one's own.
    const [lime] = readdirSync(join(split, 'train', 'lime'));
    copyFileSync(join(split, 'train', 'lime', lime), join(split, 'train', 'apple', 'a.jpg'));
    expect((await degeloHere(...args, '--skip-bad', '--json')).stdout).toContain('"stored": 11');
    const [whole, again] = [await finetune('--images', split), await finetune('--features', place)];
    expect(again.weights_sha256).toBe(whole.weights_sha256);
  });

  it.each([
    [
      'another size',
      ['--size', '20'],
      '--size: must be as the features were computed: expected 12,12, got 20,20',
    ],
    [
      'another cut',
      ['--cut', 'one'],
      '--cut: must be as the features were computed: expected average, got one',
    ],
    [
      'another base',
      ['--base', join(folder, 'other-base')],
      '--features: the base must be that of the features: expected base with',
    ],
    [
      'another convolution',
      ['--convolution', 'direct'],
      '--features: --convolution must be that of the features',
    ],
    [
      'other photos',
      ['--images', join(folder, 'more')],
      '--images: must hold the photos that the features are of',
    ],
    [
      'a folder of something else',
      ['--features', images],
      `--features: ${images} holds no feature extraction`,
    ],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await degeloHere(
      'finetune',
      '--base',
      base,
      '--features',
      out,
      '--threads',
      '1',
      ...args,
    );
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});

describe('files from elsewhere are not believed', () => {
  it('a cell under the name of another is done again', async () => {
    const place = join(folder, 'mistaken');
    cpSync(out, place, { recursive: true });
    const file = join(place, 'cell-000000.safetensors');
    const right = readFileSync(file);
    cpSync(join(place, 'cell-000001.safetensors'), file);
    const { stderr } = await degeloHere(...source, '--out', place, '--cell', '0/3');
    expect(stderr).toContain('cell-000000.safetensors: holds cell 1');
    expect(readFileSync(file)).toEqual(right);
  });

  it('a folder that can not be made, and one that is none, are named with their option', async () => {
    const file = join(images, 'apple', '0.png');
    const { code, stderr } = await degeloHere(...source, '--out', join(file, 'features'), '--cell', '0/3');
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^degelo: --out: .*features/),
    });
    expect((await degeloHere('features', '--merge', file, '--out', join(folder, 'x.npz'))).stderr).toContain(
      `--merge: expected a folder, got ${file}`,
    );
  });

  const bytes = () => readFileSync(cellFile(0));
  const whole = () => decodeFeatureCell(bytes(), 'f', 'safetensors');
  const merged = () => decodeFeatureCell(readFileSync(join(folder, 'all.npz')), 'f', 'npz');

  it('a cell under another name, and one of a newer version, are refused', async () => {
    const place = join(folder, 'renamed');
    cpSync(out, place, { recursive: true });
    renameSync(join(place, 'cell-000002.safetensors'), join(place, 'cell-copy.safetensors'));
    const { stderr } = await degeloHere('features', '--merge', place, '--out', join(folder, 'x.npz'));
    expect(stderr).toContain('name must be that of its cell: expected cell-000002.safetensors');
    const { job, ...cell } = whole();
    expect(
      () => new FeatureSet([{ file: 'f', content: { ...cell, job: { ...job, version: '9' } } }]),
    ).toThrow('version of degelo');
  });

  it.each<[string, (cell: ReturnType<typeof whole>) => ReturnType<typeof whole>, string]>([
    [
      'names of another list',
      ({ photos, ...cell }) => ({ ...cell, photos: photos.map((one) => ({ ...one, name: 'x' })) }),
      'names of the photos',
    ],
    [
      'too few photos',
      ({ photos, ...cell }) => ({ ...cell, photos: photos.slice(1) }),
      'must name all files of its cell',
    ],
  ])('%s', (_, change, message) => {
    const made = change({
      ...whole(),
      job: { ...whole().job, cells: 1, photos: { ...whole().job.photos, train: [3, 0] } },
    });
    expect(() => {
      const content = decodeFeatureCell(encodeFeatureCell(made, 'f', 'npz'), 'f', 'npz');
      new FeatureSet([{ file: 'f', content }]);
    }).toThrow(message);
  });

  it('other tensors, and features of other arithmetic or another version, are refused', () => {
    const tensors = encodeSafetensors(new Map([['x', new Tensor(new Float32Array(1), [1])]]));
    expect(() => decodeFeatureCell(tensors, 'f', 'safetensors')).toThrow('there is no about');
    const set = new FeatureSet([{ file: 'f', content: { ...merged() } }]);
    const run = { baseSha256: set.job.base.sha256, convolution: 'auto', kernel: 'simd' } as const;
    expectFeaturesOf(set, run);
    expect(() => expectFeaturesOf(set, { ...run, kernel: 'fma' })).toThrow(
      '--kernel must be that of the features: expected strict, got fma',
    );
    Object.assign(set.job, { version: '9' });
    expect(() => expectFeaturesOf(set, run)).toThrow(
      'the version of degelo must be that of the features: expected 9',
    );
  });

  it.each([
    [{ cells: 0 }, 'cells must be from 1 to 10'],
    [{ photos: { train: [1e12, 0], test: [0, 0], sha256: '' } }, 'photos must be at most'],
    [{ preprocessing: 'keras' }, 'preprocessing'],
    [{ photos: { train: [1], test: [0, 0], sha256: '' } }, 'photos.train'],
  ])('a job that says %j', (change, message) => {
    const text = encodeJob({ ...whole().job, ...(change as object) });
    expect(() => FEATURE_CELLS.parseJob(new TextEncoder().encode(text), 'f')).toThrow(message);
    expect(parseJob(encodeJob(whole().job), 'f')).toEqual(whole().job);
  });
});

describe('wrong usage ends with 2 and one line', () => {
  it.each([
    [['features', '--images', images, '--out', out], '--base: the pretrained network is missing'],
    [['features', '--base', base, '--out', out], '--images: the photos are missing'],
    [['features', '--base', base, '--images', images], '--out: the folder of the features is missing'],
    [[...source, '--out', out, '--force'], '--force: is for --merge'],
    [[...source, '--out', out, '--cell', '3/3'], 'Expected i/n, two whole numbers'],
    [[...source, '--out', join(folder, 'n'), '--cell', '0/11'], 'expected i/n with n ≤ 10, got n = 11'],
    [['features', '--merge', out], '--out: the file is missing'],
    [['features', '--merge', out, '--out', 'all.csv'], 'expected a .safetensors or .npz file, got all.csv'],
    [
      ['features', '--merge', out, '--out', 'a.npz', '--base', base],
      '--base: the files that --merge joins say how',
    ],
    [
      ['finetune', '--base', base, '--features', out, '--thaw', '1'],
      '--thaw: trains on the photos themselves',
    ],
    [
      ['finetune', '--base', base, '--features', out, '--skip-bad'],
      '--skip-bad: degelo features has already left out',
    ],
    [['finetune', '--base', base, '--features', 'x.csv'], '--features: expected a folder, or a .safetensors'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await degeloHere(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
