/** Files in Node: read with errors that name them, written whole or not at all. */
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
// Under other names: what bundlers put before a program's first line often imports dirname and fileURLToPath, and names clash there.
import { basename, dirname as folderOf, join, resolve } from 'node:path';
import { fileURLToPath as pathOfUrl } from 'node:url';
import { oneLine } from '../data/errors.ts';
import { faultOfFile } from '../data/file-fault.ts';
import { readRegularFile } from '../data/regular-file.ts';
import { FormatError } from './errors.ts';

/** The path of a `file:` URL. @throws TypeError where it names none of this computer. */
export const fileUrlToPath = (url: URL): string => pathOfUrl(url);

/**
 * Writes a file so that its name always leads to a whole one, the old or the new, even if the power fails: the
 * bytes go to a temporary file in the same folder, which is made where there is none, down to the disk, and take
 * the name in one step, which goes down to the disk too.
 * @throws Error in one line with the path and the file system's reason, whose `code` it has (`EACCES`, `ENOSPC`); no
 *   temporary file is left then.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  await makeFolder(folderOf(path), path);
  await writeFilesAtomic([[path, bytes]]);
}

/**
 * Makes a folder, and those around it, where there is none.
 * @param wanted what messages call it
 * @throws Error in one line, as writeFileAtomic does.
 */
export async function makeFolder(folder: string, wanted = folder): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw cannot('be written', wanted, await reasonAgainst(wanted, cause));
  }
}

/**
 * Why there can't be a folder. A recursive mkdir speaks of a missing folder where the file system is read-only, and of one that is
 * there already where a file is in its way. A single one, of the first name that is missing, says how it is.
 */
async function reasonAgainst(path: string, cause: unknown): Promise<unknown> {
  let first = resolve(path);
  while (!(await exists(folderOf(first)))) first = folderOf(first);
  return mkdir(first).then(
    () => cause,
    (reason: unknown) => reason,
  );
}

/** What a file system says against a path that users know, with its code. */
function cannot(what: string, path: string, cause: unknown): Error {
  const { code } = cause as NodeJS.ErrnoException;
  return Object.assign(new Error(oneLine(`${path}: can't ${what}: ${faultOfFile(cause)}`), { cause }), {
    code,
  });
}

/** Names in a folder; none where there is no such folder. @throws Error in one line, as writeFileAtomic does. */
export async function listFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cannot('be read', path, error);
  }
}

/** @throws what Node's fs throws; nothing where there is no such file. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Where names of files are addresses: what these are relative to. Here they are names of files. */
export function baseAddress(): string | null {
  return null;
}

/** Whether there is a folder at this path. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** Whether there is anything at this path. */
export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/**
 * The bytes of a file.
 * @throws FormatError where it is missing, no regular file, or can't be read, or holds more than `maxBytes`.
 */
export async function readWholeFile(path: string, maxBytes = Infinity): Promise<Uint8Array> {
  try {
    return readUpTo(path, maxBytes);
  } catch (cause) {
    // Where there is no code it is our own error.
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new FormatError(
      path,
      code === 'ENOENT' ? 'no such file' : `file can't be read: ${faultOfFile(cause)}`,
      {
        cause,
      },
    );
  }
}

/**
 * Writes files of one folder, which is made where there is none. Their bytes are on the disk before the first
 * takes its name; the names are then taken in the given order.
 * @throws Error in one line, as writeFileAtomic does.
 */
export async function writeModelFiles(
  folder: string,
  files: readonly (readonly [name: string, bytes: Uint8Array | string])[],
): Promise<void> {
  await makeFolder(folder, folder);
  await writeFilesAtomic(files.map(([name, bytes]) => [join(folder, name), bytes]));
}

/**
 * The bytes of a file in a model's folder, or in another that degelo wrote.
 * @param writer what wrote it, for messages
 * @throws FormatError where the folder or the file is missing, no regular file, or can't be read, or holds more than
 *   `maxBytes`.
 */
export async function readModelFile(
  folder: string,
  name: string,
  maxBytes = Infinity,
  writer = 'save',
): Promise<{ path: string; bytes: Uint8Array }> {
  const path = join(folder, name);
  try {
    return { path, bytes: readUpTo(path, maxBytes) };
  } catch (cause) {
    // A damaged model is said in one line; all else that can go wrong here is the file system's, with its code.
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    if (code !== 'ENOENT')
      throw new FormatError(path, `file can't be read: ${faultOfFile(cause)}`, { cause });
    const isThere = await stat(folder).catch(() => null);
    if (!isThere)
      throw new FormatError(folder, `no such folder: expected one that ${writer} wrote`, { cause });
    throw new FormatError(path, `no such file: expected a folder that ${writer} wrote`, { cause });
  }
}

function readUpTo(path: string, maxBytes: number): Uint8Array {
  return readRegularFile(path, (problem) => new FormatError(path, problem), maxBytes);
}

async function writeFilesAtomic(
  files: readonly (readonly [path: string, bytes: Uint8Array | string])[],
): Promise<void> {
  const named = files.map(([path, bytes]) => ({
    path,
    bytes,
    temporary: join(folderOf(path), `.${basename(path)}.${randomUUID()}.partial`),
  }));
  /** Whose turn it is, for a message. */
  let current = named[0].path;
  try {
    for (const { path, temporary, bytes } of named) {
      current = path;
      await expectReplaceable(path);
      const handle = await open(temporary, 'wx');
      try {
        await handle.writeFile(bytes);
        await toDisk(handle);
      } finally {
        await handle.close();
      }
    }
    for (const { temporary, path } of named) {
      current = path;
      await rename(temporary, path);
    }
    for (const folder of new Set(named.map(({ path }) => folderOf(path)))) await syncFolder(folder);
  } catch (error) {
    for (const { temporary } of named) await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to report
    throw cannot('be written', current, error);
  }
}

/** @throws Error where neither a file nor a folder is there: a device of that name would be gone for the whole machine. */
async function expectReplaceable(path: string): Promise<void> {
  const there = await stat(path).catch(() => null);
  if (!there || there.isFile() || there.isDirectory()) return;
  throw new Error('a device, a pipe or a socket is there, which must not be replaced');
}

/**
 * Has the names in a folder go down to the disk. Windows does that by itself, and opens no folder; nor may one be read in which one may
 * write alone.
 */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (!UNREADABLE.includes(error.code ?? '')) throw error;
    return null;
  });
  if (!handle) return;
  try {
    await toDisk(handle);
  } finally {
    await handle.close();
  }
}

/** What is said of a folder that one may not read: by systems, and by `node --permission`. */
const UNREADABLE = ['EACCES', 'EPERM', 'ERR_ACCESS_DENIED'];

/** What is said where there is no such thing as going down to the disk: some network file systems say it, of folders for the most part. */
const NO_SYNC = ['EINVAL', 'ENOSYS', 'ENOTSUP'];

/**
 * Waits until a file's bytes are on the disk. Where the system knows nothing of that, the file is as good as any there; nor does Yarn's
 * Plug'n'Play, whose error has no code.
 */
async function toDisk(handle: FileHandle): Promise<void> {
  try {
    await handle.sync();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && !NO_SYNC.includes(code)) throw error;
  }
}

/** SHA-256. Node has crypto.subtle too, which takes four times as long: most of that for a copy. */
export async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  return createHash('sha256').update(bytes).digest();
}
