/** Files from the network, whole and as they are known to be, or not at all. */
import { createHash } from 'node:crypto';
import type { PublishedFile } from './catalogue.ts';
import { DataError } from './errors.ts';
import { type FetchOptions, fetchBytes, reasonOf } from './fetch-bytes.ts';

/** Bytes; the largest file of the catalogue has 26,421,880. */
const LIMIT = 2 ** 26;
export type DownloadOptions = Partial<FetchOptions>;

/**
 * A file from the first mirror that has it.
 * @param mirrors addresses to which the file's name is added
 * @throws DataError with each mirror's reason, where none has a file of this SHA-256.
 */
export async function downloadFile(
  { name, sha256 }: PublishedFile,
  mirrors: readonly string[],
  options: DownloadOptions = {},
): Promise<Uint8Array> {
  const reasons: string[] = [];
  for (const mirror of mirrors) {
    const url = (mirror.endsWith('/') ? mirror : `${mirror}/`) + name;
    try {
      const bytes = await fetchBytes(url, { limit: LIMIT, ...options });
      const got = sha256Of(bytes);
      if (got === sha256) return bytes;
      reasons.push(`${url}: another file: expected SHA-256 ${sha256}, got ${got} (${bytes.length} bytes)`);
    } catch (error) {
      reasons.push(`${url}: ${reasonOf(error)}`);
    }
  }
  throw new DataError(name, `can't be downloaded: ${reasons.join('; ')}`);
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
