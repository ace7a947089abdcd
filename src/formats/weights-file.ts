/**
 * Files that hold a model's weights and nothing else: safetensors and .npz, told apart by their names. Whose layers
 * they are is for a model to say that already exists.
 */
import { expectModel } from '../checks/handed-in.ts';
import { noMoreArguments } from '../checks/options.ts';
import { text } from '../checks/values.ts';
import { expectBetweenSteps } from '../layers/turns.ts';
import type { Network } from '../model/network.ts';
import { expectTensorMap, type Tensor } from '../tensor/tensor.ts';
import { expectTensors } from './expected-tensors.ts';
import type { Look } from './look.ts';
import { namedWeights } from './model.ts';
import { decodeNpz, encodeNpz } from './npz.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

/** A format of named tensors. */
export interface WeightsFormat {
  /** Throws FormatError where a number isn't finite. */
  encode(tensors: ReadonlyMap<string, Tensor>, file: string): Uint8Array<ArrayBuffer>;
  /** Throws FormatError where the bytes aren't of this format. `remarks`: what was changed on the way, a line each. */
  decode(
    bytes: Uint8Array,
    file: string,
  ): { tensors: ReadonlyMap<string, Tensor>; remarks: readonly string[] };
}

export const WEIGHTS_FORMATS = {
  safetensors: {
    encode: (tensors, file) => encodeSafetensors(tensors, { file }),
    decode: (bytes, file) => {
      const { tensors, converted } = decodeSafetensors(bytes, file);
      return { tensors, remarks: remarksOn(converted) };
    },
  },
  npz: { encode: encodeNpz, decode: (bytes, file) => ({ tensors: decodeNpz(bytes, file), remarks: [] }) },
} satisfies Record<string, WeightsFormat>;

export type WeightsFormatName = keyof typeof WEIGHTS_FORMATS;

/** `12 tensors of BF16 became float32: every number is the same` */
function remarksOn(converted: ReadonlyMap<string, string>): string[] {
  const counts = new Map<string, number>();
  for (const type of converted.values()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return Array.from(
    counts,
    ([type, n]) => `${n} tensor${n === 1 ? '' : 's'} of ${type} became float32: every number is the same`,
  );
}

/** The format that a file begins as; null: none of them. */
export function weightsFormatOfBytes(look: Look): WeightsFormatName | null {
  if (isSafetensors(look)) return 'safetensors';
  return isNpz(look) ? 'npz' : null;
}

/** A length of less than 2^32, and the bracket of a JSON object. */
export function isSafetensors(look: Look): boolean {
  return look.has('\0\0\0\0{', 4);
}

export function isNpz({ members }: Look): boolean {
  return members.length > 0 && members.every((name) => name.endsWith('.npy'));
}

/** The format that a file's name ends in; null: none of them. */
export function weightsFormatOf(path: string): WeightsFormatName | null {
  if (/\.safetensors$/i.test(path)) return 'safetensors';
  return /\.npz$/i.test(path) ? 'npz' : null;
}

/**
 * Sets all weights of a built model from tensors named `layer/parameter`, as namedWeights gives them.
 *
 *     setNamedWeights(model, decodeNpz(readFileSync('weights.npz')));
 *
 * @param file what messages call their place
 * @throws FormatError where a tensor is missing, belongs to no layer, or isn't float32 of its parameter's shape; nothing
 *   is set then. Error where the model isn't built.
 */
export function setNamedWeights(
  model: Network,
  tensors: ReadonlyMap<string, Tensor>,
  file = 'weights',
): void {
  noMoreArguments('setNamedWeights', arguments, 3);
  text('setNamedWeights', 'file', file);
  expectModel('setNamedWeights', model);
  const named = expectTensorMap('setNamedWeights', tensors);
  expectBetweenSteps('setNamedWeights', model);
  const expected = new Map(Array.from(namedWeights(model), ([name, { shape }]) => [name, shape]));
  model.setWeights(expectTensors(named, expected, file));
}
