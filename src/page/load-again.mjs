/**
 * Loads a part of the page, or of a Worker's program, when it is wanted; in the build this stands for vite's helper (build-page.mjs),
 * which would load style sheets before it, of which there are none, and needs a window, which Workers haven't.
 *
 * Firefox remembers of an address that nothing came, for as long as the page is there. So what fails is asked for once more by another
 * one, and what came by it is used from then on.
 */

/** What came by another address, or is on its way, by the first one. @type {Map<string, Promise<unknown>>} */
const others = new Map();
let tries = 0;

/** @param {() => Promise<unknown>} load @param {(address: string) => Promise<unknown>} importFrom */
export const loadAgain = (load, importFrom) =>
  load().catch((error) => {
    // In Firefox's words: the others ask again by themselves.
    const address = /^error loading dynamically imported module: (\S+)/.exec(error.message)?.[1];
    if (!address) throw error;
    const other =
      others.get(address) ??
      importFrom(`${address}?${++tries}`).catch((again) => {
        others.delete(address);
        throw again;
      });
    others.set(address, other);
    return other;
  });

/** @param {() => Promise<unknown>} load */
export const __vitePreload = (load) => loadAgain(load, (address) => import(/* @vite-ignore */ address));
