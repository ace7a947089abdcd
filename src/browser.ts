/**
 * Entry point `degelo/browser`: the whole library in one file, for `<script type="module">` and Workers without a bundler, with what
 * only browsers have: models in IndexedDB, downloads, files that one chooses, canvases.
 *
 *     <script type="module">
 *       import { loadMnist, sequential, dense } from './degelo/degelo.js'; // node_modules/degelo/dist/browser, copied
 *     </script>
 */

export { type Drawable, pixelsOf } from './data/drawable.ts';
export * from './index.ts';
export { type ClassSelection, loadMnist, type Mnist, type MnistOptions } from './mnist.ts';
export { type ChosenFile, downloadModel, loadModelFiles } from './training/saved/browser-files.ts';
export {
  listStoredModels,
  loadStoredModel,
  removeStoredModel,
  storeModel,
} from './training/saved/indexed-db.ts';
