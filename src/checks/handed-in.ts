/** What functions of files and models are handed: refused in one line where it is something else. */
import { describe } from './describe.ts';
import { DETACHED, isDetached } from './detached.ts';

/** A file's bytes: a `Uint8Array`, a Node `Buffer`, or the `ArrayBuffer` that `fetch` and `File` give. */
export type Bytes = Uint8Array | ArrayBufferLike;

/** A view of a file's bytes. @throws TypeError where they are none. */
export function bytesOf(where: string, bytes: unknown): Uint8Array {
  const isShared = typeof SharedArrayBuffer !== 'undefined' && bytes instanceof SharedArrayBuffer;
  const buffer = bytes instanceof Uint8Array ? bytes.buffer : bytes;
  if (buffer instanceof ArrayBuffer && isDetached(buffer)) {
    throw new TypeError(`${where}: expected the file's bytes, got ${describe(bytes)}: ${DETACHED}`);
  }
  if (bytes instanceof Uint8Array) return bytes;
  if (bytes instanceof ArrayBuffer || isShared) return new Uint8Array(bytes);
  const right =
    typeof bytes === 'object' && bytes !== null && 'arrayBuffer' in bytes ? ': await its arrayBuffer()' : '';
  throw new TypeError(
    `${where}: expected the file's bytes in a Uint8Array or an ArrayBuffer, got ${describe(bytes)}${right}`,
  );
}

/** What to do where a library has put a Proxy around an object to see its changes: classes have private parts, which no Proxy has. */
export const UNWRAPPED = ': keep it out of reactive state (Vue: markRaw, toRaw)';

/** @throws TypeError where `model` isn't a model, of whatever copy of degelo. */
export function expectModel(where: string, model: unknown): void {
  const isModel = typeof model === 'object' && model !== null && 'layers' in model && 'allLayers' in model;
  if (!isModel || typeof model.allLayers !== 'function') {
    throw new TypeError(`${where}: expected a model, got ${describe(model)}`);
  }
  try {
    void Reflect.get(model, 'built');
  } catch {
    throw new TypeError(
      `${where}: expected the model itself, got a Proxy, or an object made of it${UNWRAPPED}`,
    );
  }
}
