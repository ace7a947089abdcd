/** `degelo predict` for models that take photos: JPEG and PNG of any size, resized to what the model takes. */
import { DataError } from '../data/errors.ts';
import { decodePhoto } from '../data/photos/decode-image.ts';
import { Resizer } from '../data/photos/resize-image.ts';
import { Tensor } from '../tensor/tensor.ts';
import { PHOTOS_AT_ONCE, type PhotoClassifier } from './photo-classifier.ts';

/** What a model saw in a photo. */
export interface SeenPhoto {
  readonly name: string;
  readonly probabilities: readonly number[];
}

/**
 * @param files with what messages call each, and what reads it
 * @returns what was seen, and the faults of files that hold no photo
 */
export async function predictPhotos(
  classifier: PhotoClassifier,
  files: readonly { readonly name: string; read(): Uint8Array | Promise<Uint8Array> }[],
): Promise<{ seen: SeenPhoto[]; failed: DataError[] }> {
  const { size } = classifier;
  const [height, width] = size;
  const resizer = new Resizer('predict', { size: [height, width] });
  const each = height * width * 3;
  const seen: SeenPhoto[] = [];
  const failed: DataError[] = [];
  for (let from = 0; from < files.length; from += PHOTOS_AT_ONCE) {
    const portion = files.slice(from, from + PHOTOS_AT_ONCE);
    const pixels = new Float32Array(portion.length * each);
    const names: string[] = [];
    for (const { name, read } of portion) {
      try {
        const image = await decodePhoto('predict', await read(), 3, name);
        resizer.resize({ ...image, stride: 3 }, pixels, names.length * each);
        names.push(name);
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        failed.push(error);
      }
    }
    if (names.length === 0) continue;
    const x = new Tensor(pixels.subarray(0, names.length * each), [names.length, height, width, 3]);
    const rows = await classifier.probabilities(x);
    for (const [n, probabilities] of rows.entries()) seen.push({ name: names[n], probabilities });
  }
  return { seen, failed };
}
