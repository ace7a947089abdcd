/** Photos of files, decoded and resized one after the other: by the calling thread, or by each of several. */
import { advised, DataError } from '../errors.ts';
import { decodePhoto } from './decode-image.ts';
import { type ResizeOptions, Resizer } from './resize-image.ts';

/** Which files, and what becomes of them. All of it can be sent to another thread. */
export interface DecodeTask {
  readonly files: readonly string[];
  readonly resize: ResizeOptions;
  readonly channels: 1 | 3;
  /** Leave out what can't be decoded. */
  readonly skipBad: boolean;
  /** What an error says to do about such a file, where something can be done. */
  readonly advice?: string | undefined;
}

/** The decoded photos, and the files that were left out. */
export interface DecodedFiles {
  /** [good, height, width, channels], from 0 to 255. */
  readonly pixels: Float32Array;
  /** Which of the files these are, by their place. */
  readonly good: Int32Array;
  /** The others. */
  readonly bad: readonly SkippedPhoto[];
}

/** A file that held no photo. */
export interface SkippedPhoto {
  readonly file: string;
  /** Why, in one line. */
  readonly reason: string;
}

/**
 * @param read gives a file's bytes
 * @param pixels where they are written. Default: a new array
 * @throws DataError naming the file where one can't be decoded, unless these are to be left out.
 */
export async function decodeFiles(
  where: string,
  { files, resize, channels, skipBad, advice }: DecodeTask,
  read: (file: string) => Uint8Array,
  pixels?: Float32Array,
): Promise<DecodedFiles> {
  const resizer = new Resizer(where, resize);
  const size = resizer.height * resizer.width * channels;
  const out = pixels ?? new Float32Array(files.length * size);
  const good: number[] = [];
  const bad: SkippedPhoto[] = [];
  for (const [i, file] of files.entries()) {
    try {
      const image = await decodePhoto(where, read(file), channels, file);
      resizer.resize({ ...image, stride: channels }, out, good.length * size);
      good.push(i);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      if (!skipBad) throw advice === undefined ? error : advised(file, error.message, advice);
      bad.push({ file, reason: error.message });
    }
  }
  return { pixels: out.subarray(0, good.length * size), good: Int32Array.from(good), bad };
}
