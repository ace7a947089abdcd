/** Folders of photos in Node: one folder per class, found and read. */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath as pathOfUrl } from 'node:url';
import { DataError } from '../errors.ts';
import { statOrNull } from '../file.ts';
import { faultOfFile } from '../file-fault.ts';

export { createPhotoPool, type PhotoPool } from './photo-pool.ts';
export { readPhoto } from './read-photo.ts';

/** As files-node.ts has it, which is above this floor. */
export const fileUrlToPath = (url: URL): string => pathOfUrl(url);

/** What systems leave in folders, files and folders: hidden ones, and these. */
const LEFT_BY_SYSTEMS: readonly string[] = [
  ...['thumbs.db', 'ehthumbs.db', 'desktop.ini', '$recycle.bin', 'system volume information'],
  ...['__macosx', 'icon\r', 'lost+found', '@eadir', '__pycache__'],
];

/** What is called as a photo: whatever it is, reading it says what is wrong. */
const PHOTO = /\.(jpe?g|png)$/i;

/** What is in a folder, by name, links followed. */
export interface FolderContent {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/**
 * Folders and files in a folder, in the order of their letters' codes, as Keras sorts them; without hidden files and what systems leave
 * there (.DS_Store, Thumbs.db, desktop.ini).
 * @throws DataError where there is no such folder, or it can't be read.
 */
export function readFolder(path: string): FolderContent {
  const found = statOrNull(path);
  if (!found) throw new DataError(path, 'no such folder');
  if (!found.isDirectory()) throw new DataError(path, 'must be a folder, got a file');
  const folders: string[] = [];
  const files: string[] = [];
  for (const name of sortedNames(path)) {
    const entry = kindOfEntry(join(path, name));
    if (entry === 'folder') folders.push(name);
    else if (entry === 'file') files.push(name);
  }
  return { folders, files };
}

/** All files in a folder and in the folders within, as paths. @throws DataError as readFolder does, and for links in a circle. */
export function filesWithin(path: string): string[] {
  const found: string[] = [];
  const visit = (folder: string, around: readonly string[]): void => {
    const real = realpathSync(folder);
    if (around.includes(real)) {
      throw new DataError(folder, `a link in a circle: it leads to ${real}, which it is inside`);
    }
    const { folders, files } = readFolder(folder);
    for (const name of files) found.push(join(folder, name));
    for (const name of folders) visit(join(folder, name), [...around, real]);
  };
  visit(path, []);
  return found;
}

function sortedNames(path: string): string[] {
  let names: string[];
  try {
    names = readdirSync(path);
  } catch (cause) {
    throw new DataError(path, `can't be read: ${faultOfFile(cause)}`, { cause });
  }
  return names
    .filter((name) => !name.startsWith('.') && !LEFT_BY_SYSTEMS.includes(name.toLowerCase()))
    .map((name) => ({ name, bytes: Buffer.from(name) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes)) // of UTF-8 the order of the letters' codes
    .map(({ name }) => name);
}

/**
 * A link that leads nowhere is a file where it is called as a photo, as pipes are: `skipBad` leaves it out.
 * @throws DataError for other links that lead nowhere, or in a circle.
 */
function kindOfEntry(path: string): 'folder' | 'file' | 'other' {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return 'folder';
    return stats.isFile() || PHOTO.test(path) ? 'file' : 'other';
  } catch (cause) {
    if (PHOTO.test(path)) return 'file';
    throw new DataError(path, `can't be read: ${faultOfFile(cause)}`, { cause });
  }
}
