/**
 * Weights as NumPy's `.npz`: a zip archive of one array a tensor, in the way of `numpy.savez`.
 *
 *   conv2d/kernel.npy   <f4, C order, [KH, KW, C, OC]      numpy.load(file)['conv2d/kernel']
 *   conv2d/bias.npy     <f4, [OC]
 *
 * Read are float32 and float64, in C or Fortran order, stored or deflated (`numpy.savez_compressed`).
 */
import { unpacker } from '#unpacker';
import { type Bytes, bytesOf } from '../checks/handed-in.ts';
import { noMoreArguments } from '../checks/options.ts';
import { text } from '../checks/values.ts';
import { npyHeader, parseNpy } from '../data/npy.ts';
import { storedZip } from '../data/stored-zip.ts';
import { readWholeZip } from '../data/zip.ts';
import { expectTensorMap, Tensor } from '../tensor/tensor.ts';
import { dataAsFormatError, FormatError } from './errors.ts';
import { show } from './json.ts';
import { checkFinite, putNumbers } from './numbers.ts';

const NPY = '.npy';

/**
 * The bytes of an .npz file, one array per tensor in the map's order; the same tensors give the same bytes.
 *
 *     const bytes = encodeNpz(namedWeights(model));
 *
 * @param file what messages call it
 * @throws FormatError where a number isn't finite, or where it would be longer than 4 GiB.
 */
export function encodeNpz(tensors: ReadonlyMap<string, Tensor>, file = 'npz'): Uint8Array<ArrayBuffer> {
  noMoreArguments('encodeNpz', arguments, 2);
  text('encodeNpz', 'file', file);
  const members = new Map<string, Uint8Array>();
  for (const [name, tensor] of expectTensorMap('encodeNpz', tensors)) {
    const header = npyHeader(tensor.dtype === 'float32' ? '<f4' : '<f8', tensor.shape);
    const bytes = new Uint8Array(header.length + tensor.data.byteLength);
    bytes.set(header);
    putNumbers(bytes, header.length, tensor, name, file);
    members.set(name + NPY, bytes);
  }
  return dataAsFormatError(() => storedZip(members, file, unpacker));
}

/**
 * Reads every array of an .npz file; the numbers are copied.
 *
 *     const arrays = decodeNpz(readFileSync('weights.npz'));
 *     console.log(arrays.get('dense/kernel')?.shape);
 *
 * @param file what messages call it
 * @throws FormatError where this is no such archive, or a damaged one; where a member is no array, or one of another
 *   type than float32 and float64; and where a number isn't finite.
 */
export function decodeNpz(contents: Bytes, file = 'npz'): Map<string, Tensor> {
  noMoreArguments('decodeNpz', arguments, 2);
  text('decodeNpz', 'file', file);
  const bytes = bytesOf('decodeNpz', contents);
  const tensors = new Map<string, Tensor>();
  for (const [member, packed] of dataAsFormatError(() => readWholeZip(bytes, file, unpacker))) {
    if (!member.endsWith(NPY)) {
      throw new FormatError(
        file,
        `members must be arrays: expected names that end in .npy, got ${show(member)}`,
      );
    }
    const name = member.slice(0, -NPY.length);
    const { data, shape, descr } = dataAsFormatError(() => parseNpy(packed, `${file}: array ${show(name)}`));
    if (!(data instanceof Float32Array || data instanceof Float64Array) || !/^<f[48]$/.test(descr)) {
      throw new FormatError(file, `array ${show(name)} must be of type <f4 or <f8, got ${descr}`);
    }
    checkFinite(data, name, file);
    tensors.set(name, new Tensor(data, shape));
  }
  return tensors;
}
