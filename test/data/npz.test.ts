import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { loadNpz } from '../../src/data/npz.ts';
import { temporaryFolder } from '../temporary.ts';
import { bytesOf, dataError, npy } from './files.ts';

const path = join(temporaryFolder(), 'mnist.npz');

/** Two training images of 2×2, one test image; labels as 64-bit integers, as NumPy makes them of a list. */
const MEMBERS = {
  'x_train.npy': npy('|u1', [2, 2, 2], Uint8Array.of(0, 30, 60, 90, 120, 150, 180, 210)),
  'y_train.npy': npy('<i8', [2], bytesOf(BigInt64Array.of(5n, 0n))),
  'x_test.npy': npy('|u1', [1, 2, 2], Uint8Array.of(255, 225, 195, 165)),
  'y_test.npy': npy('|u1', [1], Uint8Array.of(9)),
};
const EXPECTED = {
  train: {
    images: Uint8Array.of(0, 30, 60, 90, 120, 150, 180, 210),
    labels: Uint8Array.of(5, 0),
    height: 2,
    width: 2,
  },
  test: { images: Uint8Array.of(255, 225, 195, 165), labels: Uint8Array.of(9), height: 2, width: 2 },
  source: path,
  sha256: createHash('sha256')
    .update(Uint8Array.of(0, 30, 60, 90, 120, 150, 180, 210, 5, 0, 255, 225, 195, 165, 9))
    .digest('hex'),
};

function load(changes: Partial<Record<keyof typeof MEMBERS, Uint8Array>>, level: 0 | 6 = 6) {
  writeFileSync(path, zipSync({ ...MEMBERS, ...changes }, { level }));
  return loadNpz(path);
}

/**
 * The same arrays as NumPy 2.4 wrote them: numpy.savez_compressed(file, x_train=…, y_train=…, x_test=…, y_test=…),
 * with the zip64 fields that it puts into every local header.
 */
const FROM_NUMPY =
  'UEsDBC0AAAAIAAAAIQDNtO7R//////////8LABQAeF90cmFpbi5ucHkBABAAiAAAAAAAAABPAAAAAAAAAJvsF+obEMnIUMZQrZ6S' +
  'WpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CiCkqaNQq0Ae4GKQs4mqmLblEgBQSwMELQAAAAgA' +
  'AAAhAPa3CH///////////wsAFAB5X3RyYWluLm5weQEAEACQAAAAAAAAAEgAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNp' +
  'oa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQALlYGVAAAUEsDBC0AAAAIAAAAIQDL7MXw//////////8K' +
  'ABQAeF90ZXN0Lm5weQEAEACEAAAAAAAAAEwAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoS' +
  'd0vMKU4FihdnJBakAvkahjoKRkCkqaNQq0Ae4Pr/8PBSAFBLAwQtAAAACAAAACEASTp9zv//////////CgAUAHlfdGVzdC5ucHkB' +
  'ABAAgQAAAAAAAABFAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5' +
  'GoY6mjoKtQoUAC5OAFBLAQItAy0AAAAIAAAAIQDNtO7RTwAAAIgAAAALAAAAAAAAAAAAAACAAQAAAAB4X3RyYWluLm5weVBLAQIt' +
  'Ay0AAAAIAAAAIQD2twh/SAAAAJAAAAALAAAAAAAAAAAAAACAAYwAAAB5X3RyYWluLm5weVBLAQItAy0AAAAIAAAAIQDL7MXwTAAA' +
  'AIQAAAAKAAAAAAAAAAAAAACAAREBAAB4X3Rlc3QubnB5UEsBAi0DLQAAAAgAAAAhAEk6fc5FAAAAgQAAAAoAAAAAAAAAAAAAAIAB' +
  'mQEAAHlfdGVzdC5ucHlQSwUGAAAAAAQABADiAAAAGgIAAAAA';

describe('loadNpz', () => {
  it('reads the four arrays, deflated or stored; the hash is over their bytes in that order', () => {
    expect(load({}, 6)).toStrictEqual(EXPECTED);
    expect(load({}, 0)).toStrictEqual(EXPECTED);
  });

  it('takes labels [n, 1] and images [n, height, width, 1] for labels and images', () => {
    const changed = {
      'x_train.npy': npy('|u1', [2, 2, 2, 1], EXPECTED.train.images),
      'y_train.npy': npy('|u1', [2, 1], EXPECTED.train.labels),
      'x_test.npy': npy('|u1', [1, 2, 2, 1], EXPECTED.test.images),
    };
    expect(load(changed)).toStrictEqual(EXPECTED);
    expect(
      dataError(() => load({ 'y_train.npy': npy('|u1', [2, 2], Uint8Array.of(1, 0, 0, 1)) })).message,
    ).toContain('labels must have shape [samples], got [2, 2]: save y.argmax(-1)');
  });

  it('reads what NumPy wrote', () => {
    writeFileSync(path, Buffer.from(FROM_NUMPY, 'base64'));
    expect(loadNpz(path)).toStrictEqual(EXPECTED);
  });

  it('takes images of any type, as long as the values are bytes', () => {
    const floats = Float32Array.of(255, 225, 195, 165);
    expect(load({ 'x_test.npy': npy('<f4', [1, 2, 2], bytesOf(floats)) })).toStrictEqual(EXPECTED);
    const message = (value: number) =>
      dataError(() => load({ 'x_test.npy': npy('<f4', [1, 2, 2], bytesOf(floats.fill(value, 2))) })).message;
    for (const value of [0.5, -1, 256, Number.NaN]) {
      expect(message(value)).toBe(
        `${path}: x_test.npy: values must be whole numbers from 0 to 255: got ${value} at element 2`,
      );
    }
  });

  it('says how NumPy makes what it takes of images from 0 to 1, in colour, flat or with channels first, and of one-hot labels', () => {
    const message = (changes: Partial<Record<keyof typeof MEMBERS, Uint8Array>>) =>
      dataError(() => load(changes)).message;
    const shares = npy('<f4', [2, 2, 2], bytesOf(Float32Array.of(0, 0.1, 1, 0, 0, 0, 0, 0)));
    expect(message({ 'x_train.npy': shares })).toMatch(
      /x_train\.npy: values .*: got 0\.1\d* at element 1: save \(x \* 255\)\.round\(\)\.astype\('uint8'\)$/,
    );
    const images = (...shape: number[]) =>
      message({ 'x_train.npy': npy('|u1', shape, new Uint8Array(shape.reduce((size, d) => size * d))) });
    expect(images(2, 784)).toMatch(/got \[2, 784\]: save x\.reshape\(-1, 28, 28\)$/);
    expect(images(2, 1, 4, 4)).toMatch(/got \[2, 1, 4, 4\]: save x\[:, 0\]$/);
    for (const channels of [3, 4]) {
      expect(images(2, 4, 4, channels)).toMatch(
        /: save \(x\[\.\.\., :3\] @ \[0\.299, 0\.587, 0\.114\]\)\.round\(\)\.astype\('uint8'\)$/,
      );
    }
    for (const shape of [
      [2, 10],
      [2, 4, 4, 2],
      [2, 3, 8, 8],
    ])
      expect(images(...shape)).toMatch(/got \[[\d, ]+\]$/);
    const labels = npy('<f4', [2], bytesOf(Float32Array.of(0.5, 1)));
    expect(message({ 'y_train.npy': labels })).toMatch(/got 0\.5 at element 0$/);
  });

  it('refuses a member that is missing, damaged, of the wrong shape, or does not fit its partner', () => {
    const message = (changes: Partial<Record<keyof typeof MEMBERS, Uint8Array>>) =>
      dataError(() => load(changes)).message;
    const { 'y_test.npy': _, ...three } = MEMBERS;
    writeFileSync(path, zipSync(three));
    expect(dataError(() => loadNpz(path)).message).toBe(
      `${path}: a member is missing: expected y_test.npy, got "x_train.npy", "y_train.npy", "x_test.npy"`,
    );
    expect(message({ 'y_test.npy': MEMBERS['y_test.npy'].subarray(0, -1) })).toContain(
      `${path}: y_test.npy: truncated: header promises shape (1) of |u1`,
    );
    expect(message({ 'x_test.npy': npy('|u1', [1, 4], new Uint8Array(4)) })).toBe(
      `${path}: x_test.npy: images must have shape [samples, height, width], none of them 0: got [1, 4]: save x.reshape(-1, 2, 2)`,
    );
    expect(message({ 'y_test.npy': npy('|u1', [1, 2], new Uint8Array(2)) })).toBe(
      `${path}: y_test.npy: labels must have shape [samples], got [1, 2]: save y.argmax(-1)`,
    );
    expect(message({ 'y_test.npy': MEMBERS['y_train.npy'] })).toContain(
      'every image needs one label: expected 1 labels',
    );
  });

  it('refuses a file cut off at any byte', () => {
    const archive = Buffer.from(FROM_NUMPY, 'base64');
    for (let length = 0; length < archive.length; length++) {
      writeFileSync(path, archive.subarray(0, length));
      expect(dataError(() => loadNpz(path)).file).toBe(path);
    }
  });

  it('refuses a file that is missing or empty', () => {
    expect(dataError(() => loadNpz(`${path}.not`)).message).toBe(`${path}.not: not found`);
    writeFileSync(path, '');
    expect(dataError(() => loadNpz(path)).message).toBe(`${path}: empty: expected some bytes, got 0`);
  });
});
