/**
 * IDX, the format that MNIST came in: a header of big-endian 32-bit integers, then the numbers.
 *
 *   0 0 type rank | size of dimension 0 | … | size of dimension rank − 1 | numbers, row-major
 *
 * Source: "The MNIST database", Y. LeCun, C. Cortes, C. Burges, section "FILE FORMATS". Of its types only
 * unsigned bytes (8) are read here, which all of MNIST's four files are made of.
 */
import { join } from 'node:path';
import { imageDataset, type MnistData, mnistData, type NamedBytes } from './dataset.ts';
import { DataError } from './errors.ts';
import { gunzip, isGzip, readWhole, statOrNull } from './file.ts';
import { dimensions } from './text.ts';

const UNSIGNED_BYTE = 0x08;

/**
 * MNIST from a folder with `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`
 * and `t10k-labels-idx1-ubyte`, each as it is or gzipped as `….gz` (where both are there, the former is read).
 * @param source what the result calls its source
 * @throws DataError where a file is missing, damaged, or doesn't fit its partner.
 */
export function loadIdxFolder(folder: string, source = `IDX files in ${folder}`): MnistData {
  const half = (name: string) =>
    imageDataset(
      readIdxFile(folder, `${name}-images-idx3-ubyte`, 3),
      readIdxFile(folder, `${name}-labels-idx1-ubyte`, 1),
    );
  return mnistData(source, half('train'), half('t10k'));
}

/**
 * Reads one IDX file of unsigned bytes.
 * @param rank number of dimensions: 3 for images, 1 for labels
 * @param file what messages call it
 * @returns shape and numbers, which are a view of `bytes`
 * @throws DataError where the magic number is another one, or there are fewer or more bytes than the header
 * promises.
 */
export function parseIdx(bytes: Uint8Array, rank: number, file: string): NamedBytes {
  const headerSize = 4 + 4 * rank;
  if (bytes.length < headerSize) {
    throw new DataError(
      file,
      `truncated: expected a header of ${headerSize} bytes, got ${bytes.length} bytes in all`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const expectedMagic = (UNSIGNED_BYTE << 8) | rank;
  if (magic !== expectedMagic) {
    throw new DataError(file, `wrong magic number: expected ${hex(expectedMagic)}, got ${hex(magic)}`);
  }
  const shape = Array.from({ length: rank }, (_, d) => view.getUint32(4 + 4 * d));
  // May round where a hostile header asks for more than 2^53; then it is far from bytes.length anyway.
  const size = headerSize + shape.reduce((product, dimension) => product * dimension, 1);
  if (bytes.length !== size) {
    const fault = bytes.length < size ? 'truncated' : 'too long';
    throw new DataError(
      file,
      `${fault}: header promises ${contents(shape)} (${size} bytes), got ${bytes.length} bytes`,
    );
  }
  return { file, shape, data: bytes.subarray(headerSize) };
}

function readIdxFile(folder: string, name: string, rank: number): NamedBytes {
  const found = [name, `${name}.gz`].find((candidate) => statOrNull(join(folder, candidate)) !== null);
  if (found === undefined) {
    throw new DataError(folder, `a file is missing: expected ${name} or ${name}.gz, found neither`);
  }
  const bytes = readWhole(join(folder, found), found);
  return parseIdx(isGzip(bytes) ? gunzip(bytes, found) : bytes, rank, found);
}

/** `10000 images of 28×28`, `10000 labels` */
function contents(shape: readonly number[]): string {
  return shape.length === 1 ? `${shape[0]} labels` : `${shape[0]} images of ${dimensions(shape.slice(1))}`;
}

function hex(magic: number): string {
  return `0x${magic.toString(16).padStart(8, '0')}`;
}
