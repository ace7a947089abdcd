/**
 * Files that hold a model's weights and nothing else: safetensors and .npz, told apart by their names. Whose layers
 * they are is for a model to say that is there already.
 */
import type { Network } from '../model/network.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { expectTensors, namedWeights } from './model.ts';
import { decodeNpz, encodeNpz } from './npz.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

/** A format of named tensors. */
export interface WeightsFormat {
  /** Throws FormatError where a number isn't finite. */
  encode(tensors: ReadonlyMap<string, Tensor>, file: string): Uint8Array;
  /** Throws FormatError where the bytes aren't of this format. */
  decode(bytes: Uint8Array, file: string): ReadonlyMap<string, Tensor>;
}

export const WEIGHTS_FORMATS = {
  safetensors: {
    encode: (tensors, file) => encodeSafetensors(tensors, { file }),
    decode: (bytes, file) => decodeSafetensors(bytes, file).tensors,
  },
  npz: { encode: encodeNpz, decode: decodeNpz },
} satisfies Record<string, WeightsFormat>;

export type WeightsFormatName = keyof typeof WEIGHTS_FORMATS;

/** The format that a file's name ends in; null: none of them. */
export function weightsFormatOf(path: string): WeightsFormatName | null {
  if (/\.safetensors$/i.test(path)) return 'safetensors';
  return /\.npz$/i.test(path) ? 'npz' : null;
}

/**
 * Sets all weights of a built model from tensors named `layer/parameter`, as namedWeights gives them.
 * @param file what messages call their place
 * @throws FormatError where a tensor is missing, belongs to no layer, or isn't float32 of its parameter's shape; nothing
 *   is set then. Error where the model isn't built.
 */
export function setNamedWeights(
  model: Network,
  tensors: ReadonlyMap<string, Tensor>,
  file = 'weights',
): void {
  const expected = new Map(Array.from(namedWeights(model), ([name, { shape }]) => [name, shape]));
  model.setWeights(expectTensors(tensors, expected, file));
}
