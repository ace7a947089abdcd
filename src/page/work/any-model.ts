/** Models of any kind, from files and as they were kept. What reads them, and the layers that they may have, is large: loaded where wanted. */
import '../../everything.ts';
import { WHOLE } from '../../formats/outputs.ts';
import type { Model } from '../../training/model.ts';
import { sourceOf } from '../../training/saved/browser-files.ts';
import { readModel } from '../../training/saved/load-model.ts';

export { listStoredModels, loadStoredModel, storeModel } from '../../training/saved/indexed-db.ts';

/** Photos of a network whose file leaves their size open, as those of Keras do without their classifier: the size that most were trained with. */
const USUAL = [224, 224, 3];

/** The model in files that the user chose. @throws FormatError, in one line, where they are no whole model. */
export async function modelOfFiles(files: readonly File[]): Promise<Model> {
  return readModel(await sourceOf(files), undefined, { ...WHOLE, fill: USUAL });
}
