/** Digits in miniature for the page: 28×28 images, each digit a bright band at its own height under some noise. */
import { gzipSync } from 'node:zlib';
import { imageDataset, type MnistData } from '../../src/data/dataset.ts';
import { mnistData } from '../../src/data/mnist-data.ts';
import { selectClasses } from '../../src/data/split.ts';
import type { Half } from '../../src/experiment/phase.ts';
import { idx } from '../data/files.ts';

const SIDE = 28;

function images(perDigit: number, start: number): { shape: number[]; data: Uint8Array; labels: Uint8Array } {
  const N = perDigit * 10;
  const labels = Uint8Array.from({ length: N }, (_, n) => n % 10);
  const data = Uint8Array.from({ length: N * SIDE * SIDE }, (_, i) => {
    const row = Math.floor(i / SIDE) % SIDE;
    const digit = labels[Math.floor(i / SIDE ** 2)];
    const noise = ((i + start) * 7919) % 61;
    return Math.floor(row / 2) === digit + 2 ? 255 - noise : noise;
  });
  return { shape: [N, SIDE, SIDE], data, labels };
}

const TRAIN = images(3, 0);
const TEST = images(2, 5);

/** The images as `degelo transfer` has them. */
export function tinyData(): MnistData {
  const [train, test] = [TRAIN, TEST].map(({ shape, data, labels }) =>
    imageDataset({ file: 'tiny', shape, data }, { file: 'tiny', shape: [labels.length], data: labels }),
  );
  return mnistData('tiny', train, test);
}

/** Five of the digits. */
export function tinyHalf(digits: readonly number[]): Half {
  const { train, test } = tinyData();
  return { digits, train: selectClasses(train, digits), test: selectClasses(test, digits) };
}

/** The images as the page fetches them, by the names of MNIST's files. */
export function tinyFiles(): Readonly<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const [name, { shape, data, labels }] of Object.entries({ train: TRAIN, t10k: TEST })) {
    files[`${name}-images-idx3-ubyte.gz`] = gzipSync(idx(shape, data));
    files[`${name}-labels-idx1-ubyte.gz`] = gzipSync(idx([labels.length], labels));
  }
  return files;
}
