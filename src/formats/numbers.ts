/** Numbers as files have them: little-endian, row-major, finite. */
import { firstNotFinite } from '../tensor/finite.ts';
import { allocate } from '../tensor/memory.ts';
import { type DType, type FloatArray, type Shape, Tensor } from '../tensor/tensor.ts';
import { FormatError } from './errors.ts';
import { show } from './json.ts';

/** Then memory is written as it is: 0.5 ms for the experiment's weights instead of 6. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Writes a tensor's numbers.
 * @returns the offset after them
 * @throws FormatError, naming file and tensor, where a number isn't finite.
 */
export function putNumbers(
  bytes: Uint8Array,
  at: number,
  tensor: Tensor,
  name: string,
  file: string,
): number {
  const { data } = tensor;
  checkFinite(data, name, file);
  if (IS_LITTLE_ENDIAN) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
  } else {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, data.byteLength);
    const size = data.BYTES_PER_ELEMENT;
    for (let i = 0; i < data.length; i++) {
      if (size === 4) view.setFloat32(4 * i, data[i], true);
      else view.setFloat64(8 * i, data[i], true);
    }
  }
  return at + data.byteLength;
}

/**
 * A tensor of the numbers that begin at `at`; whoever calls has compared its size with the bytes that are there.
 * @throws FormatError, naming file and tensor, where a number isn't finite.
 */
export function takeNumbers(
  bytes: Uint8Array,
  at: number,
  { dtype, shape, name }: { readonly dtype: DType; readonly shape: Shape; readonly name: string },
  file: string,
): Tensor {
  // Through a DataView: offsets in a file don't have to be aligned, nor a machine little-endian.
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const data = allocate(
    shape.reduce((product, dimension) => product * dimension, 1),
    { dtype },
  );
  for (let i = 0; i < data.length; i++) {
    data[i] = dtype === 'float32' ? view.getFloat32(4 * i, true) : view.getFloat64(8 * i, true);
  }
  checkFinite(data, name, file);
  return new Tensor(data, shape);
}

/** @throws FormatError, naming file and tensor, where a number isn't finite. */
export function checkFinite(data: FloatArray, name: string, file: string): void {
  const i = firstNotFinite(data);
  if (i < 0) return;
  throw new FormatError(file, `tensor ${show(name)}: numbers must be finite, got ${data[i]} at index ${i}`);
}
