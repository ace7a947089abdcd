/**
 * From bytes to what a network takes: the images of some classes, scaled, with labels counted from 0.
 */
import { describe } from '../checks/describe.ts';
import { ByteImages, unitNumbers } from '../tensor/byte-images.ts';
import { allocate, newBuffer } from '../tensor/memory.ts';
import { copyRows } from '../tensor/rows.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { ImageDataset } from './dataset.ts';
import { DataError } from './errors.ts';

/** The images of some classes, as tensors. */
export interface ClassSelection<X extends Tensor | ByteImages = Tensor<Float32Array>> {
  /** [N, H, W, 1] float32 in [0, 1]: byte/255, rounded once; of images with features these, [N, width]. */
  readonly x: X;
  /** [N], where label k is the class `classes[k]`. */
  readonly labels: Uint8Array;
  /** [N, K] float32, one-hot: y[n, k] = labels[n] = k ? 1 : 0. */
  readonly y: Tensor<Float32Array>;
}

/**
 * The images of `classes`, in the order of the data set. Labels are places in `classes`, so that [5, 6, 7, 8, 9]
 * shifts them by five.
 * @param options.shared put x and y into shared memory, which worker threads see without a copy
 * @throws RangeError where `classes` is empty, holds a number twice, or one that no label can be; DataError where
 * the data set has no image of one of them.
 */
export function selectClasses(
  dataset: ImageDataset,
  classes: readonly number[],
  options?: { shared?: boolean },
): ClassSelection {
  return select(dataset, classes, pixelsOf, options);
}

/** The same with the images as they came, a quarter of the memory. Throws as selectClasses does. */
export function selectBytes(
  dataset: ImageDataset,
  classes: readonly number[],
  options?: { shared?: boolean },
): ClassSelection<Tensor<Float32Array> | ByteImages> {
  return select(dataset, classes, bytesOf, options);
}

/** @param imagesOf gives the chosen images, where the data set has no features */
function select<X extends Tensor<Float32Array> | ByteImages>(
  dataset: ImageDataset,
  classes: readonly number[],
  imagesOf: (dataset: ImageDataset, chosen: Uint32Array, shared: boolean) => X,
  { shared = false }: { shared?: boolean } = {},
): ClassSelection<Tensor<Float32Array> | X> {
  const classOf = classTable(classes);
  const K = classes.length;
  const chosen = indicesOf(dataset, classOf);
  const N = chosen.length;
  const labels = Uint8Array.from(chosen, (n) => classOf[dataset.labels[n]]);
  expectEveryClass(labels, classes, dataset);

  const y = float32([N, K], shared);
  for (let n = 0; n < N; n++) y.data[n * K + labels[n]] = 1;
  const { features } = dataset;
  return { x: features ? rowsOf(features, chosen, shared) : imagesOf(dataset, chosen, shared), labels, y };
}

/** Bytes as numbers from 0 to 1. */
function pixelsOf(
  { images, height: H, width: W }: ImageDataset,
  chosen: Uint32Array,
  shared: boolean,
): Tensor<Float32Array> {
  const x = float32([chosen.length, H, W, 1], shared);
  const size = H * W;
  for (const [n, sample] of chosen.entries()) {
    unitNumbers(images.subarray(sample * size, (sample + 1) * size), x.data, n * size);
  }
  return x;
}

function bytesOf(
  { images, height: H, width: W }: ImageDataset,
  chosen: Uint32Array,
  shared: boolean,
): ByteImages {
  const size = H * W;
  const bytes = new Uint8Array(newBuffer(chosen.length * size, shared));
  return new ByteImages(copyRows(images, size, chosen, bytes), [chosen.length, H, W, 1]);
}

function rowsOf(
  { data, shape: [, width] }: Tensor,
  chosen: Uint32Array,
  shared: boolean,
): Tensor<Float32Array> {
  const x = float32([chosen.length, width], shared);
  copyRows(data as Float32Array, width, chosen, x.data); // features are float32
  return x;
}

/** Labels are bytes. */
const LABELS = 256;
const NOT_CHOSEN = -1;

/** table[label] = the class's place in `classes`. */
function classTable(classes: readonly number[]): Int16Array {
  const table = new Int16Array(LABELS).fill(NOT_CHOSEN);
  classes.forEach((label, k) => {
    if (!Number.isInteger(label) || table[label] !== NOT_CHOSEN) {
      throw new RangeError(
        `classes must be integers from 0 to ${LABELS - 1}, each once: got ${describe(label)} in [${Array.from(classes, describe).join(',')}]`,
      );
    }
    table[label] = k;
  });
  if (classes.length === 0) throw new RangeError('classes: expected at least one class, got none');
  return table;
}

/** Which samples of the data set belong to a chosen class. */
function indicesOf({ labels }: ImageDataset, classOf: Int16Array): Uint32Array {
  const indices = new Uint32Array(labels.length);
  let count = 0;
  for (let n = 0; n < labels.length; n++) {
    if (classOf[labels[n]] !== NOT_CHOSEN) indices[count++] = n;
  }
  return indices.subarray(0, count);
}

function expectEveryClass(chosen: Uint8Array, classes: readonly number[], { labels }: ImageDataset): void {
  const seen = new Set(chosen);
  const missing = classes.find((_, k) => !seen.has(k));
  if (missing !== undefined) {
    const there = [...new Set(labels)].sort((a, b) => a - b);
    throw new DataError(
      'classes',
      `every class needs an image: expected some of class ${missing}, ` +
        `got ${labels.length} images of classes ${there.join(', ')}`,
    );
  }
}

function float32(shape: readonly number[], shared: boolean): Tensor<Float32Array> {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  // allocate() gives a Float32Array for its default dtype; its type doesn't tell.
  return new Tensor(allocate(size, { shared }) as Float32Array, shape);
}
