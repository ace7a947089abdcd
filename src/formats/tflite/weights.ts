/**
 * Constant numbers as float32. Quantised ones are brought back at once:
 *
 *   real = scale·(q − zeroPoint)     in float64, rounded once; of each channel its own scale, or one for all
 *
 * Source: TensorFlow Lite's quantisation specification (https://ai.google.dev/edge/litert/models/quantization_spec).
 */
import { type Shape, sizeOf, Tensor } from '../../tensor/tensor.ts';
import { FormatError } from '../errors.ts';
import { halfToFloat } from '../halves.ts';
import { checkFinite } from '../numbers.ts';
import type { Quantization, TensorInfo } from './schema.ts';

/** Types of constants: how many bits a number has, and how it is read. */
const READERS: Readonly<Record<string, { bits: number; read(view: DataView, i: number): number }>> = {
  float32: { bits: 32, read: (view, i) => view.getFloat32(4 * i, true) },
  float16: { bits: 16, read: (view, i) => halfToFloat(view.getUint16(2 * i, true)) },
  int4: { bits: 4, read: (view, i) => (view.getInt8(i >> 1) << (i % 2 === 0 ? 28 : 24)) >> 28 },
  int8: { bits: 8, read: (view, i) => view.getInt8(i) },
  uint8: { bits: 8, read: (view, i) => view.getUint8(i) },
  int16: { bits: 16, read: (view, i) => view.getInt16(2 * i, true) },
  int32: { bits: 32, read: (view, i) => view.getInt32(4 * i, true) },
  int64: { bits: 64, read: (view, i) => Number(view.getBigInt64(8 * i, true)) },
};

/** Bytes that dequantised numbers may take for each byte of the file: several tensors may name one buffer. */
const MOST_PER_BYTE = 8;
/** And so many beside: small constants are shared by many. */
const MOST_BESIDE = 2 ** 22;

/** Reads a file's constants, and keeps count of how much they become. */
export class Constants {
  readonly #file: string;
  readonly #converted = new Set<string>();
  #left: number;

  constructor(fileBytes: number, file: string) {
    this.#file = file;
    this.#left = MOST_PER_BYTE * fileBytes + MOST_BESIDE;
  }

  /** Types, other than float32, that real numbers were read from. */
  get converted(): string[] {
    return [...this.#converted].sort();
  }

  /** A constant, or weights, as real numbers. @throws FormatError naming the tensor and what is wrong with it. */
  real(info: TensorInfo): Tensor {
    const numbers = this.#take(info);
    const isWhole = !info.type.startsWith('float');
    if (isWhole && !info.quantization) {
      throw this.#error(info, `numbers of type ${info.type} need a scale, got none`);
    }
    const data = new Float32Array(sizeOf(info.shape));
    if (isWhole && info.quantization) this.#dequantize(info, info.quantization, numbers, data);
    else for (let i = 0; i < data.length; i++) data[i] = numbers(i);
    if (info.type !== 'float32') this.#converted.add(info.type);
    checkFinite(data, info.name, this.#file);
    return new Tensor(data, info.shape);
  }

  /** Whole numbers as they are: axes, shapes, margins. */
  whole(info: TensorInfo): number[] {
    if (info.type !== 'int32' && info.type !== 'int64') {
      throw this.#error(info, `sizes and axes must be int32 or int64, got ${info.type}`);
    }
    const numbers = this.#take(info);
    return Array.from({ length: sizeOf(info.shape) }, (_, i) => numbers(i));
  }

  /** Counts numbers that are made of a tensor. @throws FormatError where a file's are more than it can mean. */
  spend(count: number, info: TensorInfo): void {
    this.#left -= Float32Array.BYTES_PER_ELEMENT * count;
    if (this.#left < 0)
      throw this.#error(info, 'weights must have bytes of their own, got more than the file holds');
  }

  /** @returns number i of a tensor, once as many bytes are there as its shape says. */
  #take(info: TensorInfo): (i: number) => number {
    const { data, type, shape } = info;
    const reader = Object.hasOwn(READERS, type) ? READERS[type] : null;
    if (!data) throw this.#error(info, 'expected constant numbers, got what an operator gives');
    if (info.isSparse)
      throw this.#error(info, 'sparse numbers are not read: save the model without sparsity');
    if (!reader)
      throw this.#error(
        info,
        `numbers of type ${type} are not read: expected one of ${Object.keys(READERS).join(', ')}`,
      );
    const size = product(shape);
    const bytes = Math.ceil((size * reader.bits) / 8);
    if (data.length !== bytes) {
      throw this.#error(info, `shape [${shape}] of ${type} takes ${bytes} bytes, got ${data.length}`);
    }
    this.spend(size, info);
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    return (i) => reader.read(view, i);
  }

  #dequantize(
    info: TensorInfo,
    { scales, zeroPoints, dimension }: Quantization,
    numbers: (i: number) => number,
    data: Float32Array,
  ): void {
    const { shape } = info;
    const channels = scales.length === 1 ? 1 : (shape[dimension] ?? 0);
    const isPaired = [0, 1, scales.length].includes(zeroPoints.length);
    if (scales.length !== channels || !isPaired) {
      throw this.#error(
        info,
        `scales must be one, or one for each index along dimension ${dimension}, and zero points likewise: got ${scales.length} scales and ${zeroPoints.length} zero points for shape [${shape}]`,
      );
    }
    // Numbers that follow one another with one channel's scale.
    const run = scales.length === 1 ? data.length : product(shape.slice(dimension + 1));
    for (let i = 0; i < data.length; i++) {
      const channel = scales.length === 1 ? 0 : Math.floor(i / run) % channels;
      const zeroPoint = zeroPoints[zeroPoints.length === 1 ? 0 : channel] ?? 0;
      data[i] = scales[channel] * (numbers(i) - zeroPoint);
    }
  }

  #error({ index, name }: TensorInfo, problem: string): FormatError {
    return new FormatError(this.#file, `tensor ${index} (${JSON.stringify(name.slice(0, 60))}): ${problem}`);
  }
}

function product(sizes: Shape): number {
  return sizes.reduce((all, size) => all * size, 1);
}

/** [O, …, I] as [..., I, O]: the kernels of TensorFlow Lite have their outputs first, degelo's last. */
export function outputsLast(tensor: Tensor): Tensor {
  const [O, ...others] = tensor.shape;
  const K = tensor.size / O;
  const data = new Float32Array(tensor.size);
  for (let o = 0; o < O; o++) for (let k = 0; k < K; k++) data[k * O + o] = tensor.data[o * K + k];
  return new Tensor(data, [...others, O]);
}
