/** The model that a place means, where it is the folder of a run. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MODEL_FILE } from '../formats/model.ts';

/** The folder of a model: of a run of `transfer` it is that of the second phase's, of one of `finetune` its model. */
export function modelFolder(place: string): string {
  if (existsSync(join(place, MODEL_FILE))) return place;
  const ofRun = ['target-model', 'model'].map((name) => join(place, name));
  return ofRun.find((folder) => existsSync(join(folder, MODEL_FILE))) ?? place;
}
