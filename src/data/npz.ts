/**
 * Keras' `mnist.npz`: a zip archive of four NumPy arrays, `x_train`, `y_train`, `x_test` and `y_test`.
 */
import { type ImageDataset, imageDataset, type MnistData } from './dataset.ts';
import { advised, DataError } from './errors.ts';
import { readWhole, unpacker } from './file.ts';
import { mnistData } from './mnist-data.ts';
import type { NamedBytes } from './named-bytes.ts';
import { type NumericArray, parseNpy } from './npy.ts';
import { readZip } from './zip.ts';

const MEMBERS = ['x_train.npy', 'y_train.npy', 'x_test.npy', 'y_test.npy'] as const;

/**
 * MNIST from an .npz file: images [N, H, W] and labels [N], of any type that npy.ts reads, as long as the
 * values are whole numbers from 0 to 255.
 * @throws DataError where the file or a member is missing or damaged, and where images and labels don't fit.
 */
export function loadNpz(path: string): MnistData {
  return parseNpz(readWhole(path, path), path);
}

/**
 * The same from the archive's bytes.
 * @param file what messages call it
 */
export function parseNpz(bytes: Uint8Array, file: string): MnistData {
  const [xTrain, yTrain, xTest, yTest] = readZip(bytes, MEMBERS, file, unpacker).map((packed, m) => {
    const member = `${file}: ${MEMBERS[m]}`;
    const { shape, data } = parseNpy(packed, member);
    return { file: member, shape, data: toBytes(data, member) } satisfies NamedBytes;
  });
  return mnistData(file, joined(xTrain, yTrain), joined(xTest, yTest));
}

/** Images with their labels. @throws DataError where they don't fit, with what NumPy makes of arrays that people have. */
function joined(images: NamedBytes, labels: NamedBytes): ImageDataset {
  try {
    return imageDataset(images, labels);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const { file, message } = error;
    const right = file === images.file ? imagesInNumpy(images.shape) : labelsInNumpy(labels.shape);
    throw right ? advised(file, message, `save ${right}`) : error;
  }
}

/** What makes images [N, H, W] of flat ones, of those with channels first, and of coloured ones; empty: it is something else. */
function imagesInNumpy([, first, ...more]: readonly number[]): string {
  const side = Math.sqrt(first);
  if (more.length === 0 && side > 1 && Number.isInteger(side)) return `x.reshape(-1, ${side}, ${side})`;
  if (more.length !== 2 || more[1] === 1) return '';
  if (first === 1) return 'x[:, 0]';
  const isColour = more[1] === 3 || more[1] === 4;
  return isColour ? "(x[..., :3] @ [0.299, 0.587, 0.114]).round().astype('uint8')" : '';
}

/** What makes labels [N] of one-hot rows; empty: they are something else. */
function labelsInNumpy(shape: readonly number[]): string {
  return shape.length === 2 && shape[1] > 1 ? 'y.argmax(-1)' : '';
}

/** The same numbers as bytes; without a copy where they are bytes already. */
function toBytes(values: NumericArray, file: string): Uint8Array {
  if (values instanceof Uint8Array) return values;
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    bytes[i] = values[i];
    if (bytes[i] !== values[i]) {
      const isShare = /: x_\w+\.npy$/.test(file) && values.every((value) => value >= 0 && value <= 1);
      throw new DataError(
        file,
        `values must be whole numbers from 0 to 255: got ${values[i]} at element ${i}${isShare ? ": save (x * 255).round().astype('uint8')" : ''}`,
      );
    }
  }
  return bytes;
}
