/**
 * NPY, NumPy's format for one array: a header that is a Python dictionary in text, then the numbers.
 *
 *   \x93NUMPY | major minor | length of the text, 2 bytes (version 1) or 4 | text | numbers
 *   {'descr': '|u1', 'fortran_order': False, 'shape': (60000, 28, 28), }
 *
 * Source: numpy.lib.format, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * Read here: versions 1, 2 and 3, integers of 1 to 8 bytes and floats of 4 and 8, little-endian, in C order (row-major)
 * or Fortran's (the first index changes fastest), as NumPy writes the transpose of an array. Written: version 1, C order.
 */
import { DataError } from './errors.ts';
import { characters, quote } from './text.ts';

export type NumericArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

export interface NpyArray {
  readonly shape: readonly number[];
  /** NumPy's name of the type in the file: `|u1`, `<i8`, … */
  readonly descr: string;
  /** Row-major, whatever the file's order is. 64-bit integers become float64, which is exact up to 2^53. */
  readonly data: NumericArray;
}

interface ElementType {
  readonly bytes: number;
  /** Whole numbers of 64 bits, which become float64. */
  readonly isWide?: true;
  allocate(count: number): NumericArray;
  read(view: DataView, offset: number): number;
}

/** Whether this machine has numbers in memory as they are in the file. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

// Through a DataView, numbers can be read on machines of either byte order.
const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  i1: { bytes: 1, allocate: (n) => new Int8Array(n), read: (view, at) => view.getInt8(at) },
  u2: { bytes: 2, allocate: (n) => new Uint16Array(n), read: (view, at) => view.getUint16(at, true) },
  i2: { bytes: 2, allocate: (n) => new Int16Array(n), read: (view, at) => view.getInt16(at, true) },
  u4: { bytes: 4, allocate: (n) => new Uint32Array(n), read: (view, at) => view.getUint32(at, true) },
  i4: { bytes: 4, allocate: (n) => new Int32Array(n), read: (view, at) => view.getInt32(at, true) },
  u8: {
    bytes: 8,
    isWide: true,
    allocate: (n) => new Float64Array(n),
    read: (view, at) => view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true),
  },
  i8: {
    bytes: 8,
    isWide: true,
    allocate: (n) => new Float64Array(n),
    read: (view, at) => view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true),
  },
  f4: { bytes: 4, allocate: (n) => new Float32Array(n), read: (view, at) => view.getFloat32(at, true) },
  f8: { bytes: 8, allocate: (n) => new Float64Array(n), read: (view, at) => view.getFloat64(at, true) },
};

const MAGIC = '\x93NUMPY';
/** NumPy pads headers so that the numbers begin at a multiple of this (numpy.lib.format.ARRAY_ALIGN). */
const ALIGNMENT = 64;
/**
 * The most numbers that are brought into another order: 85,000 of MNIST's images. Where there are many dimensions, neighbours
 * are so far apart that memory is slow.
 */
const MAX_REORDERED = 2 ** 26;
const FEW_DIMENSIONS = 4;
const MAX_REORDERED_OF_MANY = 2 ** 22;
/** The longest header that is read; NumPy's own limit (numpy.lib.format._MAX_HEADER_SIZE). */
const MAX_HEADER = 10_000;

/**
 * Reads one array. Bytes (`|u1`) in C order are a view of the file, everything else is copied.
 * @param file what messages call it
 * @throws DataError where this is no NPY file, where its version or type isn't read here, and where
 * there are fewer or more bytes than the header promises.
 */
export function parseNpy(bytes: Uint8Array, file: string): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { text, start } = headerText(bytes, view, file);
  const { descr, shape, isFortran } = parseHeader(text, file);

  const type = /^[|<]u1$/.test(descr) ? null : elementType(descr, file);
  const elementBytes = type?.bytes ?? 1;
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  const size = start + count * elementBytes;
  if (bytes.length !== size) {
    const fault = bytes.length < size ? 'truncated' : 'too long';
    throw new DataError(
      file,
      `${fault}: header promises shape (${shape.join(', ')}) of ${descr} (${size} bytes), ` +
        `got ${bytes.length} bytes`,
    );
  }
  const data = type ? numbersOf(bytes.subarray(start), type) : bytes.subarray(start);
  return { shape, descr, data: isFortran ? rowMajor(data, shape, file) : data };
}

/** The numbers that these bytes are, copied. */
function numbersOf(bytes: Uint8Array, type: ElementType): NumericArray {
  const numbers = type.allocate(bytes.length / type.bytes);
  if (IS_LITTLE_ENDIAN && !type.isWide) {
    // As they are: of 256 MiB that takes a tenth of the time.
    new Uint8Array(numbers.buffer).set(bytes);
    return numbers;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < numbers.length; i++) numbers[i] = type.read(view, i * type.bytes);
  return numbers;
}

/** What is before an array's numbers in a file of version 1, C order. */
export function npyHeader(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const textAt = MAGIC.length + 4;
  const size = Math.ceil((textAt + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = `${MAGIC}\x01\x00\0\0${text.padEnd(size - textAt - 1)}\n`;
  const bytes = Uint8Array.from(header, (character) => character.charCodeAt(0));
  new DataView(bytes.buffer).setUint16(MAGIC.length + 2, size - textAt, true);
  return bytes;
}

/**
 * A copy of numbers whose first index changes fastest, in the order in which the last one does.
 * @throws DataError where there are so many that finding each one's place would take longer than a second or two.
 */
function rowMajor<A extends NumericArray>(data: A, shape: readonly number[], file: string): A {
  // Without dimensions of 1, of which a file may claim thousands, there are few: their product is a number of bytes.
  const sizes = shape.filter((size) => size > 1);
  const most = sizes.length > FEW_DIMENSIONS ? MAX_REORDERED_OF_MANY : MAX_REORDERED;
  if (data.length > most) {
    throw new DataError(
      file,
      `too large for Fortran's order: expected at most ${most} numbers, got ${data.length} ` +
        '(numpy.ascontiguousarray gives the other one)',
    );
  }
  const copy = data.slice() as A; // of its own kind
  // stride[d], the product of the dimensions before d; `from` is Σ_d index[d]·stride[d].
  const strides = sizes.map((_, d) => sizes.slice(0, d).reduce((product, size) => product * size, 1));
  const index = sizes.map(() => 0);
  const last = sizes.length - 1;
  let from = 0;
  for (let i = 0; i < copy.length; i++) {
    copy[i] = data[from];
    let d = last;
    // Counts on from the last index; most often no other one changes.
    for (; d >= 0 && index[d] === sizes[d] - 1; d--) {
      from -= strides[d] * index[d];
      index[d] = 0;
    }
    if (d < 0) break;
    index[d]++;
    from += strides[d];
  }
  return copy;
}

/**
 * The dictionary's text, and where the numbers start. The text is ASCII, except for field names (Latin-1 in
 * version 1, UTF-8 in version 3), which plain arrays don't have.
 */
function headerText(bytes: Uint8Array, view: DataView, file: string): { text: string; start: number } {
  const magic = characters(bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC) {
    throw new DataError(file, `wrong magic number: expected ${quote(MAGIC)}, got ${quote(magic)}`);
  }
  const lengthAt = MAGIC.length + 2;
  if (bytes.length < lengthAt + 4) throw truncatedHeader(file, lengthAt + 4, bytes.length);
  const major = bytes[MAGIC.length];
  if (major < 1 || major > 3) {
    throw new DataError(file, `unknown NPY version: expected 1, 2 or 3, got ${major}`);
  }
  const length = major === 1 ? view.getUint16(lengthAt, true) : view.getUint32(lengthAt, true);
  if (length > MAX_HEADER) {
    throw new DataError(file, `header too long: expected at most ${MAX_HEADER} bytes, got ${length}`);
  }
  const textAt = lengthAt + (major === 1 ? 2 : 4);
  const start = textAt + length;
  if (bytes.length < start) throw truncatedHeader(file, start, bytes.length);
  return { text: characters(bytes.subarray(textAt, start)), start };
}

function truncatedHeader(file: string, expected: number, got: number): DataError {
  return new DataError(file, `truncated: expected a header of ${expected} bytes, got ${got} bytes in all`);
}

/** The three entries of the dictionary, which NumPy writes in this order but reads in any. */
function parseHeader(text: string, file: string): { descr: string; shape: number[]; isFortran: boolean } {
  const descr = /'descr': *'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order': *(True|False)/.exec(text)?.[1];
  const tuple = /'shape': *\(([\d, ]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || tuple === undefined) {
    throw new DataError(
      file,
      `unreadable header: expected descr, fortran_order and shape of a plain array, got ${quote(text)}`,
    );
  }
  const shape = tuple
    .split(',')
    .map((dimension) => dimension.trim())
    .filter((dimension) => dimension !== '') // (60000,) ends in a comma
    .map(Number);
  if (!shape.every(Number.isSafeInteger)) {
    throw new DataError(
      file,
      `unreadable header: expected whole numbers as shape, got ${quote(`(${tuple})`)}`,
    );
  }
  return { descr, shape, isFortran: order === 'True' };
}

/** `<` or `|` before the type's letter and size; one byte has no order, so `|`, but `<` is as good. */
function elementType(descr: string, file: string): ElementType {
  const name = /^[|<]([a-z]\d)$/.exec(descr)?.[1];
  const type = name !== undefined && Object.hasOwn(ELEMENT_TYPES, name) ? ELEMENT_TYPES[name] : undefined;
  if (type === undefined) {
    throw new DataError(
      file,
      `element type must be |u1, |i1, <u2, <i2, <u4, <i4, <u8, <i8, <f4 or <f8: got ${quote(descr)}`,
    );
  }
  return type;
}
