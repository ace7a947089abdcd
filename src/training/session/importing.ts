/**
 * Whether this thread is just importing users' modules. A module that registers a layer and trains a model as well would,
 * imported by a worker thread, train there too, with workers of its own, and so on.
 */
let importing = false;

/** @throws whatever the module throws. */
export async function importModule(url: string): Promise<void> {
  importing = true;
  try {
    // For bundlers: what this is, is known only when it runs.
    await import(/* webpackIgnore: true */ /* @vite-ignore */ url);
  } finally {
    importing = false;
  }
}

/** @throws Error in a worker thread that imports the module which calls. */
export function expectNoImport(): void {
  if (!importing) return;
  throw new Error('a module that registers must do nothing else when it is imported: it began to train');
}
