/**
 * Memory that is gone: `postMessage` and `structuredClone` can move an array's memory instead of copying it, and `resize` can make a
 * buffer smaller than the arrays that show it.
 */
import { arrayKind, isArrayBuffer } from './realms.ts';

/** What to say of an array that is empty since then. */
const DETACHED = 'its memory was given away (postMessage, structuredClone): give a copy away, array.slice()';
const SHRUNK = 'its buffer was made smaller (resize): keep the numbers in a copy, array.slice()';

/** Whether memory was moved elsewhere. What was in it reads as empty, and throws where it is used. */
function isDetached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true; // `buffer.detached` says the same, but not in Node 20
  }
}

/** Whether a view has lost its memory: then its methods throw. (Its length is 0; but Node 20's optimised code once saw the old one.) */
export function isGone(view: ArrayBufferView): boolean {
  try {
    if (arrayKind(view)) Uint8Array.prototype.at.call(view, 0);
    return view.byteLength < 0; // a DataView's throws
  } catch {
    return true;
  }
}

/** What is to be said of bytes, an array or a tensor, whose memory is gone, or a part of it; nothing of all others. */
export function whereItWent(value: unknown): string {
  try {
    const { data = value } = Object(value) as { readonly data?: unknown };
    if (isArrayBuffer(data)) return isDetached(data) ? DETACHED : '';
    if (!ArrayBuffer.isView(data) || !isGone(data)) return '';
    return isDetached(data.buffer) ? DETACHED : SHRUNK;
  } catch {
    return ''; // a Proxy that was revoked
  }
}

/** @throws TypeError where an array, or a tensor, has no memory any more, or only a part of it. */
export function expectMemory(where: string, what: string, value: unknown): void {
  const gone = whereItWent(value);
  if (gone) throw new TypeError(`${where}: ${what} ${gone === SHRUNK ? "isn't whole" : 'is empty'}: ${gone}`);
}
