/** The images that `transfer` works on. */
import type { MnistData } from '../data/dataset.ts';
import { loadGreyPhotos } from '../data/photos/grey-photos.ts';
import { loadMnist } from '../data/source.ts';

/** Of a folder of photos a fifth is for the test: the same one whatever the run's seed is. */
const SPLIT = { testSplit: 0.2, seed: 0 };

/** Where they are: a data set, or a folder of photos. */
interface Place {
  readonly data: string;
  readonly images?: string;
  readonly size: number;
}

/** @throws DataError where there are none, or a file is damaged. */
export async function loadData({ data, images, size }: Place): Promise<MnistData> {
  return images === undefined ? loadMnist(data) : loadGreyPhotos(images, { size, ...SPLIT });
}
