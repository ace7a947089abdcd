/** What a server sends, whole and bounded, or an error that says why not: with `fetch`, so in browsers too. */

/** Milliseconds without a byte after which a server is given up. */
const PATIENCE = 20_000;
/** Milliseconds for a whole file. A server that sends a byte now and then never falls silent. */
const DEADLINE = 600_000;

export interface FetchOptions {
  /** Most bytes that are taken. */
  readonly limit: number;
  readonly patience?: number | undefined;
  readonly deadline?: number | undefined;
  /** Called with what has come so far; `total` is what the server promises, or null. */
  onProgress?(bytes: number, total: number | null): void;
}

/**
 * The bytes at an address.
 * @throws Error with what the server, the network or the clock said; `reasonOf` has it as one line.
 */
export async function fetchBytes(
  url: string,
  { limit, patience = PATIENCE, deadline = DEADLINE, onProgress }: FetchOptions,
): Promise<Uint8Array> {
  const abort = new AbortController();
  const giveUp = (): void => abort.abort(new Error(`no data for ${patience / 1000} s`));
  let timer = setTimeout(giveUp, patience);
  const end = setTimeout(
    () => abort.abort(new Error(`too slow: expected the whole file within ${deadline / 1000} s`)),
    deadline,
  );
  try {
    // A server that packs the file, or names the packing that it has, would have fetch unpack it.
    const response = await fetch(url, { signal: abort.signal, headers: { 'accept-encoding': 'identity' } });
    if (!response.ok || !response.body) throw new Error(`HTTP status ${response.status}`);
    const promised = Number(response.headers.get('content-length') ?? Number.NaN);
    const chunks: Uint8Array[] = [];
    let size = 0;
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, patience);
      size += part.value.length;
      if (size > limit) throw new Error(`too large: expected at most ${limit} bytes, got more`);
      chunks.push(part.value);
      onProgress?.(size, promised > 0 ? promised : null);
    }
    return joined(chunks, size);
  } finally {
    clearTimeout(timer);
    clearTimeout(end);
    // Closes the connection where not all has been read.
    abort.abort();
  }
}

/** fetch says "fetch failed", and why only in the cause. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  if (!(cause instanceof Error)) return message;
  const { code } = cause as Error & { readonly code?: string };
  return cause.message || code || message;
}

/** These parts, one after the other. */
export function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
