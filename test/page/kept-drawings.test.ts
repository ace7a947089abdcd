/** The drawings that a browser keeps, where two tabs of the page keep their own. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { later } from '../../src/page/messages/later-en.ts';
import type { KeptClass } from '../../src/page/parts/own-list.ts';

/** Its module, whose types the compiler doesn't follow: the DOM's are the page's alone. */
interface Kept {
  keepDrawings(classes: readonly KeptClass[]): Promise<void>;
  keptDrawings(): Promise<readonly KeptClass[] | null>;
}

/** A tab: it has the module for itself. */
async function tab(name: string): Promise<Kept> {
  return import(/* @vite-ignore */ `../../src/page/parts/kept-drawings.ts?${name}`);
}

beforeEach(async () => {
  const { IDBFactory } = await import('fake-indexeddb');
  vi.stubGlobal('indexedDB', new IDBFactory());
  // language.ts reads index.html.
  vi.stubGlobal('document', { querySelectorAll: () => [] });
});
afterEach(() => vi.unstubAllGlobals());

const drawing = (name: string): readonly KeptClass[] => [{ name, drawings: [[[[0.5, 0.5]]]] }];

it('of two tabs that keep theirs at the same moment, the second is told, and the first one’s are there', async () => {
  const [first, second] = [await tab('first'), await tab('second')];
  expect([await first.keptDrawings(), await second.keptDrawings()]).toEqual([null, null]);
  const kept = await Promise.allSettled([
    first.keepDrawings(drawing('heart')),
    second.keepDrawings(drawing('star')),
  ]);
  expect(kept.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  const [, told] = kept as PromiseRejectedResult[];
  expect(told.reason.words(later)).toBe(later.anotherTab);
  await first.keepDrawings(drawing('fish'));
  await expect(second.keepDrawings(drawing('star'))).rejects.toThrow();
  // Who reads what is there goes on from it.
  expect(await second.keptDrawings()).toEqual(drawing('fish'));
  await second.keepDrawings(drawing('star'));
  expect(await (await tab('third')).keptDrawings()).toEqual(drawing('star'));
});
