/** A fingerprint of a model's weights. */
import type { Network } from '../model/network.ts';

/** SHA-256, in hex, over all weights as float32, little-endian, in layer order. */
export async function weightsSha256(model: Network): Promise<string> {
  const weights = model.getWeights();
  const count = weights.reduce((sum, { size }) => sum + size, 0);
  const bytes = new DataView(new ArrayBuffer(4 * count));
  let at = 0;
  for (const { data } of weights) {
    for (const w of data) {
      bytes.setFloat32(at, w, true);
      at += 4;
    }
  }
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.buffer));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
