/** Keras' .keras and .h5 files as models; formats/keras-file.ts has what is in them. */
import {
  isKerasFolder,
  type KerasFile,
  parseKeras,
  parseKerasH5,
  readKerasFolder,
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
  return found(isFolder ? await readKerasFolder(source, fill) : parseKeras(bytes, name, fill), name);
}

/** The model in an .h5 file. */
export async function readKerasH5({ name, bytes }: Source, fill: Shape | null): Promise<Found> {
  return found(parseKerasH5(bytes, name, fill), name);
}

function found({ config, weights, writer, remarks }: KerasFile, name: string): Found {
  return { model: makeModel(config, weights, name), writer, remarks };
}
