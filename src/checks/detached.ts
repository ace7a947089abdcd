/** Memory that was given away: `postMessage` and `structuredClone` can move an array's memory instead of copying it. */

/** What to say of an array that is empty since then. */
export const DETACHED =
  'its memory was given away (postMessage, structuredClone): give a copy away, array.slice()';

/** Whether memory was moved elsewhere. What was in it reads as empty, and throws where it is used. */
export function isDetached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true; // `buffer.detached` says the same, but not in Node 20
  }
}

/** What is to be said of an array, or of a tensor, whose memory is gone; nothing of all others. */
export function whereItWent(value: unknown): string {
  const data = value instanceof Object && 'data' in value ? value.data : value;
  return ArrayBuffer.isView(data) && isDetached(data.buffer) ? DETACHED : '';
}

/** @throws TypeError where an array, or a tensor, has no memory any more. */
export function expectMemory(where: string, what: string, value: unknown): void {
  const gone = whereItWent(value);
  if (gone) throw new TypeError(`${where}: ${what} is empty: ${gone}`);
}
