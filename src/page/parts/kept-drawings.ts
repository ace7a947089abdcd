/** The user's drawings, kept in this browser from one visit to the next: one record in IndexedDB. */
import { type RecordStore, transact } from '../../training/saved/records.ts';
import type { KeptClass } from './own-list.ts';

const DRAWINGS: RecordStore = {
  ...{ database: 'watch it thaw', store: 'drawings' },
  otherwise: 'the drawings are here until the page is closed',
};
const KEY = 'classes';

/** @throws Error in one line where the browser keeps nothing, or has no room. */
export async function keepDrawings(classes: readonly KeptClass[]): Promise<void> {
  await transact(DRAWINGS, 'drawings', 'readwrite', (store) => store.put(classes, KEY));
}

/** null: none were kept. @throws Error in one line where the browser keeps nothing. */
export async function keptDrawings(): Promise<readonly KeptClass[] | null> {
  return (
    (await transact<readonly KeptClass[] | undefined>(DRAWINGS, 'drawings', 'readonly', (store) =>
      store.get(KEY),
    )) ?? null
  );
}
