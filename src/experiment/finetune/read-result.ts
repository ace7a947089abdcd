/** The result of a fine-tuning, of a file's text. */
import { isConvolution } from '../../formats/checkpoint.ts';
import { FormatError } from '../../formats/errors.ts';
import { type FieldReader, fieldReader, isNames, isOneOf, isString } from '../../formats/fields.ts';
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
import { readFinetunePhase } from './checkpoint.ts';
import { CLASS_WEIGHTS } from './options.ts';
import type { FinetuneResult } from './result.ts';

/** Whether a result's text is that of a fine-tuning. */
export function isFinetuning(root: JsonObject): boolean {
  return root.command === 'finetune';
}

/** @throws FormatError, in one line with the file's path, where it is damaged or another command's. */
export function parseFinetuneResult(bytes: Uint8Array, file: string): FinetuneResult {
  const root = parseJsonObject(decodeUtf8(bytes, file), file);
  if (!isFinetuning(root)) throw new FormatError(file, 'this is not a result of degelo finetune');
  const field = fieldReader(file);
  const text = (name: string): string => field(name, root[name], 'a string', isString);
  const count = (name: string): number => field(name, root[name], 'an integer ≥ 0', isCount);
  const classes = field('classes', root.classes, 'a list of names, two or more', isClasses);
  const options = readOptions(partOf(field, root, 'options'));
  return {
    version: text('version'),
    engine: text('engine'),
    command: 'finetune',
    base: readBase(partOf(field, root, 'base')),
    data: readData(partOf(field, root, 'data')),
    classes,
    samples: readSamples(partOf(field, root, 'samples')),
    samples_by_class: readSamplesByClass(partOf(field, root, 'samples_by_class'), classes.length),
    features: readFeatures(partOf(field, root, 'features')),
    options,
    feature_cache_mb: field('feature_cache_mb', root.feature_cache_mb, 'a number ≥ 0', isAmount),
    seed: count('seed'),
    threads: count('threads'),
    kernel: field('kernel', root.kernel, 'plain, simd or fma', isKernel),
    convolution: field('convolution', root.convolution, 'a convolution', isConvolution),
    head: readFinetunePhase(field, 'head', root.head, options.epochs),
    thawed:
      root.thawed === null ? null : readFinetunePhase(field, 'thawed', root.thawed, options.thaw_epochs),
    weights_sha256: text('weights_sha256'),
  };
}

/** Reads fields of one object within the file. */
interface Part {
  get<T>(name: string, expected: string, is: (value: unknown) => value is T): T;
  text(name: string): string;
  amount(name: string): number;
}

function partOf(field: FieldReader, root: JsonObject, part: string): Part {
  const object = field(part, root[part], 'an object', isObject);
  const get: Part['get'] = (name, expected, is) => field(`${part}.${name}`, object[name], expected, is);
  return {
    get,
    text: (name) => get(name, 'a string', isString),
    amount: (name) => get(name, 'a number ≥ 0', isAmount),
  };
}

function readBase({ text }: Part): FinetuneResult['base'] {
  return { source: text('source'), format: text('format'), sha256: text('sha256') };
}

function readData({ text, amount }: Part): FinetuneResult['data'] {
  return { source: text('source'), sha256: text('sha256'), skipped: amount('skipped') };
}

function readSamples({ amount }: Part): FinetuneResult['samples'] {
  return { train: amount('train'), test: amount('test') };
}

function readSamplesByClass({ get }: Part, classes: number): FinetuneResult['samples_by_class'] {
  const isOfClasses = (list: unknown): list is readonly number[] => isCounts(list) && list.length === classes;
  const counts = (name: string): readonly number[] =>
    get(name, `a list of ${classes} integers ≥ 0`, isOfClasses);
  return { train: counts('train'), test: counts('test') };
}

function readFeatures({ get, text, amount }: Part): FinetuneResult['features'] {
  return {
    cut: text('cut'),
    width: amount('width'),
    size: get('size', 'a list of integers ≥ 0', isCounts),
    preprocessing: get('preprocessing', PREPROCESSINGS.join(', '), isOneOf(PREPROCESSINGS)),
    seconds: amount('seconds'),
  };
}

function readOptions({ get, amount }: Part): FinetuneResult['options'] {
  return {
    hidden: amount('hidden'),
    dropout: amount('dropout'),
    epochs: get('epochs', 'an integer ≥ 0', isCount),
    batch_size: amount('batch_size'),
    learning_rate: amount('learning_rate'),
    class_weights: get('class_weights', CLASS_WEIGHTS.join(', '), isOneOf(CLASS_WEIGHTS)),
    test_split: amount('test_split'),
    thaw: get('thaw', 'null, a number or a name', isThaw),
    thaw_epochs: get('thaw_epochs', 'an integer ≥ 0', isCount),
    thaw_learning_rate: amount('thaw_learning_rate'),
  };
}

export const isAmount = (value: unknown): value is number => isReal(value) && value >= 0;
const isClasses = (value: unknown): value is readonly string[] => isNames(value) && value.length >= 2;
const isThaw = (value: unknown): value is number | string | null =>
  value === null || isCount(value) || isString(value);
