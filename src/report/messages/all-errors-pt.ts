/** All that the command line says of what went wrong, in Portuguese. */
import { COMMON } from './errors-pt/common.ts';
import { DATA } from './errors-pt/data.ts';
import { HDF5 } from './errors-pt/hdf5.ts';
import { LAYERS } from './errors-pt/layers.ts';
import { MODEL_FIELDS } from './errors-pt/model-fields.ts';
import { MODELS } from './errors-pt/models.ts';
import { RUNS } from './errors-pt/runs.ts';
import { TFLITE } from './errors-pt/tflite.ts';
import { USAGE } from './errors-pt/usage.ts';
import { SHARED } from './errors-pt.ts';
import { type Line, textOf, translator } from './translator.ts';

/** All lines together, for the tests. */
export const ALL_LINES: readonly Line[] = [
  ...SHARED,
  ...COMMON,
  ...USAGE,
  ...RUNS,
  ...DATA,
  ...MODELS,
  ...MODEL_FIELDS,
  ...HDF5,
  ...TFLITE,
  ...LAYERS,
];

/** A message in pieces: those that lines know, and names, paths and numbers. */
export const piecesInPortuguese = translator(ALL_LINES);

/** A message in Portuguese; what isn't known stays as it is. */
export function errorInPortuguese(message: string): string {
  return textOf(piecesInPortuguese(message));
}
