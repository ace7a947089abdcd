/** Files from the network, whole and as they are known to be, or not at all. */
import { createHash } from 'node:crypto';
import type { PublishedFile } from './catalogue.ts';
import { DataError } from './errors.ts';

/** Bytes; the largest file of the catalogue has 26,421,880. */
const LIMIT = 2 ** 26;
/** Milliseconds without a byte after which a mirror is given up. */
const PATIENCE = 20_000;
/** Milliseconds for a whole file: 45 KB a second for the largest. A mirror that sends a byte now and then never falls silent. */
const DEADLINE = 600_000;

export interface DownloadOptions {
  readonly limit?: number;
  readonly patience?: number;
  readonly deadline?: number;
  /** Called with what has come so far; `total` is what the server promises, or null. */
  onProgress?(bytes: number, total: number | null): void;
}

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
      const bytes = await download(url, options);
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

async function download(
  url: string,
  { limit = LIMIT, patience = PATIENCE, deadline = DEADLINE, onProgress }: DownloadOptions,
): Promise<Uint8Array> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error(`nothing came for ${patience / 1000} s`)), patience);
  const end = setTimeout(
    () => abort.abort(new Error(`too slow: expected the whole file within ${deadline / 1000} s`)),
    deadline,
  );
  try {
    // The file is packed already; a server that packs it again, or names its packing, would have fetch unpack it.
    const response = await fetch(url, { signal: abort.signal, headers: { 'accept-encoding': 'identity' } });
    if (!response.ok || !response.body) throw new Error(`HTTP status ${response.status}`);
    const promised = Number(response.headers.get('content-length') ?? Number.NaN);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      timer.refresh();
      size += chunk.length;
      if (size > limit) throw new Error(`too large: expected at most ${limit} bytes, got more`);
      chunks.push(chunk);
      onProgress?.(size, promised > 0 ? promised : null);
    }
    return new Uint8Array(Buffer.concat(chunks));
  } finally {
    clearTimeout(timer);
    clearTimeout(end);
    // Closes the connection where not all has been read.
    abort.abort();
  }
}

/** fetch says "fetch failed", and why only in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  if (!(cause instanceof Error)) return message;
  const { code } = cause as NodeJS.ErrnoException;
  return cause.message || code || message;
}
