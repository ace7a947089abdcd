/**
 * Typed arrays of any realm. An iframe, a test runner's sandbox and an edge runtime have globals of their own, and `instanceof` doesn't
 * know each other's arrays, though they are alike.
 */

/** `Float32Array` and the like; empty for what is no typed array: a DataView, or a Proxy around one. */
export function arrayKind(value: unknown): string {
  return Reflect.get(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag, value) ?? '';
}

/** Whether it is an ArrayBuffer, of whatever realm; a shared one is none. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  try {
    return Reflect.get(ArrayBuffer.prototype, 'byteLength', value) >= 0;
  } catch {
    return false; // it hasn't the memory of one
  }
}

/** Whether these are bytes from 0 to 255, as files and images have them. */
export function isByteArray(value: unknown): value is Uint8Array | Uint8ClampedArray {
  return /^Uint8/.test(arrayKind(value));
}

/**
 * The array itself, or one of this realm on the same memory, as long as it is now: where it is another realm's, or its buffer may get
 * another size, with which an array without a length of its own would grow.
 */
export function ours<A extends ArrayBufferView>(array: A): A {
  const Ours = Reflect.get(globalThis, arrayKind(array));
  const { resizable, growable } = array.buffer as { resizable?: boolean; growable?: boolean };
  if (!Ours || (array instanceof Ours && !resizable && !growable)) return array;
  return new Ours(array.buffer, array.byteOffset, Reflect.get(array, 'length'));
}
