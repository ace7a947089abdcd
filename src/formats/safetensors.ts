/**
 * Safetensors, a file of named tensors:
 *
 *   length of the header: 8 bytes, little-endian | header: JSON in UTF-8, padded with spaces | numbers
 *   {"__metadata__": {"k": "v"}, "dense/bias": {"dtype": "F32", "shape": [5], "data_offsets": [0, 20]}}
 *
 * Offsets [begin, end) count from the header's end. The tensors fill the rest of the file: no overlap, no hole.
 * Numbers are little-endian, row-major. Source: https://huggingface.co/docs/safetensors (format)
 *
 * The reader trusts nothing: whatever it returns has been checked against the bytes that are there, so the
 * memory it takes is bounded by the file's size. Written here: F32 and F64. Read too: F16, BF16 and whole numbers, which become
 * float32, exactly or not at all. Finite numbers only.
 */
import { describe, listed } from '../checks/describe.ts';
import { type Bytes, bytesOf } from '../checks/handed-in.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { text } from '../checks/values.ts';
import { type DType, expectTensorMap, type Shape, Tensor } from '../tensor/tensor.ts';
import { FormatError } from './errors.ts';
import { bfloatToFloat, halfToFloat } from './halves.ts';
import { decodeUtf8, isCounts, isObject, type JsonObject, MAX_JSON, parseJsonObject, show } from './json.ts';
import { checkFinite, putNumbers, takeNumbers } from './numbers.ts';

/** What a safetensors file holds. */
export interface Safetensors {
  /** By name, in the order in which their numbers are in the file. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Tensors that the file has in another type, which it names here (`BF16`): they are float32 now, every number the same. */
  readonly converted: ReadonlyMap<string, string>;
}

/** The longest header that is read or written: 20,000 tensors. The reference implementation's limit is 100,000,000. */
const MAX_HEADER = MAX_JSON;
const LENGTH_BYTES = 8;
/** The most bytes of a file beside its numbers. */
export const MAX_BESIDE_NUMBERS = LENGTH_BYTES + MAX_HEADER;
/** The header is padded to a multiple of this, so that the numbers are aligned wherever the file is mapped. */
const ALIGNMENT = 8;
const METADATA = '__metadata__';

const CODES: Readonly<Record<DType, string>> = { float32: 'F32', float64: 'F64' };

/** A type of elements: its bytes, and how one is read. */
interface Code {
  readonly bytes: number;
  /** null: as it is, in bulk. */
  readonly get: ((view: DataView, at: number) => number | bigint) | null;
  readonly dtype: DType;
}

const READ: Readonly<Record<string, Code>> = {
  F32: { bytes: 4, get: null, dtype: 'float32' },
  F64: { bytes: 8, get: null, dtype: 'float64' },
  F16: { bytes: 2, get: (view, at) => halfToFloat(view.getUint16(at, true)), dtype: 'float32' },
  BF16: { bytes: 2, get: (view, at) => bfloatToFloat(view.getUint16(at, true)), dtype: 'float32' },
  I64: { bytes: 8, get: (view, at) => view.getBigInt64(at, true), dtype: 'float32' },
  U64: { bytes: 8, get: (view, at) => view.getBigUint64(at, true), dtype: 'float32' },
  I32: { bytes: 4, get: (view, at) => view.getInt32(at, true), dtype: 'float32' },
  U32: { bytes: 4, get: (view, at) => view.getUint32(at, true), dtype: 'float32' },
  I16: { bytes: 2, get: (view, at) => view.getInt16(at, true), dtype: 'float32' },
  U16: { bytes: 2, get: (view, at) => view.getUint16(at, true), dtype: 'float32' },
  I8: { bytes: 1, get: (view, at) => view.getInt8(at), dtype: 'float32' },
  U8: { bytes: 1, get: (view, at) => view.getUint8(at), dtype: 'float32' },
  BOOL: { bytes: 1, get: (view, at) => view.getUint8(at), dtype: 'float32' },
};

/** What the header says of one tensor, checked for itself but not yet against the others. */
interface Entry {
  readonly name: string;
  /** The file's word for its type. */
  readonly type: string;
  readonly code: Code;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

/** How a safetensors file is written. */
export interface EncodeSafetensorsOptions {
  /** What messages call it. */
  file?: string | undefined;
  /** Texts by their keys, which the file holds beside the tensors. */
  metadata?: ReadonlyMap<string, string> | undefined;
  /** Where the bytes are put if it is large enough: fresh memory costs tens of milliseconds for megabytes. */
  memory?: ArrayBuffer | null | undefined;
}

/**
 * The bytes of a safetensors file; its tensors are in the map's order.
 *
 *     writeFileSync('weights.safetensors', encodeSafetensors(namedWeights(model)));
 *
 * @throws FormatError where a number isn't finite, a tensor is named `__metadata__`, or names and metadata take more
 *   than 16 MiB.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  options?: EncodeSafetensorsOptions,
): Uint8Array<ArrayBuffer> {
  noMoreArguments('encodeSafetensors', arguments, 2);
  const named = expectTensorMap('encodeSafetensors', tensors);
  const rules = { nullable: ['memory'], call: 'encodeSafetensors(tensors, …)' };
  const given = knownOptions('encodeSafetensors', options, ['file', 'metadata', 'memory'], rules);
  const { file = 'safetensors', metadata = new Map(), memory = null } = given;
  text('encodeSafetensors', 'file', file);
  expectTexts(metadata);
  if (memory !== null) bytesOf('encodeSafetensors', memory);
  if (named.has(METADATA)) throw new FormatError(file, `no tensor can be named ${METADATA}`);
  const header: [string, unknown][] = metadata.size > 0 ? [[METADATA, Object.fromEntries(metadata)]] : [];
  let end = 0;
  for (const [name, { data, dtype, shape }] of named) {
    const begin = end;
    end += data.byteLength;
    header.push([name, { dtype: CODES[dtype], shape, data_offsets: [begin, end] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  // What is written can be read.
  if (headerLength > MAX_HEADER) {
    throw new FormatError(file, `header too long: expected at most ${MAX_HEADER} bytes, got ${headerLength}`);
  }
  const size = LENGTH_BYTES + headerLength + end;
  const bytes = memory && memory.byteLength >= size ? new Uint8Array(memory, 0, size) : new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(' '.charCodeAt(0), LENGTH_BYTES, LENGTH_BYTES + headerLength);
  bytes.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerLength;
  for (const [name, tensor] of named) at = putNumbers(bytes, at, tensor, name, file);
  return bytes;
}

/** @throws TypeError where these are no texts by their keys. */
function expectTexts(metadata: unknown): asserts metadata is ReadonlyMap<string, string> {
  const isText = (value: unknown): boolean => typeof value === 'string';
  if (metadata instanceof Map && [...metadata].flat().every(isText)) return;
  throw new TypeError(
    `encodeSafetensors: metadata must be a Map of texts by their keys, got ${describe(metadata)}`,
  );
}

/**
 * Reads every tensor; the numbers are copied.
 *
 *     const { tensors } = decodeSafetensors(readFileSync('weights.safetensors'));
 *
 * @param file what messages call it
 * @throws FormatError where anything isn't as the format says, where a type isn't read here, and where a number
 *   isn't finite.
 */
export function decodeSafetensors(contents: Bytes, file = 'safetensors'): Safetensors {
  noMoreArguments('decodeSafetensors', arguments, 2);
  text('decodeSafetensors', 'file', file);
  const bytes = bytesOf('decodeSafetensors', contents);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, dataAt } = readHeader(bytes, view, file);
  const entries: Entry[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) metadata = readMetadata(value, file);
    else entries.push(readEntry(name, value, file));
  }
  // Tensors without elements share their place with the next one, hence the second key.
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(entries, bytes.length - dataAt, file);
  const tensors = new Map<string, Tensor>();
  const converted = new Map<string, string>();
  for (const entry of entries) {
    const at = dataAt + entry.begin;
    if (entry.code.get) converted.set(entry.name, entry.type);
    tensors.set(
      entry.name,
      entry.code.get ? convert(view, at, entry, file) : takeNumbers(bytes, at, entry, file),
    );
  }
  return { tensors, metadata, converted };
}

/** Numbers of another type as float32. @throws FormatError, naming the tensor, where one isn't finite, or is none of float32's. */
function convert(view: DataView, at: number, { name, type, code, shape }: Entry, file: string): Tensor {
  const { bytes, get } = code;
  const data = new Float32Array(shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i++) {
    const value = get?.(view, at + i * bytes) ?? 0; // whoever calls has looked that there is one
    data[i] = Number(value);
    if (typeof value === 'bigint' ? BigInt(data[i]) !== value : Number.isFinite(value) && data[i] !== value) {
      throw new FormatError(
        file,
        `tensor ${show(name)}: ${type} must fit float32 exactly, got ${value} at index ${i}`,
      );
    }
  }
  checkFinite(data, name, file);
  return new Tensor(data, shape);
}

function readHeader(bytes: Uint8Array, view: DataView, file: string): { header: JsonObject; dataAt: number } {
  if (bytes.length < LENGTH_BYTES) {
    throw new FormatError(file, `truncated: expected at least ${LENGTH_BYTES} bytes, got ${bytes.length}`);
  }
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER) {
    throw new FormatError(file, `header too long: expected at most ${MAX_HEADER} bytes, got ${length}`);
  }
  const dataAt = LENGTH_BYTES + Number(length);
  if (bytes.length < dataAt) {
    throw new FormatError(
      file,
      `truncated: expected a header of ${length} bytes, got ${bytes.length - LENGTH_BYTES}`,
    );
  }
  if (bytes[LENGTH_BYTES] !== '{'.charCodeAt(0)) {
    throw new FormatError(file, 'header must begin with {');
  }
  return { header: parseJsonObject(decodeUtf8(bytes.subarray(LENGTH_BYTES, dataAt), file), file), dataAt };
}

function readMetadata(value: unknown, file: string): ReadonlyMap<string, string> {
  const entries = isObject(value) ? Object.entries(value) : null;
  // TypeScript infers the guard for the tuple only when it is spelt out.
  if (!entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    throw new FormatError(file, `${METADATA} must map strings to strings, got ${show(value)}`);
  }
  return new Map(entries);
}

function readEntry(name: string, value: unknown, file: string): Entry {
  const fail = (problem: string): FormatError => new FormatError(file, `tensor ${show(name)}: ${problem}`);
  if (!isObject(value))
    throw fail(`must be an object with dtype, shape and data_offsets, got ${show(value)}`);
  const { dtype: code, shape, data_offsets: offsets } = value;
  const read = typeof code === 'string' && Object.hasOwn(READ, code) ? READ[code] : null;
  if (typeof code !== 'string' || !read) {
    throw fail(`dtype must be one of ${listed(Object.keys(READ))}, got ${show(code)}`);
  }
  if (!isCounts(shape)) throw fail(`shape must be a list of integers ≥ 0, got ${show(shape)}`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw fail(`data_offsets must be [begin, end] with 0 ≤ begin ≤ end, got ${show(offsets)}`);
  }
  const [begin, end] = offsets;
  // Past 2^53 the product is rounded, or infinite: then it equals no number of bytes that a file can have.
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  if (count * read.bytes !== end - begin) {
    const expected = `${count * read.bytes} for ${code} of shape ${show(shape)}`;
    throw fail(`data_offsets must span its bytes: expected ${expected}, got ${end - begin}`);
  }
  return { name, type: code, code: read, dtype: read.dtype, shape, begin, end };
}

/** Sorted by place, each tensor begins where the one before ends, and the last ends where the file does. */
function checkCoverage(entries: readonly Entry[], size: number, file: string): void {
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at) {
      const fault = begin < at ? 'overlaps the one before' : 'leaves a hole before it';
      throw new FormatError(file, `tensor ${show(name)} ${fault}: expected offset ${at}, got ${begin}`);
    }
    at = end;
  }
  if (at !== size) {
    const fault = at > size ? 'truncated' : 'too long';
    throw new FormatError(file, `${fault}: expected ${at} bytes of numbers, got ${size}`);
  }
}
