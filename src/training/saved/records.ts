/** Records in a browser's IndexedDB: each request is one transaction, which leaves the old record or the new one. */

/** Where records of one kind are kept. */
export interface RecordStore {
  readonly database: string;
  readonly store: string;
  /** What to do where there is no IndexedDB. */
  readonly otherwise: string;
}

/**
 * One request in a transaction of its own; settled once that is complete, which is later than the request.
 * @throws Error in one line where there is no IndexedDB, or no room left (QuotaExceededError).
 */
export async function transact<T>(
  place: RecordStore,
  operation: string,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest,
): Promise<T> {
  const database = await open(place, operation);
  try {
    return await new Promise<T>((resolve, reject) => {
      let transaction: IDBTransaction;
      let request: IDBRequest;
      const fail = (): void => reject(failure(operation, transaction.error ?? request.error));
      try {
        transaction = database.transaction(place.store, mode);
        request = work(transaction.objectStore(place.store));
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

function open({ database, store, otherwise }: RecordStore, operation: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === 'undefined') {
      throw new Error(`${operation}: there is no IndexedDB here: ${otherwise}`);
    }
    let request: IDBOpenDBRequest;
    try {
      request = indexedDB.open(database, 1);
    } catch (cause) {
      throw failure(operation, cause); // as where cookies are blocked
    }
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(failure(operation, request.error));
  });
}

const FOREIGN = "this site's database of that name is another program's, or a newer degelo's";

/** What browsers say in words of their own, by the error's name. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['QuotaExceededError', "no room is left in this browser's storage for this site"],
  ['VersionError', FOREIGN],
  ['NotFoundError', FOREIGN],
]);

function failure(operation: string, cause: unknown): Error {
  const { name, message } = cause instanceof Error ? cause : new Error('the browser gave no reason');
  return new Error(`${operation}: ${REASONS.get(name) ?? message} (${name})`, { cause });
}
