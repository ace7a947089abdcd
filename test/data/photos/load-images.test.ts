/** A folder per class: what is taken, what is split, what is refused. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeImage, loadImages, resizeImage } from '../../../src/index.ts';
import { temporaryFolder } from '../../temporary.ts';
import { jpegFile } from './fixtures.ts';

const JPEG = jpegFile('baseline, 4:2:0');
let root: string;
let count = 0;

beforeAll(() => {
  root = temporaryFolder();
});

/** A new folder with these files: JPEG unless text is given. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>> | readonly string[]): string {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  for (const [name, content] of Array.isArray(files)
    ? files.map((name) => [name, JPEG])
    : Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const numbered = (name: string, n: number): string[] =>
  Array.from({ length: n }, (_, i) => `${name}/${i}.jpg`);

describe('loadImages', () => {
  it('gives photos as decodeImage and resizeImage make them, with labels by name as Keras sorts them', async () => {
    const folder = folderOf({
      'b/2.jpg': JPEG,
      'b/10.jpg': jpegFile('orientation 6'),
      'B2/x.JPG': JPEG,
      'a/deep/er/y.png.jpg': jpegFile('grey'),
      'a/.DS_Store': 'x',
      'b/Thumbs.db': 'x',
      '.git/c.jpg': 'x',
      'README.md': 'about',
    });
    const { classNames, train, test, skipped } = await loadImages(folder, { size: [5, 4] });
    expect(classNames).toEqual(['B2', 'a', 'b']);
    expect(train.files.map((file) => relative(folder, file).replaceAll('\\', '/'))).toEqual([
      ...['B2/x.JPG', 'a/deep/er/y.png.jpg', 'b/10.jpg', 'b/2.jpg'],
    ]);
    expect([...train.labels]).toEqual([0, 1, 2, 2]);
    expect(train.x.shape).toEqual([4, 5, 4, 3]);
    const expected = resizeImage(await decodeImage(jpegFile('orientation 6')), { size: [5, 4] });
    expect(train.x.slice(2, 3).data).toEqual(expected.data);
    expect([test.x.shape, test.files, skipped]).toEqual([[0, 5, 4, 3], [], []]);
    const grey = await loadImages(pathToFileURL(folder), { size: 3, channels: 1 });
    expect(grey.train.x.shape).toEqual([4, 3, 3, 1]);
  });

  it('splits each class by the seed, and takes at most so many of each', async () => {
    const folder = folderOf([...numbered('cats', 10), ...numbered('dogs', 5)]);
    const load = (options: object) => loadImages(folder, { size: 1, testSplit: 0.4, ...options });
    const [one, again, other] = [await load({}), await load({ seed: 0 }), await load({ seed: 1 })];
    expect([...one.test.labels]).toEqual([0, 0, 0, 0, 1, 1]);
    expect([...one.train.labels]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1]);
    expect(new Set([...one.train.files, ...one.test.files]).size).toBe(15);
    expect(again.test.files).toEqual(one.test.files);
    expect(other.test.files).not.toEqual(one.test.files);
    const few = await load({ perClass: 4, testSplit: 0.5 });
    expect([[...few.train.labels], [...few.test.labels]]).toEqual([
      [0, 0, 1, 1],
      [0, 0, 1, 1],
    ]);
    // Another class changes nothing in these.
    cpSync(join(folder, 'dogs'), join(folder, 'birds'), { recursive: true });
    const more = await load({});
    expect(more.test.files.slice(2)).toEqual(one.test.files);
    await expect(load({ testSplit: 0.05 })).rejects.toThrow(
      /testSplit must leave photos of each class in both halves/,
    );
  });

  it('takes train and test, or validation, as they are', async () => {
    for (const test of ['test', 'validation']) {
      const files = [
        ...numbered('train/a', 3),
        ...numbered('train/b', 2),
        `${test}/a/7.jpg`,
        `${test}/b/8.jpg`,
      ];
      const folder = folderOf(files);
      const loaded = await loadImages(folder, { size: 1 });
      expect([[...loaded.train.labels], [...loaded.test.labels]]).toEqual([
        [0, 0, 0, 1, 1],
        [0, 1],
      ]);
      await expect(loadImages(folder, { size: 1, testSplit: 0.1 })).rejects.toThrow(
        'testSplit is for a folder that',
      );
    }
    const three = folderOf(['train/a/1.jpg', 'train/b/1.jpg', 'test/a/1.jpg', 'val/a/1.jpg']);
    await expect(loadImages(three, { size: 1 })).rejects.toThrow('must hold train and one of');
    const uneven = folderOf(['train/a/1.jpg', 'train/b/1.jpg', 'test/a/1.jpg', 'test/c/1.jpg']);
    await expect(loadImages(uneven, { size: 1 })).rejects.toThrow(
      'train and test must have the same classes: got "a", "b", and "a", "c"',
    );
    // A class may be called train, or test.
    const trains = folderOf(['train/1.jpg', 'bus/1.jpg']);
    expect((await loadImages(trains, { size: 1 })).classNames).toEqual(['bus', 'train']);
  });

  it('names a file that is no photo, or leaves it out and says so', async () => {
    const folder = folderOf({
      ...{ 'a/1.jpg': JPEG, 'a/2.jpg': '<!doctype html>', 'b/1.jpg': JPEG },
      'b/2.jpg': JPEG.subarray(0, 100),
    });
    await expect(loadImages(folder, { size: 1 })).rejects.toThrow(
      /2\.jpg: expected a JPEG .* an HTML page.*: skipBad: true leaves out such files$/,
    );
    const { train, skipped } = await loadImages(folder, { size: 1, skipBad: true });
    expect([...train.labels]).toEqual([0, 1]);
    expect(train.x.shape).toEqual([2, 1, 1, 3]);
    expect(skipped.map(({ file }) => relative(folder, file).replaceAll('\\', '/'))).toEqual([
      'a/2.jpg',
      'b/2.jpg',
    ]);
    expect(skipped[1].reason).toMatch(/truncated/);
    writeFileSync(join(folder, 'a/1.jpg'), '');
    await expect(loadImages(folder, { size: 1, skipBad: true })).rejects.toThrow('all files of a are bad');
  });

  it('leaves what systems and servers put there, thumbnails of photos too, and takes halves by their other names', async () => {
    const folder = folderOf([
      ...['Training/a/1.jpg', 'Training/b/1.jpg', 'Validation/a/1.jpg', 'Validation/b/2.jpg'],
      ...['Training/a/@eaDir/1.jpg', '$RECYCLE.BIN/x.jpg', '@eaDir/1.jpg', 'Training/__pycache__/1.jpg'],
    ]);
    const { classNames, train, test } = await loadImages(folder, { size: 1 });
    expect([classNames, train.files.length, test.files.length]).toEqual([['a', 'b'], 2, 2]);
  });

  it('refuses folders that are none of photos by class, saying what they hold', async () => {
    const refused = async (folder: string) =>
      loadImages(folder, { size: 1 }).then(
        () => 'nothing',
        (error: Error) => `${error.name}: ${error.message.replace(folder, 'F')}`,
      );
    expect(await refused(folderOf(['1.jpg', '2.jpg']))).toBe(
      'DataError: F: photos must be in one folder per class, as cats/1.jpg: got "1.jpg" directly in it',
    );
    expect(await refused(folderOf(['a/1.jpg', 'b/1.jpg', '2.PNG']))).toContain(
      'got "2.PNG" beside the folders',
    );
    expect(await refused(folderOf([]))).toContain('expected one folder per class, two or more: got none');
    expect(await refused(folderOf(['a/1.jpg']))).toContain('got one, "a"');
    expect(await refused(folderOf({ 'a/1.jpg': JPEG, 'b/.hidden': '' }))).toContain('got an empty folder');
    expect(await refused(folderOf(['Cats/1.jpg', 'cats/1.jpg', 'dogs/1.jpg']))).toContain(
      'classes must differ in more than capital letters and how accents are written: got "Cats" and "cats"',
    );
    expect(await refused(join(root, 'nowhere'))).toContain('no such folder');
    expect(await refused(join(folderOf(['a/1.jpg']), 'a/1.jpg'))).toContain('must be a folder, got a file');
    const circle = folderOf(['a/1.jpg', 'b/1.jpg']);
    symlinkSync(circle, join(circle, 'a/again'));
    expect(await refused(circle)).toContain('a link in a circle');
    const lost = folderOf(['a/1.jpg', 'b/1.jpg']);
    symlinkSync(join(lost, 'nothing'), join(lost, 'a/lost.jpg'));
    expect(await refused(lost)).toMatch(/lost\.jpg: .*no such file|lost\.jpg: not found/);
    const { skipped } = await loadImages(lost, { size: 1, skipBad: true });
    expect(skipped.map(({ file }) => file)).toEqual([join(lost, 'a/lost.jpg')]);
    execFileSync('mkfifo', [join(lost, 'b/pipe.png')]);
    const odd = await loadImages(lost, { size: 1, skipBad: true });
    expect(odd.skipped.map(({ file }) => file)).toEqual([join(lost, 'a/lost.jpg'), join(lost, 'b/pipe.png')]);
    symlinkSync(join(lost, 'nothing'), join(lost, 'c'));
    expect(await refused(lost)).toMatch(/c: can't be read: no such file/);
    expect(await refused(folderOf(['train/a/1.jpg', 'train/b/1.jpg']))).toContain(
      'got one, "train": a split folder holds',
    );
    expect(await refused(folderOf(['all/a/1.jpg', 'all/b/1.jpg']))).toMatch(
      /got one, "all": to take the 2 folders in it, give .*all$/,
    );
    expect(await refused(folderOf(['test/a/1.jpg', 'val/a/1.jpg']))).toContain('must hold train and one of');
    const three = folderOf(
      ['train', 'val', 'test'].flatMap((half) => [`${half}/a/1.jpg`, `${half}/b/1.jpg`]),
    );
    expect(await refused(three)).toContain('and no third: got test, train, val: move what is not to be used');
    // The same letter, of two systems: where both names can be in one folder.
    const accents = folderOf(['caf\u00e9/1.jpg', 'cafe\u0301/1.jpg']);
    if (readdirSync(accents).length === 2)
      expect(await refused(accents)).toContain('how accents are written');
  });

  it('refuses options that are none, with the name beside them', async () => {
    const folder = folderOf(['a/1.jpg', 'b/1.jpg']);
    // biome-ignore lint/suspicious/noExplicitAny: as JavaScript calls it
    const call = loadImages as (...args: any[]) => Promise<unknown>;
    await expect(call(folder, { imageSize: 5 })).rejects.toThrow(
      'unknown option imageSize (did you mean size?)',
    );
    await expect(call(folder, { size: 5, validation_split: 0.2 })).rejects.toThrow('did you mean testSplit?');
    const labelled = call(folder, { size: 5, labelMode: 'categorical' });
    await expect(labelled).rejects.toThrow('unknown option labelMode: toCategorical(labels) makes rows');
    const part = call(folder, { size: 5, subset: 'training' });
    await expect(part).rejects.toThrow('unknown option subset: take train or test');
    const still = call(folder, { size: 5, shuffle: false });
    await expect(still).rejects.toThrow('unknown option shuffle: fit shuffles what it is given');
    for (const [option, right] of [
      ['pad_to_aspect_ratio', 'images are stretched, or cut with cropToAspectRatio; pad them before'],
      ['follow_links', 'links are followed'],
      ['labels', 'folders are the classes'],
      ['verbose', 'nothing is printed'],
    ]) {
      const given = loadImages(root, { size: 4, [option]: true } as never);
      await expect(given).rejects.toThrow(`unknown option ${option}: ${right}`);
    }
    await expect(loadImages(root, { size: 4, seed: 2 ** 53 })).rejects.toThrow(
      'loadImages: seed must be an integer from 0 to 2^53 − 1, got 9007199254740992',
    );
    await expect(call(folder, {})).rejects.toThrow('loadImages: size must be');
    await expect(call(folder)).rejects.toThrow('loadImages: size must be');
    await expect(call(7, { size: 5 })).rejects.toThrow('folder must be a path or a file: URL, got 7');
    await expect(call(folder, { size: 5, testSplit: 1 })).rejects.toThrow('testSplit must be');
    await expect(call(folder, { size: 5, perClass: 0 })).rejects.toThrow('perClass must be');
  });
});
