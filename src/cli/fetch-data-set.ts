/** A known data set from the network into a folder, file by file; files that are there already stay. */
import { join } from 'node:path';
import { writeFileAtomic } from '#files';
import type { PublishedDataSet } from '../data/catalogue.ts';
import { downloadFile, sha256Of } from '../data/download.ts';
import { DataError } from '../data/errors.ts';
import { readWhole, statOrNull } from '../data/file.ts';

export interface FetchObserver {
  /** A file is done. */
  onFile?(file: string, what: string): void;
  onProgress?(file: string, bytes: number, total: number | null): void;
}

/**
 * @throws DataError where another file of such a name is there, and where a file can't be had: it then says which are
 *   missing and where to put them.
 */
export async function fetchDataSet(
  { title, network, mirrors, files }: PublishedDataSet,
  folder: string,
  { onFile, onProgress }: FetchObserver = {},
): Promise<void> {
  for (const [i, file] of files.entries()) {
    const path = join(folder, file.name);
    if (statOrNull(path) !== null) {
      if (sha256Of(readWhole(path, path)) !== file.sha256) {
        throw new DataError(path, `there is another file of this name: expected that of ${title}, or none`);
      }
      onFile?.(file.name, 'already exists');
      continue;
    }
    const missing = files.slice(i).flatMap(({ name }) => (statOrNull(join(folder, name)) ? [] : [name]));
    const bytes = await downloadFile(file, mirrors, {
      onProgress: (received, total) => onProgress?.(file.name, received, total),
    }).catch((cause: unknown) => {
      const reason = cause instanceof DataError ? cause.message : String(cause);
      throw new DataError(
        'data fetch',
        `no network, or not the right file: put ${missing.join(', ')} of ${title} into ${folder} by other means, then ` +
          `use ${network ? `--base ${join(folder, file.name)}` : `--data ${folder}`} (${reason})`,
        { cause },
      );
    });
    await writeFileAtomic(path, bytes);
    onFile?.(file.name, `${(bytes.length / 1e6).toFixed(1)} MB`);
  }
}
