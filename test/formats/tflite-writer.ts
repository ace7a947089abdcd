/** Writes TensorFlow Lite files, right ones and wrong ones, for tests and fuzzing. Numbers of fields are the schema's. */
import { Builder } from 'flatbuffers';

export interface TensorSpec {
  readonly shape: readonly number[];
  /** TensorType's number: 0 float32, 1 float16, 2 int32, 3 uint8, 9 int8, … */
  readonly type?: number;
  readonly name?: string;
  readonly data?: Uint8Array;
  readonly signature?: readonly number[];
  readonly scales?: readonly number[];
  readonly zeroPoints?: readonly number[];
  readonly dimension?: number;
  readonly sparse?: boolean;
  readonly variable?: boolean;
  /** Shares the buffer of another tensor. */
  readonly like?: number;
}

/** A field of an operator's options: its number, kind and value. */
export type Option = readonly [field: number, kind: 'int8' | 'int32' | 'float32', value: number];

export interface OperatorSpec {
  readonly code: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly type?: number;
  readonly options?: readonly Option[];
  /** Name of a custom operator, whose code is 32. */
  readonly custom?: string;
}

export interface FileSpec {
  readonly version?: number;
  readonly identifier?: string;
  readonly graphs?: number;
  readonly tensors: readonly TensorSpec[];
  /** The same object several times is one table, to which several offsets lead. */
  readonly operators: readonly OperatorSpec[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Gives buffers an offset after the flatbuffer. */
  readonly behind?: boolean;
}

export function floats(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

export function ints(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

export function writeTflite(spec: FileSpec): Uint8Array {
  const b = new Builder(1024);
  const vector = (width: number, values: readonly number[], add: (value: number) => void): number => {
    b.startVector(width, values.length, width);
    for (const value of [...values].reverse()) add(value);
    return b.endVector();
  };
  const intVector = (values: readonly number[]): number => vector(4, values, (value) => b.addInt32(value));
  const offsets = (values: readonly number[]): number => vector(4, values, (value) => b.addOffset(value));

  const buffers = [undefined, ...spec.tensors.map(({ data }) => data)].map((data) => {
    const bytes = data && vector(1, Array.from(data), (value) => b.addInt8(value));
    b.startObject(3);
    if (bytes) b.addFieldOffset(0, bytes, 0);
    if (spec.behind) b.addFieldInt64(1, 4096n, 0n);
    return b.endObject();
  });
  const tensors = spec.tensors.map((tensor, i) => {
    const { shape, type = 0, name = `net/t${i}/Relu`, signature, scales, zeroPoints, dimension = 0 } = tensor;
    const [shapeAt, nameAt] = [intVector(shape), b.createString(name)];
    const signatureAt = signature && intVector(signature);
    let quantization = 0;
    if (scales) {
      const scaleAt = vector(4, scales, (value) => b.addFloat32(value));
      const zeroAt = vector(8, zeroPoints ?? scales.map(() => 0), (value) => b.addInt64(BigInt(value)));
      b.startObject(7);
      b.addFieldOffset(2, scaleAt, 0);
      b.addFieldOffset(3, zeroAt, 0);
      b.addFieldInt32(6, dimension, 0);
      quantization = b.endObject();
    }
    b.startObject(0);
    const nothing = b.endObject();
    b.startObject(10);
    b.addFieldOffset(0, shapeAt, 0);
    b.addFieldInt8(1, type, 0);
    b.addFieldInt32(2, (tensor.like ?? i) + 1, 0);
    b.addFieldOffset(3, nameAt, 0);
    if (quantization) b.addFieldOffset(4, quantization, 0);
    if (tensor.variable) b.addFieldInt8(5, 1, 0);
    if (tensor.sparse) b.addFieldOffset(6, nothing, 0);
    if (signatureAt) b.addFieldOffset(7, signatureAt, 0);
    return b.endObject();
  });
  const different = [...new Set(spec.operators)];
  const tables = different.map(({ inputs, outputs, type = 0, options = [] }, i) => {
    const [inputsAt, outputsAt] = [intVector(inputs), intVector(outputs)];
    b.startObject(16);
    for (const [field, kind, value] of options) {
      // A default that no value has, so that every field is written.
      if (kind === 'int8') b.addFieldInt8(field, value, 127);
      else if (kind === 'int32') b.addFieldInt32(field, value, -(2 ** 31));
      else b.addFieldFloat32(field, value, -1e30);
    }
    const optionsAt = b.endObject();
    b.startObject(13);
    b.addFieldInt32(0, i, 0);
    b.addFieldOffset(1, inputsAt, 0);
    b.addFieldOffset(2, outputsAt, 0);
    if (type) {
      b.addFieldInt8(3, type, 0);
      b.addFieldOffset(4, optionsAt, 0);
    }
    return b.endObject();
  });
  const operators = spec.operators.map((operator) => tables[different.indexOf(operator)]);
  const codes = different.map(({ code, custom }) => {
    const name = custom === undefined ? 0 : b.createString(custom);
    b.startObject(4);
    b.addFieldInt8(0, Math.min(code, 127), 0);
    if (name) b.addFieldOffset(1, name, 0);
    b.addFieldInt32(3, code, 0);
    return b.endObject();
  });
  const parts = [tensors, operators].map(offsets);
  const ends = [spec.inputs, spec.outputs].map(intVector);
  b.startObject(5);
  b.addFieldOffset(0, parts[0], 0);
  b.addFieldOffset(1, ends[0], 0);
  b.addFieldOffset(2, ends[1], 0);
  b.addFieldOffset(3, parts[1], 0);
  const graph = b.endObject();
  const lists = [codes, new Array<number>(spec.graphs ?? 1).fill(graph), buffers].map(offsets);
  b.startObject(8);
  b.addFieldInt32(0, spec.version ?? 3, 0);
  b.addFieldOffset(1, lists[0], 0);
  b.addFieldOffset(2, lists[1], 0);
  b.addFieldOffset(4, lists[2], 0);
  b.finish(b.endObject(), spec.identifier ?? 'TFL3');
  return b.asUint8Array().slice();
}
