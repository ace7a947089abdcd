/**
 * A finished run in the folder that `transfer --out` filled, from its `result.json` and `details.json`: files that
 * may come from anywhere, so that nothing in them is believed (docs/model-format.md has their fields).
 */
import { readModelFile } from '#files';
import { isConvolution } from '../formats/checkpoint.ts';
import { type FieldReader, fieldReader, isString } from '../formats/fields.ts';
import { decodeUtf8, isCount, isCounts, isObject, parseJsonObject } from '../formats/json.ts';
import { PREPROCESSINGS, type Preprocessing } from '../model/preprocessing.ts';
import { isBoolean, isKernel, readPhaseResult } from './checkpoint.ts';
import type { RunDetails } from './details.ts';
import { isPositive, isReal, parseDetails } from './read-details.ts';
import type { BaseFigures, PhaseResult, TransferResult } from './result.ts';

export interface SavedRun {
  readonly result: TransferResult;
  readonly details: RunDetails;
}

export const RESULT_FILE = 'result.json';
export const DETAILS_FILE = 'details.json';

/** Room for ten thousand epochs in the one, and for all mistakes of 256 classes in the other. */
const MAX_BYTES = 2 ** 22;
/** Classes of data that have a byte for a label. */
const MOST_CLASSES = 256;

/**
 * The run in a folder.
 * @throws FormatError, in one line with the file's path, where there is none, or it is damaged or of another version.
 */
export async function readSavedRun(folder: string): Promise<SavedRun> {
  const writer = 'transfer --out';
  const result = await readModelFile(folder, RESULT_FILE, MAX_BYTES, writer);
  const details = await readModelFile(folder, DETAILS_FILE, MAX_BYTES, writer);
  return parseSavedRun(result.bytes, details.bytes, { result: result.path, details: details.path });
}

/**
 * The run in the two files' contents.
 * @param files what messages call them
 * @throws FormatError as readSavedRun does.
 */
export function parseSavedRun(
  resultBytes: Uint8Array,
  detailsBytes: Uint8Array,
  files = { result: RESULT_FILE, details: DETAILS_FILE },
): SavedRun {
  const result = parseResult(decodeUtf8(resultBytes, files.result), files.result);
  const details = parseDetails(decodeUtf8(detailsBytes, files.details), files.details, result);
  return { result, details };
}

function parseResult(text: string, file: string): TransferResult {
  const root = parseJsonObject(text, file);
  const field = fieldReader(file);
  const count = (name: string): number => field(name, root[name], 'an integer ≥ 0', isCount);
  const number = (name: string): number => readAmount(field, name, root[name]);
  const string = (name: string): string => field(name, root[name], 'a string', isString);
  const data = field('data', root.data, 'an object', isObject);
  const epochs = field('epochs', root.epochs, 'an integer ≥ 1', isPositive);
  return {
    version: string('version'),
    engine: string('engine'),
    data: {
      source: field('data.source', data.source, 'a string', isString),
      sha256: field('data.sha256', data.sha256, 'a string', isString),
    },
    ...(root.base !== undefined && { base: readBase(field, root.base) }),
    reverse: field('reverse', root.reverse, 'true or false', isBoolean),
    feature_cache_mb: number('feature_cache_mb'),
    seed: count('seed'),
    threads: count('threads'),
    kernel: field('kernel', root.kernel, 'plain, simd or fma', isKernel),
    convolution: field('convolution', root.convolution, 'a convolution', isConvolution),
    learning_rate: number('learning_rate'),
    batch_size: count('batch_size'),
    epochs,
    source: readPhase(field, 'source', root.source, epochs),
    target: readPhase(field, 'target', root.target, epochs),
    weights_sha256: string('weights_sha256'),
  };
}

function readBase(field: FieldReader, value: unknown): BaseFigures {
  const base = field('base', value, 'an object', isObject);
  const text = (name: 'source' | 'format' | 'sha256' | 'cut'): string =>
    field(`base.${name}`, base[name], 'a string', isString);
  return {
    ...{ source: text('source'), format: text('format'), sha256: text('sha256'), cut: text('cut') },
    width: field('base.width', base.width, 'an integer ≥ 1', isPositive),
    size: field('base.size', base.size, 'a list of integers ≥ 0', isCounts),
    preprocessing: field(
      'base.preprocessing',
      base.preprocessing,
      `one of ${PREPROCESSINGS.join(', ')}`,
      isPreprocessing,
    ),
    seconds: readAmount(field, 'base.seconds', base.seconds),
  };
}

function isPreprocessing(value: unknown): value is Preprocessing {
  return PREPROCESSINGS.some((each) => each === value);
}

function readPhase(field: FieldReader, path: string, value: unknown, epochs: number): PhaseResult {
  const phase = readPhaseResult(field, path, value, epochs, readAmount);
  field(`${path}.digits`, phase.digits, `a list of 1 to ${MOST_CLASSES} classes`, isClasses);
  return phase;
}

/** A loss, a share, seconds, a count that nothing depends on: all of them finite and not negative. */
function readAmount(field: FieldReader, path: string, value: unknown): number {
  return field(path, value, 'a number ≥ 0 within float32’s range', isAmount);
}

function isAmount(value: unknown): value is number {
  return isReal(value) && value >= 0;
}

function isClasses(value: unknown): value is readonly number[] {
  return isCounts(value) && value.length >= 1 && value.length <= MOST_CLASSES;
}
