/** Files in Node: read with errors that name them, written whole or not at all. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FormatError } from './errors.ts';

/**
 * Writes a file so that its name always leads to a whole one, the old or the new: the bytes go to a temporary
 * file in the same folder, down to the disk, and take the name in one step.
 * @throws what Node's fs throws; no temporary file is left then.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  await writeFilesAtomic([[path, bytes]]);
}

/**
 * Writes files of one folder, which is made where there is none. Their bytes are on the disk before the first
 * takes its name; the names are then taken in the given order.
 * @throws what Node's fs throws.
 */
export async function writeModelFiles(
  folder: string,
  files: readonly (readonly [name: string, bytes: Uint8Array | string])[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFilesAtomic(files.map(([name, bytes]) => [join(folder, name), bytes]));
}

/**
 * The bytes of a file in a model's folder.
 * @throws FormatError where the folder or the file is missing or can't be read, or holds more than `maxBytes`.
 */
export async function readModelFile(
  folder: string,
  name: string,
  maxBytes = Infinity,
): Promise<{ path: string; bytes: Uint8Array }> {
  const path = join(folder, name);
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      throw new FormatError(path, `file too long: expected at most ${maxBytes} bytes, got ${size}`);
    }
    return { path, bytes: await readFile(path) };
  } catch (cause) {
    // A damaged model is said in one line; all else that can go wrong here is the file system's, with its code.
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    if (code !== 'ENOENT') throw new FormatError(path, `file can't be read: ${code}`, { cause });
    const isThere = await stat(folder).catch(() => null);
    if (!isThere) throw new FormatError(folder, 'no such folder: expected one that save wrote', { cause });
    throw new FormatError(path, 'no such file: expected a folder that save wrote', { cause });
  }
}

async function writeFilesAtomic(
  files: readonly (readonly [path: string, bytes: Uint8Array | string])[],
): Promise<void> {
  const named = files.map(([path, bytes]) => ({
    path,
    bytes,
    temporary: join(dirname(path), `.${basename(path)}.${randomUUID()}.partial`),
  }));
  try {
    for (const { temporary, bytes } of named) {
      const handle = await open(temporary, 'wx');
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    for (const { temporary, path } of named) await rename(temporary, path);
  } catch (error) {
    for (const { temporary } of named) await rm(temporary, { force: true });
    throw error;
  }
}
