/** `details.json`, which may come from anywhere: every field's kind, and that the sizes fit one another. */
import { readNumbers } from '../formats/checkpoint.ts';
import { FormatError } from '../formats/errors.ts';
import { type FieldReader, fieldReader, isList, isString } from '../formats/fields.ts';
import { isCount, isCounts, isObject, parseJsonObject } from '../formats/json.ts';
import { isBoolean } from './checkpoint.ts';
import {
  DETAILS_FORMAT,
  DETAILS_VERSION,
  type FeatureMaps,
  type FilterDetails,
  type LayerDetails,
  type Mistake,
  type PhaseDetails,
  type RunDetails,
} from './details.ts';
import type { TransferResult } from './result.ts';

/** Beyond float32's range there is no weight and no loss, and no time either. */
const LARGEST = 2 ** 128;

/**
 * @param file what messages call it
 * @param result of the run that it must be of
 * @throws FormatError where it is damaged, of another version, or of another run.
 */
export function parseDetails(text: string, file: string, result: TransferResult): RunDetails {
  const root = parseJsonObject(text, file);
  const field = fieldReader(file);
  field('format', root.format, `"${DETAILS_FORMAT}"`, (value) => value === DETAILS_FORMAT);
  field('formatVersion', root.formatVersion, `${DETAILS_VERSION}`, (value) => value === DETAILS_VERSION);
  if (root.weights_sha256 !== result.weights_sha256) {
    throw new FormatError(file, 'must be of the same run as result.json: weights_sha256 differs');
  }
  const machine = field('machine', root.machine, 'an object', isObject);
  const image = field('image', root.image, 'an object', isObject);
  const size = {
    height: field('image.height', image.height, 'an integer ≥ 1', isPositive),
    width: field('image.width', image.width, 'an integer ≥ 1', isPositive),
  };
  const phase = (name: 'source' | 'target'): PhaseDetails =>
    readPhaseDetails(field, name, root[name], result[name].digits.length, size.height * size.width);
  return {
    format: DETAILS_FORMAT,
    formatVersion: DETAILS_VERSION,
    degelo: field('degelo', root.degelo, 'a string', isString),
    finished: field('finished', root.finished, 'a time such as 2025-01-31T12:00:00.000Z', isTime),
    arguments: field('arguments', root.arguments, 'a list of strings', isStrings),
    machine: {
      cpu: field('machine.cpu', machine.cpu, 'a string', isString),
      cores: field('machine.cores', machine.cores, 'an integer ≥ 0', isCount),
      system: field('machine.system', machine.system, 'a string', isString),
      v8: field('machine.v8', machine.v8, 'a string', isString),
    },
    image: size,
    ...(root.filters !== undefined && { filters: readFilters(field, root.filters) }),
    ...(root.feature_maps !== undefined && {
      feature_maps: readFeatureMaps(
        field,
        root.feature_maps,
        result.target.digits.length,
        size.height * size.width,
      ),
    }),
    source: phase('source'),
    target: phase('target'),
    weights_sha256: result.weights_sha256,
  };
}

function readPhaseDetails(
  field: FieldReader,
  path: string,
  value: unknown,
  classes: number,
  pixels: number,
): PhaseDetails {
  const phase = field(path, value, 'an object', isObject);
  const rows = field(`${path}.confusion`, phase.confusion, `a list of ${classes} lists`, isListOf(classes));
  const list = (name: string): readonly unknown[] => field(`${path}.${name}`, phase[name], 'a list', isList);
  return {
    layers: list('layers').map((layer, i) => readLayer(field, `${path}.layers[${i}]`, layer)),
    confusion: rows.map((row, i) =>
      field(`${path}.confusion[${i}]`, row, `a list of ${classes} integers ≥ 0`, isCountsOf(classes)),
    ),
    mistakes: list('mistakes').map((mistake, i) =>
      readMistake(field, `${path}.mistakes[${i}]`, mistake, classes, pixels),
    ),
  };
}

function readLayer(field: FieldReader, path: string, value: unknown): LayerDetails {
  const layer = field(path, value, 'an object', isObject);
  return {
    name: field(`${path}.name`, layer.name, 'a string', isString),
    class_name: field(`${path}.class_name`, layer.class_name, 'a string', isString),
    output_shape: field(`${path}.output_shape`, layer.output_shape, 'a list of integers ≥ 0', isCounts),
    params: field(`${path}.params`, layer.params, 'an integer ≥ 0', isCount),
    trainable: field(`${path}.trainable`, layer.trainable, 'true or false', isBoolean),
  };
}

function readMistake(
  field: FieldReader,
  path: string,
  value: unknown,
  classes: number,
  pixels: number,
): Mistake {
  const mistake = field(path, value, 'an object', isObject);
  const place = (name: string): number =>
    field(`${path}.${name}`, mistake[name], `an integer from 0 to ${classes - 1}`, isBelow(classes));
  const expected = `${pixels} bytes in base64`;
  return {
    index: field(`${path}.index`, mistake.index, 'an integer ≥ 0', isCount),
    label: place('label'),
    predicted: place('predicted'),
    probabilities: readNumbers(
      field,
      `${path}.probabilities`,
      mistake.probabilities,
      classes,
      readProbability,
    ),
    pixels: field(`${path}.pixels`, mistake.pixels, expected, isBase64Of(pixels)),
  };
}

function readFilters(field: FieldReader, value: unknown): FilterDetails {
  const filters = field('filters', value, 'an object', isObject);
  const shape = field('filters.shape', filters.shape, 'four integers ≥ 1', isKernelShape);
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const numbers = (name: 'before' | 'after'): number[] =>
    readNumbers(field, `filters.${name}`, filters[name], size, readReal);
  return {
    layer: field('filters.layer', filters.layer, 'a string', isString),
    shape,
    before: numbers('before'),
    after: numbers('after'),
  };
}

/** More of them make no page. */
const MOST_MAPS = 8;

function readFeatureMaps(field: FieldReader, value: unknown, classes: number, pixels: number): FeatureMaps {
  const maps = field('feature_maps', value, 'an object', isObject);
  const layers = field('feature_maps.layers', maps.layers, `a list of at most ${MOST_MAPS}`, isShortList);
  return {
    index: field('feature_maps.index', maps.index, 'an integer ≥ 0', isCount),
    label: field('feature_maps.label', maps.label, `an integer from 0 to ${classes - 1}`, isBelow(classes)),
    pixels: field('feature_maps.pixels', maps.pixels, `${pixels} bytes in base64`, isBase64Of(pixels)),
    layers: layers.map((item, i) => {
      const path = `feature_maps.layers[${i}]`;
      const layer = field(path, item, 'an object', isObject);
      const shape = field(`${path}.shape`, layer.shape, 'three integers ≥ 1', isMapShape);
      const size = shape.reduce((product, dimension) => product * dimension, 1);
      return {
        layer: field(`${path}.layer`, layer.layer, 'a string', isString),
        shape,
        pixels: field(`${path}.pixels`, layer.pixels, `${size} bytes in base64`, isBase64Of(size)),
      };
    }),
  };
}

function isShortList(value: unknown): value is readonly unknown[] {
  return isList(value) && value.length <= MOST_MAPS;
}

function isMapShape(value: unknown): value is readonly number[] {
  return isList(value) && value.length === 3 && value.every(isPositive);
}

function readProbability(field: FieldReader, path: string, value: unknown): number {
  return field(path, value, 'a number from 0 to 1', isProbability);
}

function readReal(field: FieldReader, path: string, value: unknown): number {
  return field(path, value, 'a number within float32’s range', isReal);
}

export function isReal(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) < LARGEST;
}

function isProbability(value: unknown): value is number {
  return isReal(value) && value >= 0 && value <= 1;
}

export function isPositive(value: unknown): value is number {
  return isCount(value) && value > 0;
}

function isStrings(value: unknown): value is readonly string[] {
  return isList(value) && value.every(isString);
}

function isKernelShape(value: unknown): value is readonly number[] {
  return isList(value) && value.length === 4 && value.every(isPositive);
}

function isTime(value: unknown): value is string {
  return isString(value) && /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z$/.test(value) && !Number.isNaN(Date.parse(value));
}

function isListOf(length: number): (value: unknown) => value is readonly unknown[] {
  return (value): value is readonly unknown[] => isList(value) && value.length === length;
}

function isCountsOf(length: number): (value: unknown) => value is readonly number[] {
  return (value): value is readonly number[] => isCounts(value) && value.length === length;
}

function isBelow(limit: number): (value: unknown) => value is number {
  return (value): value is number => isCount(value) && value < limit;
}

/** Just so many bytes, padded as Buffer writes them. */
function isBase64Of(bytes: number): (value: unknown) => value is string {
  const length = 4 * Math.ceil(bytes / 3);
  return (value): value is string =>
    isString(value) &&
    value.length === length &&
    /^[A-Za-z0-9+/]*={0,2}$/.test(value) &&
    Buffer.byteLength(value, 'base64') === bytes;
}
