/** What functions of files and models are handed: refused in one line where it is something else. */
import { describe, WRAPPED } from './describe.ts';
import { isGone, whereItWent } from './detached.ts';
import { arrayKind, ours } from './realms.ts';

/** A file's bytes: a `Uint8Array`, a Node `Buffer`, or the `ArrayBuffer` that `fetch` and `File` give. */
export type Bytes = Uint8Array | ArrayBufferLike;

/** A view of a file's bytes. @throws TypeError where they are none. */
export function bytesOf(where: string, bytes: unknown): Uint8Array {
  const view = viewOf(bytes);
  if (view) return view;
  const gone = whereItWent(bytes);
  if (gone) throw new TypeError(`${where}: expected the file's bytes, got ${describe(bytes)}: ${gone}`);
  const right = hasBytes(bytes) ? ': await its arrayBuffer()' : '';
  throw new TypeError(
    `${where}: expected the file's bytes in a Uint8Array or an ArrayBuffer, got ${describe(bytes)}${right}`,
  );
}

/** null where these are no bytes, or their memory is gone. A Proxy around bytes is none: its methods throw. */
function viewOf(bytes: unknown): Uint8Array | null {
  if (arrayKind(bytes) === 'Uint8Array') {
    const view = bytes as Uint8Array; // of whatever realm
    return isGone(view) ? null : ours(view);
  }
  try {
    if (!/ (Shared)?ArrayBuffer]$/.test(Object.prototype.toString.call(bytes))) return null;
    const view = new Uint8Array(bytes as ArrayBufferLike); // as it says
    // Of what only says so it is an empty array, with a buffer of its own.
    return view.buffer === bytes ? view : null;
  } catch {
    return null;
  }
}

/** Whether it is a file, or what fetch gives. */
function hasBytes(value: unknown): boolean {
  try {
    return 'arrayBuffer' in Object(value);
  } catch {
    return false;
  }
}

/** @throws TypeError where `model` isn't a model, of whatever copy of degelo. */
export function expectModel(where: string, model: unknown): void {
  if (!isModelLike(model)) throw new TypeError(`${where}: expected a model, got ${describe(model)}`);
  expectItself(where, model);
}

/**
 * @throws TypeError where it is a Proxy around a model, whose methods are there and can't do anything, or nothing, where a method was taken from a
 *   model and called alone.
 */
export function expectItself(where: string, model: object): void {
  try {
    void Reflect.get(model, 'built');
  } catch {
    throw new TypeError(
      `${where}: expected the model itself, got ${model ? WRAPPED : `nothing: model.${where}(…)`}`,
    );
  }
}

/** What functions call of a model. */
const METHODS = ['allLayers', 'parameters', 'toConfig'];

function isModelLike(value: unknown): value is object {
  try {
    return (
      'layers' in (value as object) &&
      METHODS.every((name) => typeof Reflect.get(value as object, name) === 'function')
    );
  } catch {
    return false; // no object, or a Proxy that was revoked
  }
}
