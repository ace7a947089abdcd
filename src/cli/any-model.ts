/** Models that commands read: ours, and TensorFlow.js', told apart by what their model.json says of itself. */
import { dirname, join } from 'node:path';
import { exists, isFolder, readWholeFile } from '#files';
import { FormatError } from '../formats/errors.ts';
import { decodeUtf8, parseJsonObject } from '../formats/json.ts';
import { MAX_MODEL_JSON, MODEL_FILE } from '../formats/model.ts';
import { foreignFormat } from '../formats/places.ts';
import type { Sequential } from '../training/sequential.ts';

/** Folders of a whole model: our own format, and TensorFlow.js'. */
export const MODEL_FORMATS = ['degelo', 'tfjs'] as const;
export type ModelFormat = (typeof MODEL_FORMATS)[number];

/**
 * Which of the two formats a model has.
 * @param path of its folder, or of its model.json
 * @throws FormatError where there is none, and for a file in a format that degelo can't read.
 */
export async function modelFormatOf(path: string): Promise<ModelFormat> {
  const folder = await isFolder(path);
  const foreign = folder || /\.json$/i.test(path) ? null : foreignFormat(path);
  if (foreign !== null && (await exists(path))) {
    const way = /keras|hdf5/i.test(foreign)
      ? ': tensorflowjs_converter --input_format=keras makes a folder of it that can be'
      : '';
    throw new FormatError(path, `${foreign} can't be read${way}`);
  }
  const json = folder ? join(path, MODEL_FILE) : path;
  const { format } = parseJsonObject(decodeUtf8(await readWholeFile(json, MAX_MODEL_JSON), json), json);
  return format === 'degelo-model' ? 'degelo' : 'tfjs';
}

/**
 * The model in a folder, or beside a model.json.
 * @param format whatever it looks like; told apart unless given
 * @throws FormatError, in one line with the file's path, where there is no whole model.
 */
export async function loadAnyModel(path: string, format?: ModelFormat): Promise<Sequential> {
  const folder = await isFolder(path);
  // Of a folder that isn't there, or has no model.json, loadModel says just that.
  const isNone = folder ? !(await exists(join(path, MODEL_FILE))) : !(await exists(path));
  if ((format ?? (isNone ? 'degelo' : await modelFormatOf(path))) === 'tfjs') {
    const { loadLayersModel } = await import('../training/saved/layers-model.ts');
    return loadLayersModel(path);
  }
  const { loadModel } = await import('../training/saved/saved-model.ts');
  return loadModel(folder || isNone ? path : dirname(path));
}
