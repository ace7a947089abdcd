/** What functions of files and models are handed: refused in one line where it is something else. */
import { describe } from './describe.ts';

/** @throws TypeError where `bytes` aren't a file's bytes. */
export function expectBytes(where: string, bytes: unknown): void {
  if (bytes instanceof Uint8Array) return;
  const right = bytes instanceof ArrayBuffer ? ': new Uint8Array(buffer)' : '';
  throw new TypeError(`${where}: expected the file's bytes in a Uint8Array, got ${describe(bytes)}${right}`);
}

/** @throws TypeError where `model` isn't a model, of whatever copy of degelo. */
export function expectModel(where: string, model: unknown): void {
  const isModel = typeof model === 'object' && model !== null && 'layers' in model && 'parameters' in model;
  if (!isModel) throw new TypeError(`${where}: expected a model, got ${describe(model)}`);
}

/** @throws TypeError where `tensors` isn't a map of tensors by name. */
export function expectTensorMap(where: string, tensors: unknown): void {
  if (tensors instanceof Map) return;
  throw new TypeError(
    `${where}: tensors must be a Map of tensors by name, as namedWeights gives it, got ${describe(tensors)}`,
  );
}
