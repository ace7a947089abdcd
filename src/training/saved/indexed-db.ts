/**
 * Models in a browser's IndexedDB, by name: they stay when the page is closed. A model is one record, written in one transaction, so that
 * a closed tab leaves the old one or the new one, never half of one.
 */
import { describe } from '../../checks/describe.ts';
import { expectModel } from '../../checks/handed-in.ts';
import { noMoreArguments } from '../../checks/options.ts';
import { shown } from '../../checks/shown.ts';
import { text } from '../../checks/values.ts';
import { FormatError } from '../../formats/errors.ts';
import { modelFiles } from '../../formats/model.ts';
import type { Model } from '../model.ts';
import { decodeModel } from './own-model.ts';
import { type RecordStore, transact } from './records.ts';

const MODELS: RecordStore = {
  ...{ database: 'degelo', store: 'models' },
  otherwise: 'downloadModel keeps a model as a file',
};

/** What is kept of a model: what encodeModel gives. */
interface Record {
  readonly json: string;
  readonly weights: Uint8Array;
}

/**
 * Keeps a model in this browser, for this site's pages, under a name; one of the same name is replaced.
 *
 *     await storeModel('digits', model);
 *     const again = await loadStoredModel('digits');
 *
 * @throws Error in one line where there is no IndexedDB, or no room left (QuotaExceededError): then the old one is still there.
 */
export async function storeModel(name: string, model: Model): Promise<void> {
  noMoreArguments('storeModel', arguments, 2, 'storeModel(name, model)');
  text('storeModel', 'name', name);
  expectModel('storeModel', model);
  const { json, weights } = await modelFiles(model, 'storeModel');
  const record: Record = { json, weights };
  await transact(MODELS, 'storeModel', 'readwrite', (store) => store.put(record, name));
}

/**
 * The model of that name, as `storeModel` kept it.
 *
 *     const model = await loadStoredModel('mine');
 *
 * @throws Error where there is none, FormatError where it is damaged.
 */
export async function loadStoredModel(name: string): Promise<Model> {
  noMoreArguments('loadStoredModel', arguments, 1);
  text('loadStoredModel', 'name', name);
  const record = await transact<Record | undefined>(MODELS, 'loadStoredModel', 'readonly', (store) =>
    store.get(name),
  );
  if (record === undefined) {
    const names = await listStoredModels();
    throw new Error(
      `loadStoredModel: there is no model ${describe(name)} here: ${names.length > 0 ? `there are ${someOf(names)}` : 'there is none at all'}`,
    );
  }
  if (typeof record?.json !== 'string' || !(record.weights instanceof Uint8Array)) {
    throw new FormatError(
      `the stored model ${describe(name)}`,
      'expected what storeModel keeps, got something else',
    );
  }
  return decodeModel(record.json, record.weights);
}

/** The most names in a message. */
const MOST_NAMES = 10;

function someOf(names: readonly string[]): string {
  const some = names.slice(0, MOST_NAMES).map((name) => shown(name.slice(0, 60)));
  const others = names.length - some.length;
  return others > 0 ? `${some.join(', ')} and ${others} more` : some.join(', ');
}

/**
 * The names of all models that `storeModel` kept here.
 *
 *     for (const name of await listStoredModels()) console.log(name);
 *
 * @throws Error where there is no IndexedDB.
 */
export async function listStoredModels(): Promise<string[]> {
  noMoreArguments('listStoredModels', arguments, 0);
  const keys = await transact<IDBValidKey[]>(MODELS, 'listStoredModels', 'readonly', (store) =>
    store.getAllKeys(),
  );
  return keys.map(String);
}

/** Forgets the model of that name, `await removeStoredModel('mine')`; nothing where there is none. */
export async function removeStoredModel(name: string): Promise<void> {
  noMoreArguments('removeStoredModel', arguments, 1);
  text('removeStoredModel', 'name', name);
  await transact(MODELS, 'removeStoredModel', 'readwrite', (store) => store.delete(name));
}
