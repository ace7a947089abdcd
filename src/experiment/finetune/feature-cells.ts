/**
 * The features of a part of a job's photos, as a file that is whole or not there, `cell-000017.safetensors`; and of all of them,
 * merged, in a file of the same tensors (.safetensors, or .npz for NumPy):
 *
 *   features  [n, width]   a row per photo
 *   labels    [n]          its class, counted from 0
 *   test      [n]          1: of the half that is for the test
 *   photos    [n, 16]      SHA-256 of its file, 16 bits per number
 *   names     [bytes]      UTF-8 of the files' names, those that are no photos too, with a zero byte between them
 *   about     [bytes]      UTF-8 of JSON: the job, which cell of it, the files that are no photos, a checksum of all
 *
 * All are float32, which these formats of ours hold; whole numbers below 2^24 are exact in it.
 */
import { createHash } from 'node:crypto';
import { FormatError } from '../../formats/errors.ts';
import { expectTensor } from '../../formats/expected-tensors.ts';
import { fieldReader, isList, isString } from '../../formats/fields.ts';
import { decodeUtf8, isCount, isObject, parseJsonObject, show } from '../../formats/json.ts';
import { WEIGHTS_FORMATS, type WeightsFormatName } from '../../formats/weights-file.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { type CellKind, cellDigits, shareOf } from '../cells.ts';
import { differenceOf, encodeJob, type FeatureJob, labelsOf, parseJob, photoCount } from './feature-job.ts';

const FORMAT = 'degelo-features';
const FORMAT_VERSION = 1;
/** Numbers of a SHA-256, 16 bits each. */
const WORDS = 16;
/** Photos of a job at most: their labels alone then take 400 MB. */
const MOST_PHOTOS = 100_000_000;

/** A file of a cell: a photo, known by its bytes, or none, and why. */
export type CellPhoto =
  | { readonly name: string; readonly sha256: string }
  | { readonly name: string; readonly reason: string };

export interface FeatureCell {
  readonly job: FeatureJob;
  readonly index: number;
  /** All files of the cell, in the job's order. */
  readonly photos: readonly CellPhoto[];
  /** [n, width], of those that are photos. */
  readonly features: Tensor;
}

/** The first and the last place of a cell's files, in the job's list: from ≤ place < to. */
export function placesOf(job: FeatureJob, index: number): { readonly from: number; readonly to: number } {
  return shareOf(photoCount(job), { part: index, parts: job.cells }, 'features');
}

/** @throws FormatError where it is too large for one file of this format. */
export function encodeFeatureCell(cell: FeatureCell, file: string, format: WeightsFormatName): Uint8Array {
  const { job, index, photos, features } = cell;
  const { from } = placesOf(job, index);
  const { labels, isTest } = labelsOf(job);
  const good = photos.flatMap((photo, n) => ('sha256' in photo ? [{ ...photo, place: from + n }] : []));
  const bad = photos.flatMap((photo, n) => ('reason' in photo ? [{ at: n, reason: photo.reason }] : []));
  const tensors = new Map([
    ['features', features],
    ['labels', vector(good.map(({ place }) => labels[place]))],
    ['test', vector(good.map(({ place }) => isTest[place]))],
    [
      'photos',
      new Tensor(Float32Array.from(good.flatMap(({ sha256 }) => wordsOf(sha256))), [good.length, WORDS]),
    ],
    ['names', textTensor(photos.map(({ name }) => name).join('\0'))],
  ]);
  const about = { format: FORMAT, formatVersion: FORMAT_VERSION, job, index, bad };
  const sha256 = checksum(tensors, about);
  tensors.set('about', textTensor(JSON.stringify({ ...about, sha256 })));
  return WEIGHTS_FORMATS[format].encode(tensors, file);
}

/** @throws FormatError where it is damaged, or something else. */
export function decodeFeatureCell(bytes: Uint8Array, file: string, format: WeightsFormatName): FeatureCell {
  const { tensors } = WEIGHTS_FORMATS[format].decode(bytes, file);
  const numbers = tensors.get('about');
  if (!numbers)
    throw new FormatError(file, 'these are not features that degelo features wrote: there is no about');
  const { sha256, ...about } = parseJsonObject(textOf(numbers, file), file);
  const field = fieldReader(file);
  field('format', about.format, `"${FORMAT}"`, (value) => value === FORMAT);
  field('formatVersion', about.formatVersion, `${FORMAT_VERSION}`, (value) => value === FORMAT_VERSION);
  const found = checksum(tensors, about);
  if (sha256 !== found) throw new FormatError(file, `damaged: expected sha256 ${show(sha256)}, got ${found}`);
  const job = parseFeatureJob(JSON.stringify(field('job', about.job, 'an object', isObject)), file);
  const isIndex = (value: unknown): value is number => isCount(value) && value < job.cells;
  const index = field('index', about.index, `an integer below ${job.cells}`, isIndex);
  const reasons = new Map(
    field('bad', about.bad, 'a list', isList).map((value, i) => {
      const { at, reason } = field(`bad[${i}]`, value, 'an object', isObject);
      return [
        field(`bad[${i}].at`, at, 'an integer ≥ 0', isCount),
        field(`bad[${i}].reason`, reason, 'a string', isString),
      ];
    }),
  );
  const names = textOf(expectList(tensors, 'names', file), file).split('\0');
  const { from, to } = placesOf(job, index);
  if (names.length !== to - from) {
    throw new FormatError(
      file,
      `must name all files of its cell: expected ${to - from}, got ${names.length}`,
    );
  }
  const good = names.length - reasons.size;
  const { data } = expectTensor(tensors, 'photos', [good, WORDS], file);
  let row = 0;
  const photos = names.map((name, n): CellPhoto => {
    const reason = reasons.get(n);
    return reason === undefined ? { name, sha256: hexOf(data, row++) } : { name, reason };
  });
  return { job, index, photos, features: expectTensor(tensors, 'features', [good, job.width], file) };
}

/** The cells of an extraction, as tasks that share a folder keep them. */
export const FEATURE_CELLS: CellKind<FeatureJob, FeatureCell> = {
  noun: 'feature extraction',
  jobFile: 'features.json',
  maxCellBytes: Infinity,
  encodeJob,
  parseJob: (bytes, file) => parseFeatureJob(decodeUtf8(bytes, file), file),
  cellFile: (index) => `cell-${cellDigits(index)}.safetensors`,
  encodeCell: async (cell) => encodeFeatureCell(cell, 'cell', 'safetensors'),
  parseCell: async (bytes, file) => decodeFeatureCell(bytes, file, 'safetensors'),
  jobOf: ({ job }) => job,
  cellCount: ({ cells }) => cells,
  cellName: (_, index) => `cell ${index}`,
  differenceOf,
};

function parseFeatureJob(text: string, file: string): FeatureJob {
  const job = parseJob(text, file);
  if (photoCount(job) <= MOST_PHOTOS) return job;
  throw new FormatError(file, `photos must be at most ${MOST_PHOTOS}, got ${photoCount(job)}`);
}

/** Over what a cell says and over its numbers, all but the text that the checksum is in. */
function checksum(tensors: ReadonlyMap<string, Tensor>, about: object): string {
  const hash = createHash('sha256').update(JSON.stringify(about));
  for (const name of ['features', 'labels', 'test', 'photos', 'names']) {
    const data = tensors.get(name)?.data;
    if (data) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

function vector(values: readonly number[]): Tensor {
  return new Tensor(Float32Array.from(values), [values.length]);
}

function textTensor(text: string): Tensor {
  const bytes = new TextEncoder().encode(text);
  return new Tensor(Float32Array.from(bytes), [bytes.length]);
}

function textOf({ data }: Tensor, file: string): string {
  return decodeUtf8(Uint8Array.from(data), file);
}

function expectList(tensors: ReadonlyMap<string, Tensor>, name: string, file: string): Tensor {
  return expectTensor(tensors, name, [tensors.get(name)?.size ?? 0], file);
}

function wordsOf(sha256: string): number[] {
  return Array.from({ length: WORDS }, (_, i) => Number.parseInt(sha256.slice(4 * i, 4 * i + 4), 16));
}

function hexOf(words: ArrayLike<number>, row: number): string {
  return Array.from({ length: WORDS }, (_, i) => words[row * WORDS + i].toString(16).padStart(4, '0')).join(
    '',
  );
}
