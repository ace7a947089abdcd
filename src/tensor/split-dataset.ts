/** Samples in two parts, one to train on and one to test with, as Keras' `split_dataset`. */
import { describe } from '../checks/describe.ts';
import { expectMemory } from '../checks/detached.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { flag, numeric, seedFrom } from '../checks/values.ts';
import { ByteImages } from './byte-images.ts';
import { isDense, isNumberArray, type NumberArray } from './nested.ts';
import { deriveKey, Purpose, permutation } from './random.ts';
import { copyRows } from './rows.ts';
import { Tensor } from './tensor.ts';

/** Arrays with one entry, or one row, a sample: tensors, images as bytes, typed arrays, and plain arrays of anything. */
export type SampleArray = Tensor | ByteImages | NumberArray | readonly unknown[];

/** How the samples are split. One of the two sizes at least is needed. */
export interface SplitDatasetOptions {
  /** Of the first part: below 1 the share of all samples, from 1 on how many. Default: what the other part leaves. */
  leftSize?: number | undefined;
  /** Of the second part, which ends with the last sample. Default: what the first part leaves. */
  rightSize?: number | undefined;
  /** Mix the samples before they are split, all arrays in the same order. Default: false, as in Keras. */
  shuffle?: boolean | undefined;
  /** What the order is drawn from: the same seed, the same parts. Default: 0. */
  seed?: number | undefined;
}

/** A part of each array, of the array's own kind. */
export type SampleParts<T extends readonly SampleArray[]> = {
  -readonly [K in keyof T]: T[K] extends readonly unknown[] ? T[K][number][] : T[K];
};

/**
 * Two parts of samples: each array, such as x and y, is split at the same place.
 *
 *     const [[xTrain, yTrain], [xTest, yTest]] = splitDataset([x, y], { leftSize: 0.8, shuffle: true });
 *
 * A size is rounded as in Keras, a half to the even number. Where both sizes are given and don't add up to all samples, those
 * in the middle are in neither part. Parts are copies, of their array's kind; the entries of plain arrays are not copied.
 * @param arrays with as many samples each; one alone in brackets: `splitDataset([x], …)`
 * @returns [left, right], each with its part of every array
 * @throws TypeError for what is no array of samples, RangeError where arrays differ in length, or a part would be empty.
 */
export function splitDataset<const T extends readonly SampleArray[]>(
  arrays: T,
  options: SplitDatasetOptions,
): [left: SampleParts<T>, right: SampleParts<T>] {
  noMoreArguments('splitDataset', arguments, 2, CALL);
  const samples = countSamples(arrays);
  const { left, right, order } = readSplit(options, samples);
  const part = (indices: Int32Array) =>
    Array.from(arrays, (array) => rowsOf(array, indices)) as SampleParts<T>;
  return [part(order.subarray(0, left)), part(order.subarray(samples - right))];
}

const CALL = 'splitDataset([x, y], { leftSize: 0.8, shuffle: true })';

/** How many samples there are. @throws TypeError or RangeError as splitDataset does. */
function countSamples(arrays: readonly SampleArray[]): number {
  if (!Array.isArray(arrays)) {
    throw new TypeError(
      `splitDataset: expected an array of arrays of samples, got ${describe(arrays)}: ${CALL}`,
    );
  }
  if (arrays.length === 0)
    throw new RangeError(`splitDataset: expected at least one array, got none: ${CALL}`);
  const lengths = Array.from(arrays, (array: unknown, i) => {
    expectMemory('splitDataset', `array ${i}`, array);
    if (Array.isArray(array) || isNumberArray(array)) return array.length;
    if (isDense(array) || array instanceof ByteImages) {
      if (array.shape.length > 0) return array.shape[0];
    }
    throw new TypeError(
      `splitDataset: array ${i} must be a tensor with rows, a typed array or an array, got ${describe(array)}: ${CALL}`,
    );
  });
  if (lengths.some((length) => length !== lengths[0])) {
    throw new RangeError(
      `splitDataset: the arrays must have the same number of samples, got ${lengths.join(' and ')}: of a flat array make a tensor, tensor(values, shape)`,
    );
  }
  return lengths[0];
}

/** The parts' sizes, and the samples in the order in which they are split. */
function readSplit(
  options: SplitDatasetOptions,
  samples: number,
): { left: number; right: number; order: Int32Array } {
  const { leftSize, rightSize, shuffle, seed } = knownOptions('splitDataset', options, NAMES, {
    call: 'splitDataset([x, y], …)',
  });
  if (leftSize === undefined && rightSize === undefined) {
    throw new TypeError(`splitDataset: leftSize or rightSize is missing: ${CALL}`);
  }
  const given = {
    left: leftSize === undefined ? undefined : countOf('leftSize', leftSize, samples),
    right: rightSize === undefined ? undefined : countOf('rightSize', rightSize, samples),
  };
  const left = given.left ?? samples - (given.right ?? 0);
  const right = given.right ?? samples - left;
  if (left + right > samples) {
    throw new RangeError(
      `splitDataset: the parts must not overlap: leftSize and rightSize make ${left} and ${right} of ${samples} samples`,
    );
  }
  if (left < 1 || right < 1) {
    throw new RangeError(
      `splitDataset: both parts must have samples: of ${samples}, ${left} would be left and ${right} right`,
    );
  }
  // Layer 0 at step s is `fit`'s own shuffle.
  const key = deriveKey(seed === undefined ? 0 : seedFrom('splitDataset', seed), Purpose.shuffle, 1, 0);
  const isMixed = shuffle !== undefined && flag('splitDataset', 'shuffle', shuffle);
  const order = isMixed ? permutation(key, samples) : Int32Array.from({ length: samples }, (_, n) => n);
  return { left, right, order };
}

const NAMES = ['leftSize', 'rightSize', 'shuffle', 'seed'] as const;

/** Samples that a size stands for: a share of them below 1, else their number. */
function countOf(name: string, value: unknown, samples: number): number {
  const size = numeric('splitDataset', name, value);
  if (!(size > 0 && size < Math.max(1, samples)) || (size >= 1 && !Number.isInteger(size))) {
    throw new RangeError(
      `splitDataset: ${name} must be a share between 0 and 1, or a number of samples below ${samples}, got ${size}`,
    );
  }
  return size < 1 ? roundHalfToEven(size * samples) : size;
}

/** Python's `round`: 2.5 → 2, 3.5 → 4. */
function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** A copy of the samples at these places, one after the other. */
function rowsOf(array: SampleArray, indices: Int32Array): SampleArray {
  if (Array.isArray(array)) return Array.from(indices, (n) => array[n]);
  if (isNumberArray(array)) return newRows(array, 1, indices);
  const { data, shape } = array as Tensor | ByteImages; // countSamples let nothing else in
  const rows = newRows(data, data.length / shape[0], indices);
  const sizes = [indices.length, ...shape.slice(1)];
  return rows instanceof Uint8Array ? new ByteImages(rows, sizes) : new Tensor(rows, sizes);
}

function newRows<A extends NumberArray>(data: A, size: number, indices: Int32Array): A {
  // A slice is a new array of the array's own kind.
  return copyRows(data, size, indices, data.slice(0, indices.length * size) as A);
}
