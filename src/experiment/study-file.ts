/**
 * A cell of a study as a file, `cell-000017.json`:
 *
 *   { "sha256": "…",                             over the file, with zeros for its own digits
 *     "format": "degelo-study-cell", "formatVersion": 1,
 *     "study": { … }, "cell": { … },             of which study it is, and which cell
 *     "figures": { … },                          what these two decide, to the last bit
 *     "origin": { … } }                          who computed it, and for how long
 *
 * and `study.json` beside them, which is the study alone. Here they are made and read; who opens files is the command.
 */
import { FormatError } from '../formats/errors.ts';
import { type FieldReader, fieldReader, isList, isString } from '../formats/fields.ts';
import {
  decodeUtf8,
  isCount,
  isCounts,
  isObject,
  type JsonObject,
  parseJsonObject,
} from '../formats/json.ts';
import { checkSeal, NO_SEAL, seal } from '../formats/seal.ts';
import { type CellKind, cellDigits } from './cells.ts';
import type { CellFigures, CellOrigin, CellRecord } from './study.ts';
import { byCondition, type ConditionFigures, type Diverged, type SourceFigures } from './study-conditions.ts';
import {
  cellAt,
  cellCount,
  cellName,
  DIRECTIONS,
  type Direction,
  differenceOf,
  faultOf,
  type SampleCount,
  type Study,
} from './study-grid.ts';

const FORMAT = 'degelo-study-cell';
/** Counts the changes that older readers can't read. */
const FORMAT_VERSION = 1;
const OPENING = '{\n  "sha256": "';

/** The longest file that is read, in bytes: a cell takes 3,000, and most of a longer one would be learning rates. */
export const MAX_CELL_BYTES = 1_000_000;

const STUDY_FILE = 'study.json';

export function cellFile(index: number): string {
  return `cell-${cellDigits(index)}.json`;
}

/** A study's cells, as tasks that share a folder keep them. */
export const STUDY_CELLS: CellKind<Study, CellRecord> = {
  noun: 'study',
  jobFile: STUDY_FILE,
  maxCellBytes: MAX_CELL_BYTES,
  encodeJob: encodeStudy,
  parseJob: parseStudy,
  cellFile,
  encodeCell,
  parseCell,
  jobOf: ({ study }) => study,
  cellCount,
  cellName,
  differenceOf,
};

export async function encodeCell({ study, index, figures, origin }: CellRecord): Promise<Uint8Array> {
  const cell = { index, ...cellAt(study, index) };
  const text = json({
    sha256: NO_SEAL,
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    study,
    cell,
    figures,
    origin,
  });
  return seal(new TextEncoder().encode(text), OPENING.length);
}

export function encodeStudy(study: Study): string {
  return json(study);
}

/**
 * Reads a cell's file, which may come from anywhere.
 * @param file what messages call it
 * @throws FormatError where it is damaged, or not the file of a cell.
 */
export async function parseCell(bytes: Uint8Array, file: string): Promise<CellRecord> {
  await checkSeal(bytes, { opening: OPENING, kind: 'a cell of a study', file });
  const root = parseJsonObject(decodeUtf8(bytes, file), file);
  const field = fieldReader(file);
  field('format', root.format, `"${FORMAT}"`, (value) => value === FORMAT);
  field('formatVersion', root.formatVersion, `${FORMAT_VERSION}`, (value) => value === FORMAT_VERSION);
  const study = readStudy(field('study', root.study, 'an object', isObject), file, 'study.');
  const cell = field('cell', root.cell, 'an object', isObject);
  const isIndex = (value: unknown): value is number => isCount(value) && value < cellCount(study);
  const index = field('cell.index', cell.index, `an integer below ${cellCount(study)}`, isIndex);
  for (const [name, expected] of Object.entries(cellAt(study, index))) {
    field(
      `cell.${name}`,
      cell[name],
      JSON.stringify(expected),
      (value): value is typeof expected => value === expected,
    );
  }
  return {
    study,
    index,
    figures: readFigures(field('figures', root.figures, 'an object', isObject), field),
    origin: readOrigin(field('origin', root.origin, 'an object', isObject), field),
  };
}

/** Reads a `study.json`. @throws FormatError where it is damaged, or something else. */
export function parseStudy(bytes: Uint8Array, file: string): Study {
  return readStudy(parseJsonObject(decodeUtf8(bytes, file), file), file, '');
}

function readStudy(study: JsonObject, file: string, prefix: string): Study {
  const field = fieldReader(file);
  const data = field(`${prefix}data`, study.data, 'an object', isObject);
  const read: Study = {
    version: field(`${prefix}version`, study.version, 'a string', isString),
    data: { sha256: field(`${prefix}data.sha256`, data.sha256, 'a string', isString) },
    kernel: field(`${prefix}kernel`, study.kernel, '"strict" or "fma"', isArithmetic),
    epochs: field(`${prefix}epochs`, study.epochs, 'an integer ≥ 0', isCount),
    batch_size: field(`${prefix}batch_size`, study.batch_size, 'an integer ≥ 0', isCount),
    source_classes: field(`${prefix}source_classes`, study.source_classes, 'a list of classes', isCounts),
    target_classes: field(`${prefix}target_classes`, study.target_classes, 'a list of classes', isCounts),
    directions: field(`${prefix}directions`, study.directions, 'a list of directions', isListOf(isDirection)),
    learning_rates: field(
      `${prefix}learning_rates`,
      study.learning_rates,
      'a list of numbers',
      isListOf(isNumber),
    ),
    seeds: field(`${prefix}seeds`, study.seeds, 'an integer ≥ 0', isCount),
    samples: field(`${prefix}samples`, study.samples, 'a list of numbers and "all"', isListOf(isSampleCount)),
  };
  const fault = faultOf(read);
  if (fault) throw new FormatError(file, `${prefix}${fault}`);
  return read;
}

function readFigures(figures: JsonObject, field: FieldReader): CellFigures {
  const conditions = field('figures.conditions', figures.conditions, 'an object', isObject);
  return {
    samples: field('figures.samples', figures.samples, 'an integer ≥ 0', isCount),
    epochs: field('figures.epochs', figures.epochs, 'an integer ≥ 0', isCount),
    steps: field('figures.steps', figures.steps, 'an integer ≥ 0', isCount),
    source: readOutcome(
      'figures.source',
      figures.source,
      field,
      (path, source): SourceFigures => ({
        accuracy: field(`${path}.accuracy`, source.accuracy, 'a number from 0 to 1', isFraction),
        weights_sha256: field(`${path}.weights_sha256`, source.weights_sha256, 'a string', isString),
      }),
    ),
    conditions: byCondition((name) =>
      readOutcome(`figures.conditions.${name}`, conditions[name], field, (path, own): ConditionFigures => {
        const test = field(`${path}.test`, own.test, 'an object', isObject);
        return {
          test: {
            loss: field(`${path}.test.loss`, test.loss, 'a number', isNumber),
            accuracy: field(`${path}.test.accuracy`, test.accuracy, 'a number from 0 to 1', isFraction),
          },
          first_epoch_accuracy: field(
            `${path}.first_epoch_accuracy`,
            own.first_epoch_accuracy,
            'a number from 0 to 1',
            isFraction,
          ),
          weights_sha256: field(`${path}.weights_sha256`, own.weights_sha256, 'a string', isString),
        };
      }),
    ),
  };
}

function readOutcome<T>(
  path: string,
  value: unknown,
  field: FieldReader,
  read: (path: string, figures: JsonObject) => T,
): T | Diverged {
  const figures = field(path, value, 'an object', isObject);
  return figures.diverged === true ? { diverged: true } : read(path, figures);
}

function readOrigin(origin: JsonObject, field: FieldReader): CellOrigin {
  const seconds = field('origin.seconds', origin.seconds, 'an object', isObject);
  const conditions = field('origin.seconds.conditions', seconds.conditions, 'an object', isObject);
  const time = (path: string, value: unknown): number =>
    field(`origin.seconds.${path}`, value, 'a number ≥ 0', isDuration);
  return {
    engine: field('origin.engine', origin.engine, 'a string', isString),
    kernel: field('origin.kernel', origin.kernel, 'a string', isString),
    threads: field('origin.threads', origin.threads, 'an integer ≥ 0', isCount),
    seconds: {
      source: time('source', seconds.source),
      conditions: byCondition((name) => time(`conditions.${name}`, conditions[name])),
    },
  };
}

/** The text of each file of a study: it ends with a line break. */
function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function isListOf<T>(is: (value: unknown) => value is T): (value: unknown) => value is readonly T[] {
  return (value): value is readonly T[] => isList(value) && value.every(is);
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isFraction(value: unknown): value is number {
  return isNumber(value) && value >= 0 && value <= 1;
}

function isDuration(value: unknown): value is number {
  return isNumber(value) && value >= 0;
}

function isSampleCount(value: unknown): value is SampleCount {
  return value === 'all' || isCount(value);
}

function isDirection(value: unknown): value is Direction {
  return (DIRECTIONS as readonly unknown[]).includes(value);
}

function isArithmetic(value: unknown): value is Study['kernel'] {
  return value === 'strict' || value === 'fma';
}
