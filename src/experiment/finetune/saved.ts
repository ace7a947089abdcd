/** A finished fine-tuning in its folder: files that may come from anywhere, so that nothing in them is believed. */
import { readModelFile } from '#files';
import { isConvolution } from '../../formats/checkpoint.ts';
import { FormatError } from '../../formats/errors.ts';
import { type FieldReader, fieldReader, isList, isNames, isString } from '../../formats/fields.ts';
import {
  decodeUtf8,
  isCount,
  isCounts,
  isObject,
  type JsonObject,
  parseJsonObject,
} from '../../formats/json.ts';
import { PREPROCESSINGS } from '../../model/preprocessing.ts';
import { isKernel } from '../checkpoint.ts';
import { isReal } from '../read-details.ts';
import { DETAILS_FILE, RESULT_FILE } from '../saved-run.ts';
import { readFinetunePhase } from './checkpoint.ts';
import { FINETUNE_DETAILS, type FinetuneDetails, type PhotoDetails } from './details.ts';
import { CLASS_WEIGHTS } from './options.ts';
import type { FinetuneResult } from './result.ts';

/** Room for ten thousand epochs in the one, and for the photos in the other. */
const MOST_BYTES = 2 ** 22;
const WRITER = 'finetune --out';

/** Whether a result's text is that of a fine-tuning. */
export function isFinetuning(root: JsonObject): boolean {
  return root.command === 'finetune';
}

/** Whether a folder holds a fine-tuning's result, rather than that of transfer. Throws as readFinetuneResult does. */
export async function holdsFinetuning(folder: string): Promise<boolean> {
  const { bytes, path } = await readModelFile(folder, RESULT_FILE, MOST_BYTES, 'transfer --out');
  return isFinetuning(parseJsonObject(decodeUtf8(bytes, path), path));
}

/** @throws FormatError, in one line with the file's path, where there is none, or it is damaged or another command's. */
export async function readFinetuneResult(folder: string): Promise<FinetuneResult> {
  const { bytes, path } = await readModelFile(folder, RESULT_FILE, MOST_BYTES, WRITER);
  return parseFinetuneResult(bytes, path);
}

/** Result and details. Throws as readFinetuneResult does. */
export async function readFinetuning(
  folder: string,
): Promise<{ result: FinetuneResult; details: FinetuneDetails }> {
  const result = await readFinetuneResult(folder);
  const { bytes, path } = await readModelFile(folder, DETAILS_FILE, MOST_BYTES, WRITER);
  return { result, details: parseFinetuneDetails(bytes, path, result) };
}

export function parseFinetuneResult(bytes: Uint8Array, file: string): FinetuneResult {
  const root = parseJsonObject(decodeUtf8(bytes, file), file);
  if (!isFinetuning(root)) throw new FormatError(file, 'this is not a result of degelo finetune');
  const field = fieldReader(file);
  const text = (name: string): string => field(name, root[name], 'a string', isString);
  const count = (name: string): number => field(name, root[name], 'an integer ≥ 0', isCount);
  const part = (name: string): JsonObject => field(name, root[name], 'an object', isObject);
  const [base, data, samples, byClass, features, options] = [
    ...['base', 'data', 'samples', 'samples_by_class', 'features', 'options'],
  ].map(part);
  const classes = field('classes', root.classes, 'a list of names, two or more', isClasses);
  const amount = (path: string, value: unknown): number => field(path, value, 'a number ≥ 0', isAmount);
  const counts = (path: string, value: unknown): readonly number[] =>
    field(
      path,
      value,
      `a list of ${classes.length} integers ≥ 0`,
      (list): list is readonly number[] => isCounts(list) && list.length === classes.length,
    );
  const epochs = field('options.epochs', options.epochs, 'an integer ≥ 0', isCount);
  const thawEpochs = field('options.thaw_epochs', options.thaw_epochs, 'an integer ≥ 0', isCount);
  return {
    version: text('version'),
    engine: text('engine'),
    command: 'finetune',
    base: {
      source: field('base.source', base.source, 'a string', isString),
      format: field('base.format', base.format, 'a string', isString),
      sha256: field('base.sha256', base.sha256, 'a string', isString),
    },
    data: {
      source: field('data.source', data.source, 'a string', isString),
      sha256: field('data.sha256', data.sha256, 'a string', isString),
      skipped: amount('data.skipped', data.skipped),
    },
    classes,
    samples: { train: amount('samples.train', samples.train), test: amount('samples.test', samples.test) },
    samples_by_class: {
      train: counts('samples_by_class.train', byClass.train),
      test: counts('samples_by_class.test', byClass.test),
    },
    features: {
      cut: field('features.cut', features.cut, 'a string', isString),
      width: amount('features.width', features.width),
      size: field('features.size', features.size, 'a list of integers ≥ 0', isCounts),
      preprocessing: field(
        'features.preprocessing',
        features.preprocessing,
        PREPROCESSINGS.join(', '),
        isOneOf(PREPROCESSINGS),
      ),
      seconds: amount('features.seconds', features.seconds),
    },
    options: {
      hidden: amount('options.hidden', options.hidden),
      dropout: amount('options.dropout', options.dropout),
      epochs,
      batch_size: amount('options.batch_size', options.batch_size),
      learning_rate: amount('options.learning_rate', options.learning_rate),
      class_weights: field(
        'options.class_weights',
        options.class_weights,
        CLASS_WEIGHTS.join(', '),
        isOneOf(CLASS_WEIGHTS),
      ),
      test_split: amount('options.test_split', options.test_split),
      thaw: field('options.thaw', options.thaw, 'null, a number or a name', isThaw),
      thaw_epochs: thawEpochs,
      thaw_learning_rate: amount('options.thaw_learning_rate', options.thaw_learning_rate),
    },
    feature_cache_mb: amount('feature_cache_mb', root.feature_cache_mb),
    seed: count('seed'),
    threads: count('threads'),
    kernel: field('kernel', root.kernel, 'plain, simd or fma', isKernel),
    convolution: field('convolution', root.convolution, 'a convolution', isConvolution),
    head: readFinetunePhase(field, 'head', root.head, epochs),
    thawed: root.thawed === null ? null : readFinetunePhase(field, 'thawed', root.thawed, thawEpochs),
    weights_sha256: text('weights_sha256'),
  };
}

/** @param result of the same run */
export function parseFinetuneDetails(
  bytes: Uint8Array,
  file: string,
  result: FinetuneResult,
): FinetuneDetails {
  const root = parseJsonObject(decodeUtf8(bytes, file), file);
  const field = fieldReader(file);
  field(
    'format',
    root.format,
    `"${FINETUNE_DETAILS}"`,
    (value): value is string => value === FINETUNE_DETAILS,
  );
  field(
    'weights_sha256',
    root.weights_sha256,
    "the result's",
    (value): value is string => value === result.weights_sha256,
  );
  const machine = field('machine', root.machine, 'an object', isObject);
  const confusion = field('confusion', root.confusion, 'an object', isObject);
  const K = result.classes.length;
  const isMatrix = (value: unknown): value is number[][] =>
    isList(value) && value.length === K && value.every((row) => isCounts(row) && row.length === K);
  const matrix = (name: string): number[][] =>
    field(`confusion.${name}`, confusion[name], `${K} rows of ${K} integers ≥ 0`, isMatrix);
  return {
    format: FINETUNE_DETAILS,
    degelo: field('degelo', root.degelo, 'a string', isString),
    finished: field('finished', root.finished, 'a time', isTime),
    arguments: field('arguments', root.arguments, 'a list of words', isNames),
    machine: {
      cpu: field('machine.cpu', machine.cpu, 'a string', isString),
      cores: field('machine.cores', machine.cores, 'an integer ≥ 0', isCount),
      system: field('machine.system', machine.system, 'a string', isString),
      v8: field('machine.v8', machine.v8, 'a string', isString),
    },
    confusion: { head: matrix('head'), thawed: result.thawed && matrix('thawed') },
    mistakes: field('mistakes', root.mistakes, 'a list', isList).map((value, i) =>
      readPhoto(field, `mistakes[${i}]`, value, K),
    ),
    skipped: field('skipped', root.skipped, 'a list', isList).map((value, i) => {
      const bad = field(`skipped[${i}]`, value, 'an object', isObject);
      return {
        file: field(`skipped[${i}].file`, bad.file, 'a string', isString),
        reason: field(`skipped[${i}].reason`, bad.reason, 'a string', isString),
      };
    }),
    weights_sha256: result.weights_sha256,
  };
}

function readPhoto(field: FieldReader, path: string, value: unknown, classes: number): PhotoDetails {
  const photo = field(path, value, 'an object', isObject);
  const isClass = (place: unknown): place is number => isCount(place) && place < classes;
  const isRow = (row: unknown): row is readonly number[] =>
    isList(row) && row.length === classes && row.every((share) => isAmount(share) && share <= 1);
  const isSide = (side: unknown): side is number => isCount(side) && side <= 1024;
  const [height, width] = ['height', 'width'].map((name) =>
    field(`${path}.${name}`, photo[name], 'an integer from 0 to 1024', isSide),
  );
  const isPixels = (pixels: unknown): pixels is string =>
    isString(pixels) && Buffer.from(pixels, 'base64').length === 3 * height * width;
  return {
    file: field(`${path}.file`, photo.file, 'a string', isString),
    label: field(`${path}.label`, photo.label, 'a class', isClass),
    predicted: field(`${path}.predicted`, photo.predicted, 'a class', isClass),
    probabilities: field(
      `${path}.probabilities`,
      photo.probabilities,
      `${classes} numbers from 0 to 1`,
      isRow,
    ),
    ...{ height, width },
    pixels: field(`${path}.pixels`, photo.pixels, `${height}×${width} pixels in base64`, isPixels),
  };
}

const isAmount = (value: unknown): value is number => isReal(value) && value >= 0;
const isClasses = (value: unknown): value is readonly string[] => isNames(value) && value.length >= 2;
const isThaw = (value: unknown): value is number | string | null =>
  value === null || isCount(value) || isString(value);
const isTime = (value: unknown): value is string => isString(value) && !Number.isNaN(Date.parse(value));
const isOneOf =
  <T extends string>(choices: readonly T[]) =>
  (value: unknown): value is T =>
    (choices as readonly unknown[]).includes(value);
