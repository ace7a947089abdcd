/**
 * Keras' `mnist.npz`: a zip archive of four NumPy arrays, `x_train`, `y_train`, `x_test` and `y_test`.
 */
import { imageDataset, type MnistData } from './dataset.ts';
import { DataError } from './errors.ts';
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
  return mnistData(file, imageDataset(xTrain, yTrain), imageDataset(xTest, yTest));
}

/** The same numbers as bytes; without a copy where they are bytes already. */
function toBytes(values: NumericArray, file: string): Uint8Array {
  if (values instanceof Uint8Array) return values;
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    bytes[i] = values[i];
    if (bytes[i] !== values[i]) {
      throw new DataError(
        file,
        `values must be whole numbers from 0 to 255: got ${values[i]} at element ${i}`,
      );
    }
  }
  return bytes;
}
