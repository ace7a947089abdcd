/**
 * Where the arrays of a step are in one piece of memory. The same code runs twice: without a buffer it
 * only counts the bytes, with one it hands out the views; so that every thread finds every array at the
 * same place, and nobody sends offsets around.
 */
import type { DType, FloatArray } from '../tensor/tensor.ts';

/** A cache line; also the alignment that vector loads like best. */
const ALIGNMENT = 64;
/**
 * Arrays whose distance is a multiple of the L1 cache's way size (4 KB) evict one another when they are walked
 * side by side, so consecutive arrays are staggered by a few lines.
 */
const STAGGER = 3 * ALIGNMENT;

export class Arena {
  readonly #buffer: ArrayBufferLike | null;
  readonly #dtype: DType;
  #bytes = ALIGNMENT; // address 0 stays unused: a wrong null pointer then hits nothing

  /** @param buffer memory to hand out; null: only count. */
  constructor(dtype: DType, buffer: ArrayBufferLike | null) {
    this.#dtype = dtype;
    this.#buffer = buffer;
  }

  /** Bytes handed out so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** An array of the arena's element type. */
  floats(length: number): FloatArray {
    if (this.#dtype === 'float64') return this.doubles(length);
    const offset = this.#take(length * 4);
    return this.#buffer ? new Float32Array(this.#buffer, offset, length) : new Float32Array(0);
  }

  doubles(length: number): Float64Array {
    const offset = this.#take(length * 8);
    return this.#buffer ? new Float64Array(this.#buffer, offset, length) : new Float64Array(0);
  }

  ints(length: number): Int32Array {
    const offset = this.#take(length * 4);
    return this.#buffer ? new Int32Array(this.#buffer, offset, length) : new Int32Array(0);
  }

  bytesArray(length: number): Uint8Array {
    const offset = this.#take(length);
    return this.#buffer ? new Uint8Array(this.#buffer, offset, length) : new Uint8Array(0);
  }

  #take(bytes: number): number {
    const offset = this.#bytes;
    this.#bytes += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT + STAGGER;
    return offset;
  }
}
