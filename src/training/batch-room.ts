/** Where samples and targets are put for the workers: memory that threads share, used again for the next batch. */
import type { Targets } from '../losses/loss.ts';
import { allocate, newBuffer } from '../tensor/memory.ts';

/**
 * Memory for one batch after the other, of a stream or of calls of `predict`: each is written over the one before, which the workers
 * no longer need. New shared memory for each batch would be freed late, since every thread has to drop it first: gigabytes, for photos.
 * It would also be slow, since the system gives new memory page by page: 5 ms for eight photos, which MobileNetV2 predicts in 120 ms.
 */
export class BatchRoom {
  #memory: Float32Array | null = null;

  get length(): number {
    return this.#memory?.length ?? 0;
  }

  take(length: number, shared: boolean): Float32Array {
    if (!this.#memory || this.#memory.length < length || isShared(this.#memory) !== shared) {
      // allocate() gives a Float32Array for its default dtype, which its return type doesn't say.
      this.#memory = allocate(length, { shared }) as Float32Array;
    }
    return this.#memory.subarray(0, length);
  }
}

/** A room of more numbers than this (16 MiB) is freed when its call ends. */
const MOST_KEPT = 2 ** 22;

/** A room that is kept between calls. One call at a time has it; another call at the same time gets a new one. */
export class LentRoom {
  #room: BatchRoom | null = null;

  async lend<T>(work: (room: BatchRoom) => Promise<T>): Promise<T> {
    const room = this.#room ?? new BatchRoom();
    this.#room = null;
    try {
      return await work(room);
    } finally {
      if (room.length <= MOST_KEPT) this.#room = room;
    }
  }
}

/** Room for samples, and for targets that are rows. */
export interface BatchRooms {
  readonly x: BatchRoom;
  readonly y?: BatchRoom;
}

/**
 * The numbers as float32, in shared memory if threads are to see them. This is always a copy, so that changes to the user's array during
 * the call have no effect, with threads or without. Only float32 that is in shared memory already is read in place.
 */
export function place(
  data: Float32Array | Float64Array,
  shared: boolean,
  room = new BatchRoom(),
): Float32Array {
  if (data instanceof Float32Array && isShared(data)) return data;
  const placed = room.take(data.length, shared);
  placed.set(data);
  return placed;
}

/** Bytes, likewise. */
export function placeBytes(data: Uint8Array, shared: boolean): Uint8Array {
  if (isShared(data)) return data;
  const placed = new Uint8Array(newBuffer(data.length, shared));
  placed.set(data);
  return placed;
}

/** Class numbers, likewise. */
export function placeClasses(data: Int32Array, shared: boolean): Targets {
  if (!shared) return data;
  const placed = new Int32Array(newBuffer(data.byteLength, true));
  placed.set(data);
  return placed;
}

function isShared(data: ArrayBufferView): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && data.buffer instanceof SharedArrayBuffer;
}
