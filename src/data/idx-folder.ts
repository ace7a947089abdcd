/** MNIST from a folder of IDX files, under the names that people have them by. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { imageDataset, type MnistData } from './dataset.ts';
import { DataError } from './errors.ts';
import { gunzip, readWhole, statOrNull } from './file.ts';
import { parseIdx } from './idx.ts';
import { isGzip } from './inflate.ts';
import { mnistData } from './mnist-data.ts';
import type { NamedBytes } from './named-bytes.ts';

/**
 * MNIST from a folder with `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`
 * and `t10k-labels-idx1-ubyte`, each as it is or gzipped as `….gz` (where both are there, the former is read). Some unpackers
 * write a dot (`train-images.idx3-ubyte`), or put the file into a folder of its own name.
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

function readIdxFile(folder: string, name: string, rank: number): NamedBytes {
  const found = findFile(folder, name);
  if (found === null) {
    const photos = hasFolders(folder) ? ': folders of photos are for --images, or loadImages' : '';
    throw new DataError(folder, `a file is missing: expected ${name} or ${name}.gz, found neither${photos}`);
  }
  const bytes = readWhole(join(folder, found), found);
  return parseIdx(isGzip(bytes) ? gunzip(bytes, found) : bytes, rank, found);
}

/** Whether it holds folders, as photos come, one folder per class. */
function hasFolders(folder: string): boolean {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { withFileTypes: true }).some((entry) => entry.isDirectory());
}

/** The file's path within the folder; null where it has none of its names. */
function findFile(folder: string, name: string): string | null {
  const dotted = name.replace('-idx', '.idx');
  const names = [name, `${name}.gz`, dotted, `${dotted}.gz`];
  const isThere = (path: string): boolean => {
    const stats = statOrNull(join(folder, path));
    return stats !== null && !stats.isDirectory();
  };
  const direct = names.find(isThere);
  if (direct !== undefined) return direct;
  return names.flatMap((outer) => names.map((inner) => join(outer, inner))).find(isThere) ?? null;
}
