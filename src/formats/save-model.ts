/** A model into files, where there are files: what `model.save` does in Node. */
import { writeFileAtomic, writeModelFiles } from '#files';
import { betweenSteps } from '../layers/turns.ts';
import { MODEL_FILE, modelFiles, type SavableModel, WEIGHTS_FILE } from './model.ts';
import { isKerasPath, modelFolder, type Place, pathOf } from './places.ts';

/** Writes our own format to a folder, or Keras' where the place ends so. @throws as Model.save does. */
export async function saveModel(model: SavableModel, place: Place): Promise<void> {
  const path = pathOf('save', place);
  if (isKerasPath(path)) {
    // Loaded where it is wanted.
    const { encodeKeras } = await import('./keras-write.ts');
    return writeFileAtomic(path, await betweenSteps('save', model, () => encodeKeras(model, path)));
  }
  const folder = modelFolder('save', place);
  const { json, weights } = await modelFiles(model, 'save');
  await writeModelFiles(folder, [
    [WEIGHTS_FILE, weights],
    [MODEL_FILE, json],
  ]);
}
