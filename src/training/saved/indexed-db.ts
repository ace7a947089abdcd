/**
 * Models in a browser's IndexedDB, by name: they stay when the page is closed. A model is one record, written in one transaction, so that
 * a closed tab leaves the old one or the new one, never half of one.
 */
import { describe } from '../../checks/describe.ts';
import { encodeModel } from '../../formats/model.ts';
import type { Model } from '../model.ts';
import { decodeModel } from './own-model.ts';

const DATABASE = 'degelo';
const STORE = 'models';

/** What is kept of a model: what encodeModel gives. */
interface Record {
  readonly json: string;
  readonly weights: Uint8Array;
}

/**
 * Keeps a model in this browser, for this site's pages, under a name; one of the same name is replaced.
 *
 *   await storeModel('digits', model);
 *   const again = await loadStoredModel('digits');
 *
 * @throws Error in one line where there is no IndexedDB, or no room left (QuotaExceededError): then the old one is still there.
 */
export async function storeModel(name: string, model: Model): Promise<void> {
  checkName('storeModel', name);
  const { json, weights } = await encodeModel(model);
  const record: Record = { json, weights };
  await transact('storeModel', 'readwrite', (store) => store.put(record, name));
}

/** The model of that name, as `storeModel` kept it. @throws Error where there is none, FormatError where it is damaged. */
export async function loadStoredModel(name: string): Promise<Model> {
  checkName('loadStoredModel', name);
  const record = await transact<Record | undefined>('loadStoredModel', 'readonly', (store) =>
    store.get(name),
  );
  if (!record) {
    const names = await listStoredModels();
    throw new Error(
      `loadStoredModel: there is no model ${describe(name)} here: ${names.length > 0 ? `there are ${names.join(', ')}` : 'there is none at all'}`,
    );
  }
  return decodeModel(record.json, record.weights);
}

/** The names of all models that `storeModel` kept here. */
export async function listStoredModels(): Promise<string[]> {
  const keys = await transact<IDBValidKey[]>('listStoredModels', 'readonly', (store) => store.getAllKeys());
  return keys.map(String);
}

/** Forgets the model of that name; nothing where there is none. */
export async function removeStoredModel(name: string): Promise<void> {
  checkName('removeStoredModel', name);
  await transact('removeStoredModel', 'readwrite', (store) => store.delete(name));
}

function checkName(operation: string, name: unknown): void {
  if (typeof name === 'string' && name !== '') return;
  throw new TypeError(`${operation}: name must be a text that isn't empty, got ${describe(name)}`);
}

/** One request in a transaction of its own; settled once that is complete, which is later than the request. */
async function transact<T>(
  operation: string,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest,
): Promise<T> {
  const database = await open(operation);
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      let request: IDBRequest;
      const fail = (): void => reject(failure(operation, transaction.error ?? request.error));
      try {
        request = work(transaction.objectStore(STORE));
      } catch (cause) {
        reject(failure(operation, cause));
        return;
      }
      transaction.oncomplete = () => resolve(request.result as T);
      transaction.onabort = fail;
      transaction.onerror = fail;
    });
  } finally {
    database.close();
  }
}

function open(operation: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === 'undefined') {
      throw new Error(`${operation}: there is no IndexedDB here: downloadModel keeps a model as a file`);
    }
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(failure(operation, request.error));
  });
}

function failure(operation: string, cause: unknown): Error {
  const { name, message } = cause instanceof Error ? cause : new Error('the browser gave no reason');
  const full =
    name === 'QuotaExceededError' ? "no room is left in this browser's storage for this site" : message;
  return new Error(`${operation}: ${full} (${name})`, { cause });
}
