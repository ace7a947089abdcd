/** Models of any kind, from files and as they were kept. What reads them, and the layers that they may have, is large: loaded where wanted. */
import '../../everything.ts';

export { loadModelFiles } from '../../training/saved/browser-files.ts';
export { listStoredModels, loadStoredModel, storeModel } from '../../training/saved/indexed-db.ts';
