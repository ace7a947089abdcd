/** The images that `transfer` works on. */
import type { MnistData } from '../data/dataset.ts';
import { loadGreyPhotos } from '../data/photos/grey-photos.ts';
import { loadMnist } from '../data/source.ts';
import { type BadPhoto, SKIP_BAD } from '../experiment/finetune/photos.ts';

/** Of a folder of photos a fifth is for the test: the same one whatever the run's seed is. */
export const PHOTO_SPLIT = { testSplit: 0.2, seed: 0 };

/** Pixels of a side where a base computes the features: the images are then for the report. */
const SIDE_BESIDE_FEATURES = 48;

/** Where they are: a data set, or a folder of photos. */
interface Place {
  readonly data: string;
  readonly images?: string;
  readonly size: number;
  /** Features are computed of the photos themselves. */
  readonly base?: string;
  readonly skipBad?: boolean;
}

/**
 * @param skip is told which files of a folder of photos are left out, with --skip-bad
 * @throws DataError where there are none, or a file is damaged.
 */
export async function loadData(
  { data, images, size, base, skipBad }: Place,
  skip: (bad: BadPhoto) => void = () => {},
): Promise<MnistData> {
  if (images === undefined) return loadMnist(data);
  return loadGreyPhotos(images, {
    size: base === undefined ? size : SIDE_BESIDE_FEATURES,
    ...PHOTO_SPLIT,
    ...(skipBad && { skip }),
    advice: SKIP_BAD,
  });
}
