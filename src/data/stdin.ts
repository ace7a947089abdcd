/** What is piped into the program. */
import { DataError } from './errors.ts';
import { MAX_BYTES } from './limits.ts';

/** All of stdin. @throws DataError where there is nothing, or more than `limit` bytes. */
export async function readStdin(limit = MAX_BYTES): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limit) throw new DataError('stdin', `too large: expected at most ${limit} bytes, got more`);
    chunks.push(chunk);
  }
  if (size === 0) throw new DataError('stdin', 'empty: expected some bytes, got 0');
  return new Uint8Array(Buffer.concat(chunks));
}
