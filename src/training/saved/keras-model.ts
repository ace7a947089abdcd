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
import type { Source } from '../../formats/sources.ts';
import type { Shape } from '../../tensor/tensor.ts';
import type { Found } from './found.ts';
import { makeModel } from './make-model.ts';

/** The model in a .keras file, or in a folder with its parts. */
export async function readKeras(source: Source, fill: Shape | null): Promise<Found> {
  const { name, bytes } = source;
  const isFolder = isKerasFolder(new Look(bytes, name));
  return found(isFolder ? await openKerasFolder(source) : openKeras(bytes, name), fill, name);
}

/** The model in an .h5 file. */
export async function readKerasH5({ name, bytes }: Source, fill: Shape | null): Promise<Found> {
  return found(openKerasH5(bytes, name), fill, name);
}

function found(file: KerasFile, fill: Shape | null, name: string): Found {
  const { config, weights, writer, remarks } = parseKeras(file, fill);
  return { model: makeModel(config, weights, name), writer, remarks };
}
