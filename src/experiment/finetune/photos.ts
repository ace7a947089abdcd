/** Photos as they are needed: a portion at a time is read, decoded and resized, and none is kept. */
import { createHash } from 'node:crypto';
import { readPhoto } from '#photos';
import { advised, DataError } from '../../data/errors.ts';
import { decodePhoto } from '../../data/photos/decode-image.ts';
import type { DecodedImage } from '../../data/photos/orient.ts';
import { Resizer } from '../../data/photos/resize-image.ts';
import { allocate } from '../../tensor/memory.ts';
import { Tensor } from '../../tensor/tensor.ts';

/** Channels of a photo: red, green, blue. */
const CHANNELS = 3;

/** A file that held no photo. */
export interface BadPhoto {
  readonly file: string;
  /** Why the file is no photo, in one line. */
  readonly reason: string;
}

/** What an error says to do about such a file. */
export const SKIP_BAD = '--skip-bad leaves out such files';

/** What stops at such a file, where nobody said --skip-bad. @throws DataError */
export function refuseBad({ file, reason }: BadPhoto): never {
  throw advised(file, reason, SKIP_BAD);
}

/** Photos of a portion. */
export interface Portion {
  /** Places in the list of files. */
  readonly places: readonly number[];
  /** The SHA-256 of each file's bytes, in hex. */
  readonly hashes: readonly string[];
  /** [n, height, width, 3], from 0 to 255; only of those that were asked for. Valid until the next portion is asked for. */
  readonly x: Tensor<Float32Array>;
}

/** How photos are read. */
export interface Reading {
  readonly size: readonly [height: number, width: number];
  /** Most photos of a portion. */
  readonly portion: number;
  /** Whether a photo, known by its hash, must be decoded. */
  readonly needed?: (hash: string) => boolean;
  /** Called for a file that is no photo, which is then left out; absent: it is an error. */
  readonly skip?: (bad: BadPhoto) => void;
}

/** What is known of a file that doesn't have to be decoded. */
export type Known = { readonly place: number; readonly hash: string };

/**
 * The photos of files, portion by portion, those that aren't needed apart. The next portion is decoded while the caller works on
 * one: on the main thread, which has nothing else to do then.
 * @throws DataError for a file that is no photo, unless `skip` takes it.
 */
export async function* portions(
  files: readonly string[],
  reading: Reading,
): AsyncGenerator<Portion & { readonly known: readonly Known[]; readonly seen: number }> {
  const rooms: [Float32Array | null, Float32Array | null] = [null, null];
  let turn = 0;
  let next = from(0);
  for (;;) {
    const { value, end } = await next;
    if (value === null) return;
    next = from(end);
    // If the caller stops or fails, its result is no longer needed.
    next.catch(() => {});
    yield value;
  }

  async function from(
    begin: number,
  ): Promise<{ value: (Portion & { known: Known[]; seen: number }) | null; end: number }> {
    if (begin >= files.length) return { value: null, end: begin };
    // Not before the caller has begun its work.
    await new Promise((resolve) => setImmediate(resolve));
    const [height, width] = reading.size;
    const resizer = new Resizer('finetune', { size: [height, width] });
    const each = height * width * CHANNELS;
    // Two take turns: what the caller works on, and what is decoded meanwhile.
    turn = 1 - turn;
    const photos = Math.min(reading.portion, files.length);
    const pixels = rooms[turn] ?? (allocate(photos * each, { shared: true }) as Float32Array); // by its dtype
    rooms[turn] = pixels;
    const places: number[] = [];
    const hashes: string[] = [];
    const known: Known[] = [];
    let end = begin;
    for (; end < files.length && places.length < reading.portion && end - begin < MOST_READ; end++) {
      try {
        const bytes = readPhoto(files[end]);
        const hash = createHash('sha256').update(bytes).digest('hex');
        if (reading.needed && !reading.needed(hash)) {
          known.push({ place: end, hash });
          continue;
        }
        const image = await decodePhoto('finetune', bytes, CHANNELS, files[end]);
        resizer.resize({ ...image, stride: CHANNELS }, pixels, places.length * each);
        places.push(end);
        hashes.push(hash);
      } catch (error) {
        if (!reading.skip || !(error instanceof DataError)) throw error;
        reading.skip({ file: files[end], reason: error.message });
      }
    }
    const n = places.length;
    const x = new Tensor(pixels.subarray(0, n * each), [n, height, width, CHANNELS]);
    return { value: { places, hashes, known, x, seen: end }, end };
  }
}

/** Files of a portion at most, where few of them need decoding: progress is shown between portions. */
const MOST_READ = 1000;

/** The photos of some files, all at once. @throws DataError for one that is none. */
export async function readPhotos(
  files: readonly string[],
  size: Reading['size'],
): Promise<Tensor<Float32Array>> {
  for await (const { x } of portions(files, { size, portion: files.length })) return x;
  return new Tensor(new Float32Array(0), [0, ...size, CHANNELS]);
}

/** A photo made small, with its own proportions. @param side most pixels of its longer side */
export async function thumbnail(file: string, side: number): Promise<DecodedImage> {
  const image = await decodePhoto('finetune', readPhoto(file), CHANNELS, file);
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const [height, width] = [image.height, image.width].map((size) => Math.max(1, Math.round(size * scale)));
  const small = new Float32Array(height * width * CHANNELS);
  new Resizer('finetune', { size: [height, width], antialias: true }).resize(
    { ...image, stride: CHANNELS },
    small,
  );
  return { width, height, channels: CHANNELS, data: Uint8Array.from(small, (value) => Math.round(value)) };
}
