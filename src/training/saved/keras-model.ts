/** Keras' .keras and .h5 files as models; formats/keras-file.ts has what is in them. */
import {
  isKerasFolder,
  type KerasFile,
  openKeras,
  openKerasFolder,
  openKerasH5,
  parseKeras,
} from '../../formats/keras-file.ts';
import { Look } from '../../formats/look.ts';
import type { Wanted } from '../../formats/outputs.ts';
import type { Source } from '../../formats/sources.ts';
import type { Found } from './found.ts';
import { makeModel } from './make-model.ts';

/** The model in a .keras file, or in a folder with its parts. */
export async function readKeras(source: Source, wanted: Wanted): Promise<Found> {
  const { name, bytes } = source;
  const isFolder = isKerasFolder(new Look(bytes, name));
  return found(isFolder ? await openKerasFolder(source) : openKeras(bytes, name), wanted, name);
}

/** The model in an .h5 file. */
export async function readKerasH5({ name, bytes }: Source, wanted: Wanted): Promise<Found> {
  return found(openKerasH5(bytes, name), wanted, name);
}

function found(file: KerasFile, wanted: Wanted, name: string): Found {
  const { config, weights, writer, remarks } = parseKeras(file, wanted);
  return { model: makeModel(config, weights, name), writer, remarks };
}
