/** Keras' .keras and .h5 files as models; formats/keras-file.ts has what is in them. */
import { type KerasFile, parseKeras, parseKerasH5 } from '../../formats/keras-file.ts';
import type { Source } from '../../formats/sources.ts';
import type { Found } from './found.ts';
import { makeModel } from './make-model.ts';

/** The model in a .keras file. */
export async function readKeras({ name, bytes }: Source): Promise<Found> {
  return found(parseKeras(bytes, name), name);
}

/** The model in an .h5 file. */
export async function readKerasH5({ name, bytes }: Source): Promise<Found> {
  return found(parseKerasH5(bytes, name), name);
}

function found({ config, weights, writer, remarks }: KerasFile, name: string): Found {
  return { model: makeModel(config, weights, name), writer, remarks };
}
