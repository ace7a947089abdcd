/** `degelo evaluate --images`: how well a saved model tells the classes of a folder of photos apart. */

import { createHash } from 'node:crypto';
import { listed } from '../checks/describe.ts';
import { suggest } from '../checks/suggest.ts';
import { DataError } from '../data/errors.ts';
import { openPhotoFolder } from '../data/photos/photo-folder.ts';
import { type BadPhoto, portions, refuseBad } from '../experiment/finetune/photos.ts';
import type { KernelChoice } from '../kernels/index.ts';
import { argmax } from '../metrics/accuracy.ts';
import type { Evaluation } from '../report/evaluation.ts';
import { LANGUAGES, type Language } from '../report/messages.ts';
import { compileForPrediction } from '../training/compile-for-prediction.ts';
import type { LoadedNetwork } from './classifier.ts';
import { translated, warn } from './output.ts';
import { PHOTOS_AT_ONCE, photoClassifier } from './photo-classifier.ts';
import { tally } from './probabilities.ts';
import { UsageError } from './usage.ts';

export interface PhotoEvaluation {
  readonly images?: string;
  readonly skipBad?: boolean;
  readonly classes?: string;
  readonly lang: Language;
  readonly threads: number;
  readonly kernel: KernelChoice;
}

/**
 * Tests a model with photos; of a folder that is split, with those of its test.
 * @throws UsageError where there is no folder; DataError where it has a class that the model doesn't know, or for a file that is no
 *   photo, unless such files are to be left out.
 */
export async function evaluatePhotos(
  network: LoadedNetwork,
  { images, skipBad, classes: given, lang, threads, kernel }: PhotoEvaluation,
): Promise<Evaluation> {
  if (images === undefined) {
    throw new UsageError('--images: this model takes photos: --images FOLDER, one folder per class');
  }
  const { model, folder } = network;
  const { classes, size, probabilities } = photoClassifier(network, given);
  const photos = openPhotoFolder(images, { testSplit: 0, perClass: Infinity, seed: 0 });
  const half = photos.test.files.length > 0 ? photos.test : photos.train;
  const places = photos.classNames.map((name) => placeOf(name, classes, images));
  compileForPrediction(model, { threads, kernel });
  const confusion = classes.map(() => new Array<number>(classes.length).fill(0));
  const hash = createHash('sha256').update(JSON.stringify(photos.classNames));
  const skipped: BadPhoto[] = [];
  const skip = (bad: BadPhoto): void => {
    skipped.push(bad);
    warn(LANGUAGES[lang].finetune.skipped(bad.file, translated(bad.reason)));
  };
  let loss = 0;
  let right = 0;
  try {
    for await (const { x, places: files, hashes } of portions(half.files, {
      size,
      portion: PHOTOS_AT_ONCE,
      skip: skipBad ? skip : refuseBad,
    })) {
      if (files.length === 0) continue;
      const rows = await probabilities(x);
      const labels = files.map((file) => places[half.labels[file]]);
      const counted = tally(rows, labels);
      loss += counted.loss;
      right += counted.right;
      for (const [n, row] of rows.entries()) {
        confusion[labels[n]][argmax(row, 0, row.length)]++;
        hash.update(`${half.labels[files[n]]} ${hashes[n]}\n`);
      }
    }
  } finally {
    await model.dispose();
  }
  const samples = half.files.length - skipped.length;
  if (samples === 0) throw new DataError(images, 'a test needs photos: all files are bad');
  return {
    model: folder,
    data: { source: images, sha256: hash.digest('hex') },
    classes,
    samples,
    ...(skipped.length > 0 && { skipped }),
    test: { loss: loss / samples, accuracy: right / samples },
    confusion,
  };
}

/** @throws DataError for a folder's class that the model doesn't know: which are near. */
function placeOf(name: string, classes: readonly string[], folder: string): number {
  const place = classes.indexOf(name);
  if (place >= 0) return place;
  const meant = suggest(name, classes);
  const known =
    meant === null
      ? `its classes are ${listed(classes)}: --classes names them otherwise`
      : `did you mean ${meant}?`;
  throw new DataError(folder, `the model knows no class ${name}: ${known}`);
}
