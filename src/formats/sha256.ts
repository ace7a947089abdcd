/** SHA-256 by the platform. */
import { digest } from '#files';
import { expectModel } from '../checks/handed-in.ts';
import { noMoreArguments } from '../checks/options.ts';
import { betweenSteps } from '../layers/turns.ts';
import type { Network } from '../model/network.ts';

/** SHA-256 of these bytes, as they are at the call, in hex. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return Array.from(await digest(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * A fingerprint of a model: SHA-256, in hex, over all weights as float32, little-endian, in layer order.
 * These are the bytes after the header of a saved model's weights. While `fit` is at work, it waits until a step has ended.
 *
 *     console.log(await weightsSha256(model)); // the same on every machine, for the same seed, data and options
 *
 * @throws Error where the model isn't built.
 */
export async function weightsSha256(model: Network): Promise<string> {
  noMoreArguments('weightsSha256', arguments, 1);
  expectModel('weightsSha256', model);
  if (!model.built) throw new Error(`${model.name}: not built yet: it has no weights so far`);
  return sha256(await betweenSteps('weightsSha256', model, () => weightsOf(model)));
}

function weightsOf(model: Network): Uint8Array {
  const parameters = model.parameters();
  const count = parameters.reduce((sum, { value }) => sum + value.size, 0);
  const view = new DataView(new ArrayBuffer(4 * count));
  let at = 0;
  for (const { value } of parameters) {
    for (const w of value.data) {
      view.setFloat32(at, w, true);
      at += 4;
    }
  }
  return new Uint8Array(view.buffer);
}
