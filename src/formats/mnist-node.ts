/** Where `degelo/mnist` reads from in Node: files. */
import type { Halves } from '../data/dataset.ts';
import { loadMnist } from '../data/source.ts';
import { type Place, pathOf } from './places.ts';

/** @throws DataError where there is no such source, or its files are damaged. */
export async function readMnist(source?: Place): Promise<Halves> {
  return loadMnist(source === undefined ? source : pathOf('loadMnist', source));
}
