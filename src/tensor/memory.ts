/** Memory for numbers: how much is asked for, whether threads share it, and what is said where there isn't so much. */

/** The numbers of a tensor. */
export type FloatArray = Float32Array | Float64Array;
/** The type of a tensor's numbers. */
export type DType = 'float32' | 'float64';

/** Where a tensor's numbers are put, and as what. */
export interface TensorOptions {
  /** Element type. Default: float32. */
  dtype?: DType | undefined;
  /** Put the numbers into shared memory, which worker threads see without a copy. */
  shared?: boolean | undefined;
}

/** For an ordinary buffer of at least so many bytes V8 collects garbage first. */
const WORTH_COLLECTING = 2 ** 26;

/**
 * So many bytes, zeros, in memory that worker threads see, or not.
 * @param what they are for, in messages
 * @throws RangeError where the engine or the machine has no such memory.
 */
export function newBuffer(bytes: number, shared: boolean, what = 'arrays'): ArrayBufferLike {
  // V8 doesn't count shared memory: half a gigabyte of it leaves dead arrays beside it where they are. This is counted, and is never
  // written to, so that it takes no memory itself.
  if (shared && bytes >= WORTH_COLLECTING) void new ArrayBuffer(WORTH_COLLECTING);
  // TypeScript's typed-array constructors list no union of the two buffers, hence the common supertype.
  return obtain<ArrayBufferLike>(what, bytes, () =>
    shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes),
  );
}

/** What `make` makes. @throws RangeError saying what for and how much, where it can't be had: the engine's words say neither. */
export function obtain<T>(what: string, bytes: number, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RangeError(`${what}: ${bytes} bytes of memory can't be had here (${reason})`, { cause });
  }
}

/** A typed array of zeros, in shared memory on request. Throws as newBuffer does. */
export function allocate(
  size: number,
  { dtype = 'float32', shared = false }: TensorOptions = {},
  what = 'arrays',
): FloatArray {
  const bytes = size * (dtype === 'float32' ? 4 : 8);
  const buffer = newBuffer(bytes, shared, what);
  // Buffers may be longer than arrays.
  return obtain<FloatArray>(what, bytes, () =>
    dtype === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer),
  );
}
