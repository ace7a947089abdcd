/**
 * The user's drawings, kept in this browser from one visit to the next: one record in IndexedDB, and how often it was written. Two tabs
 * have lists of their own: the one that would write over what the other kept is told.
 */
import { type RecordStore, transact } from '../../training/saved/records.ts';
import { PageError } from '../language.ts';
import type { KeptClass } from './own-list.ts';

const DRAWINGS: RecordStore = {
  ...{ database: 'watch it thaw', store: 'drawings' },
  otherwise: 'the drawings are here until the page is closed',
};
const KEY = 'classes';
const TIMES = 'times';

/** How often the record was written when this tab read or wrote it last. */
let times = 0;
/** What is kept after one another. */
let keeping: Promise<void> = Promise.resolve();

/** @throws Error in one line where the browser keeps nothing, or has no room; PageError where another tab has kept its own meanwhile. */
export function keepDrawings(classes: readonly KeptClass[]): Promise<void> {
  keeping = keeping.catch(() => {}).then(() => keep(classes));
  return keeping;
}

/** All in one transaction, between whose parts no other tab comes: where one has written meanwhile, nothing of this is. */
async function keep(classes: readonly KeptClass[]): Promise<void> {
  let isOthers = false;
  try {
    await transact(DRAWINGS, 'drawings', 'readwrite', (store) => {
      const kept: IDBRequest<number | undefined> = store.get(TIMES);
      kept.onsuccess = () => {
        isOthers = (kept.result ?? 0) !== times;
        if (isOthers) store.transaction.abort();
      };
      store.put(times + 1, TIMES);
      return store.put(classes, KEY);
    });
  } catch (error) {
    throw isOthers ? new PageError(({ anotherTab }) => anotherTab) : error;
  }
  times++;
}

/** null: none were kept. @throws Error in one line where the browser keeps nothing. */
export async function keptDrawings(): Promise<readonly KeptClass[] | null> {
  times = (await read<number>(TIMES)) ?? 0;
  return (await read<readonly KeptClass[]>(KEY)) ?? null;
}

const read = <T>(key: string): Promise<T | undefined> =>
  transact(DRAWINGS, 'drawings', 'readonly', (store) => store.get(key));
