/** `#photos` where the sources are tested: threads' program is the built one, as Node 20 runs no TypeScript. */
import { createPhotoPool as createNodePool, type PhotoPool } from '../src/data/photos/photo-pool.ts';

export { filesWithin, fileUrlToPath, readFolder, readPhoto } from '../src/data/photos/folder-node.ts';
export type { PhotoPool };

const WORKER = new URL('../dist/data/photos/decode-worker-entry.cjs', import.meta.url); // pretest built it

export const createPhotoPool = (threads: number): PhotoPool => createNodePool(threads, WORKER);
