/** The details of a fine-tuning, of a file's text: what its report shows beside the result. */
import { type FieldReader, fieldReader, isList, isNames, isString } from '../../formats/fields.ts';
import { decodeUtf8, isCount, isCounts, isObject, parseJsonObject } from '../../formats/json.ts';
import { FINETUNE_DETAILS, type FinetuneDetails, type PhotoDetails } from './details.ts';
import { isAmount } from './read-result.ts';
import type { FinetuneResult } from './result.ts';

/**
 * @param result of the same run
 * @throws FormatError, in one line with the file's path, where they are damaged or another run's.
 */
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

const isTime = (value: unknown): value is string => isString(value) && !Number.isNaN(Date.parse(value));
