/**
 * From bytes to what a network takes: the images of some digits, scaled, with labels counted from 0.
 */
import { allocate, Tensor } from '../tensor/tensor.ts';
import type { ImageDataset } from './dataset.ts';
import { DataError } from './errors.ts';

export interface ClassSelection {
  /** [N, H, W, 1] float32 in [0, 1]: byte/255, rounded once. */
  readonly x: Tensor<Float32Array>;
  /** [N]: label k is the digit `digits[k]`. */
  readonly labels: Uint8Array;
  /** [N, K] float32, one-hot: y[n, k] = labels[n] = k ? 1 : 0. */
  readonly y: Tensor<Float32Array>;
}

/**
 * The images of `digits`, in the order of the data set. Labels are places in `digits`, so that [5, 6, 7, 8, 9]
 * shifts them by five.
 * @param options.shared put x and y into shared memory, which worker threads see without a copy
 * @throws RangeError where `digits` is empty, holds a number twice, or one that is no digit; DataError where
 * the data set has no image of one of them.
 */
export function selectClasses(
  dataset: ImageDataset,
  digits: readonly number[],
  { shared = false }: { shared?: boolean } = {},
): ClassSelection {
  const classOf = classTable(digits);
  const { images, height: H, width: W } = dataset;
  const K = digits.length;
  const chosen = indicesOf(dataset, classOf);
  const N = chosen.length;
  const labels = Uint8Array.from(chosen, (n) => classOf[dataset.labels[n]]);
  expectEveryClass(labels, digits, dataset.labels.length);

  const x = float32([N, H, W, 1], shared);
  const y = float32([N, K], shared);
  const imageSize = H * W;
  const pixels = x.data;
  for (let n = 0; n < N; n++) {
    const from = chosen[n] * imageSize;
    const to = n * imageSize;
    for (let i = 0; i < imageSize; i++) pixels[to + i] = UNIT[images[from + i]];
    y.data[n * K + labels[n]] = 1;
  }
  return { x, labels, y };
}

/**
 * UNIT[byte] = byte/255, rounded to float32 where it is stored. That the division rounded to double before
 * changes nothing: 53 ≥ 2·24 + 2 bits (Figueroa 1995, "When is double rounding innocuous?").
 */
const UNIT = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

const NOT_CHOSEN = 255;

/** table[digit] = the digit's place in `digits`. */
function classTable(digits: readonly number[]): Uint8Array {
  const table = new Uint8Array(10).fill(NOT_CHOSEN);
  digits.forEach((digit, k) => {
    if (!Number.isInteger(digit) || digit < 0 || digit > 9 || table[digit] !== NOT_CHOSEN) {
      throw new RangeError(
        `selectClasses: digits must be integers from 0 to 9, each once: got ${digit} in [${digits}]`,
      );
    }
    table[digit] = k;
  });
  if (digits.length === 0) throw new RangeError('selectClasses: expected one digit at least, got none');
  return table;
}

/** Which samples of the data set belong to a chosen class. */
function indicesOf({ labels }: ImageDataset, classOf: Uint8Array): Uint32Array {
  const indices = new Uint32Array(labels.length);
  let count = 0;
  for (let n = 0; n < labels.length; n++) {
    if (classOf[labels[n]] !== NOT_CHOSEN) indices[count++] = n;
  }
  return indices.subarray(0, count);
}

function expectEveryClass(labels: Uint8Array, digits: readonly number[], total: number): void {
  const seen = new Set(labels);
  const missing = digits.find((_, k) => !seen.has(k));
  if (missing !== undefined) {
    throw new DataError(
      'selectClasses',
      `every digit needs an image: expected some of digit ${missing}, got none among ${total} images`,
    );
  }
}

function float32(shape: readonly number[], shared: boolean): Tensor<Float32Array> {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  // allocate() gives a Float32Array for its default dtype; its type doesn't tell.
  return new Tensor(allocate(size, { shared }) as Float32Array, shape);
}
