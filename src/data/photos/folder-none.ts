/** What folder-node.ts does where there is no Node, as in browsers: says what to use instead. */
import type { FolderContent } from './folder-node.ts';
import type { PhotoPool } from './photo-pool.ts';

/** There are no files: whatever is done with the path says so. */
export function fileUrlToPath(url: URL): string {
  return url.pathname;
}

/** @throws Error always; so do all below. */
export function readFolder(_path: string): FolderContent {
  throw noFolders();
}

export function filesWithin(_path: string): string[] {
  throw noFolders();
}

export function readPhoto(_path: string): Uint8Array {
  throw noFolders();
}

export function createPhotoPool(_threads: number): PhotoPool {
  throw noFolders();
}

function noFolders(): Error {
  return new Error('there are no folders here: use decodeImage and resizeImage on the bytes of each photo');
}
