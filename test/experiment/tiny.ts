/** MNIST in miniature: 12×12 images in which each digit is a bright band at its own height, under some noise. */
import { imageDataset, type MnistData } from '../../src/data/dataset.ts';
import { mnistData } from '../../src/data/mnist-data.ts';

export const SIDE = 12;

export interface TinyHalf {
  /** [N, SIDE, SIDE] */
  readonly images: Uint8Array;
  /** [N]: 0 1 2 … 9 0 1 2 … */
  readonly labels: Uint8Array;
}

export function tinyHalf(perDigit: number, start = 0): TinyHalf {
  const N = perDigit * 10;
  const labels = Uint8Array.from({ length: N }, (_, n) => n % 10);
  const images = Uint8Array.from({ length: N * SIDE * SIDE }, (_, i) => {
    const n = Math.floor(i / SIDE ** 2);
    const row = Math.floor(i / SIDE) % SIDE;
    const noise = ((i + start) * 7919) % 61;
    return row === labels[n] || row === labels[n] + 1 ? 255 - noise : noise;
  });
  return { images, labels };
}

export function tinyMnist(perDigit = { train: 12, test: 4 }): MnistData {
  const dataset = (half: TinyHalf) => {
    const N = half.labels.length;
    return imageDataset(
      { file: 'tiny', shape: [N, SIDE, SIDE], data: half.images },
      { file: 'tiny', shape: [N], data: half.labels },
    );
  };
  return mnistData('tiny', dataset(tinyHalf(perDigit.train)), dataset(tinyHalf(perDigit.test, 5)));
}
