/** What users hand in, as the arrays that training works on; checked here, once. */

import { describe } from '../checks/describe.ts';
import { expectMemory } from '../checks/detached.ts';
import { type Loss, rowSize, type Targets, targetSize } from '../losses/loss.ts';
import { ByteImages } from '../tensor/byte-images.ts';
import { firstNotFinite } from '../tensor/finite.ts';
import { fillFromNested, isDense, isNumberArray, shapeOfNested, type TensorLike } from '../tensor/nested.ts';
import { allocate, newBuffer, type Shape, sameShape, sizeOf, Tensor } from '../tensor/tensor.ts';
import type { DataSet } from './session/job.ts';

/**
 * Samples: a tensor, nested arrays, an array with one typed array or tensor per sample, one flat typed array whose length is
 * a multiple of a sample's, or images that stay bytes.
 */
export type Samples = Tensor | TensorLike | ByteImages;

/** Targets: a tensor or arrays, with a row a sample, or class numbers (for sparse categorical cross-entropy). */
export type TargetValues = Tensor | TensorLike;

/**
 * Memory in which one batch is after the other, of a stream or of calls of `predict`: each is written over the one before, with which
 * the workers are done. New shared memory for each would be let go late, since every thread has to forget it first: gigabytes, of batches
 * of photos. And the system would give it page by page: 5 ms for eight photos, of the 120 that MobileNetV2 takes for them.
 */
export class BatchRoom {
  #memory: Float32Array | null = null;

  get length(): number {
    return this.#memory?.length ?? 0;
  }

  take(length: number, shared: boolean): Float32Array {
    if (!this.#memory || this.#memory.length < length || isShared(this.#memory) !== shared) {
      // allocate() gives a Float32Array for its default dtype; its type doesn't tell.
      this.#memory = allocate(length, { shared }) as Float32Array;
    }
    return this.#memory.subarray(0, length);
  }
}

/** The most numbers for which a room is kept from one call to the next: 16 MiB. */
const MOST_KEPT = 2 ** 22;

/** A room that one call has at a time; whoever calls meanwhile gets another. */
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
 * @throws TypeError where samples came without their targets: x alone, or both in one array or object.
 */
export function expectTargets(operation: string, x: unknown, y: unknown): void {
  if (y !== undefined && y !== null) return;
  if (x === undefined || x === null)
    throw new TypeError(`${operation}: x is missing: ${operation}(x, y, { … })`);
  const both = Array.isArray(x) ? ': batches of [x, y] come from a function or a generator' : '';
  throw new TypeError(
    `${operation}: y is missing: expected one target per sample, ${operation}(x, y, { … }), got x alone, ${describe(x)}${both}`,
  );
}

/**
 * Checks samples and targets and copies them to where the workers see them; float32 in shared memory already exists.
 * @param loss null: predictions, without targets.
 * @param rooms that serve one batch or call after the other; undefined: memory of its own
 * @throws RangeError naming the operation and the shapes where something doesn't fit.
 */
export function toDataSet(
  operation: string,
  x: Samples,
  y: TargetValues | null,
  shapes: { input: Shape; output: Shape },
  loss: Loss | null,
  shared: boolean,
  rooms?: BatchRooms,
): DataSet {
  const data = { ...toInputs(operation, x, shapes.input, shared, rooms?.x), weights: null, cache: null };
  const { samples } = data;
  if (!loss) return { ...data, targets: null };
  if (y === null) throw new TypeError(`${operation}: y is missing: expected one target per sample, got null`);
  const targets =
    loss.targetKind === 'classes'
      ? placeClasses(toClasses(operation, y, shapes.output, samples, loss), shared)
      : place(toTargetRows(operation, y, shapes.output, samples, loss).data, shared, rooms?.y);
  const count = targets.length / targetSize(loss, shapes.output);
  if (count !== samples) {
    throw new RangeError(`${operation}: x and y must have as many samples, got ${samples} and ${count}`);
  }
  return { ...data, targets };
}

function toInputs(
  operation: string,
  x: Samples,
  shape: Shape,
  shared: boolean,
  room?: BatchRoom,
): Pick<DataSet, 'samples' | 'x'> {
  if (x instanceof ByteImages) {
    expectRows(operation, 'x', x.shape, shape);
    expectMemory(operation, 'x', x);
    return { samples: x.shape[0], x: placeBytes(x.data, shared) };
  }
  const inputs = toRows(operation, 'x', x, shape);
  // ReLU turns NaN into 0, so the loss would not tell.
  checkFinite(operation, 'x', inputs);
  return { samples: inputs.shape[0], x: place(inputs.data, shared, room) };
}

/** The shape of one sample of `x`, without the batch. */
export function sampleShape(operation: string, x: Samples): Shape {
  if (x instanceof ByteImages) return x.shape.slice(1);
  if (isNumberArray(x)) {
    throw new TypeError(
      `${operation}: a flat array has no shape: give a tensor, or give the first layer an inputShape`,
    );
  }
  return shapeOfNested(operation, 'x', x).slice(1);
}

function toRows(operation: string, name: string, values: TargetValues, shape: Shape): Tensor {
  const size = sizeOf(shape);
  if (isNumberArray(values)) {
    if (size === 0 || values.length % size !== 0) {
      throw new RangeError(
        `${operation}: ${name} must hold whole samples of ${size} numbers, got ${values.length} numbers`,
      );
    }
    const data = values instanceof Float32Array ? values : new Float32Array(values);
    return new Tensor(data, [values.length / size, ...shape]);
  }
  if (typeof values === 'number') {
    throw new TypeError(`${operation}: ${name} must be a tensor or an array of samples, got ${values}`);
  }
  const rows = toTensor(operation, name, values);
  // No samples at all is a shape of its own: [] says nothing of the rest.
  if (rows.size === 0) return new Tensor(new Float32Array(0), [0, ...shape]);
  // One flat typed array per sample says no shape either, so the model's counts.
  const isFlat = Array.isArray(values) && isNumberArray(values[0]);
  if (isFlat && rows.size === rows.shape[0] * size) return rows.reshape([rows.shape[0], ...shape]);
  expectRows(operation, name, rows.shape, shape);
  return rows;
}

function expectRows(operation: string, name: string, rows: Shape, shape: Shape): void {
  if (rows.length > 0 && sameShape(rows.slice(1), shape)) return;
  throw new RangeError(
    `${operation}: ${name} must have shape [n, ${shape.join(', ')}], got [${rows.join(', ')}]${shapeHint(shape, rows)}`,
  );
}

/** What makes samples of this shape of those that came; nothing where that can't be told. */
function shapeHint(shape: Shape, got: Shape): string {
  const sample = got.slice(1);
  if (sameShape(got, shape))
    return `: one sample alone is a batch of one: x.reshape([1, ${shape.join(', ')}])`;
  if (sizeOf(sample) === sizeOf(shape)) {
    const isTurned = shape.length === 3 && sameShape([...sample.slice(1), sample[0]], shape);
    return isTurned
      ? ': images are channels last, [height, width, channels]'
      : `: the numbers are as many: x.reshape([-1, ${shape.join(', ')}])`;
  }
  if (shape.length !== 3 || sample.length !== 3) return '';
  if (sample[2] === shape[2]) return `: resizeImage(x, { size: [${shape[0]}, ${shape[1]}] }) makes it fit`;
  return '';
}

/** A tensor of whatever holds numbers. @throws TypeError or RangeError as shapeOfNested and fillFromNested do. */
function toTensor(operation: string, name: string, values: TargetValues): Tensor {
  if (isDense(values)) return values instanceof Tensor ? values : new Tensor(values.data, values.shape);
  const shape = shapeOfNested(operation, name, values);
  const data = allocate(sizeOf(shape));
  fillFromNested(operation, name, values, shape, data);
  return new Tensor(data, shape);
}

function toTargetRows(operation: string, y: TargetValues, shape: Shape, samples: number, loss: Loss): Tensor {
  const C = sizeOf(shape);
  const given = isNumberArray(y) || typeof y === 'number' ? y : toTensor(operation, 'y', y);
  const count = given instanceof Tensor ? given.size : isNumberArray(given) ? given.length : 1;
  if (C > 1 && samples > 0 && count === samples && typeof given !== 'number') {
    const right = loss.folds === 'softmax' ? ': use sparseCategoricalCrossentropy, or one-hot rows' : '';
    throw new RangeError(
      `${operation}: y must hold a row of ${C} numbers per sample for ${loss.name}, got one number per sample${right}`,
    );
  }
  // One number per sample may come without its own brackets, as Keras takes it.
  const isColumn = given instanceof Tensor && given.rank === 1 && shape.length === 1 && C === 1;
  const rows = toRows(operation, 'y', isColumn ? given.reshape([given.size, 1]) : given, shape);
  checkFinite(operation, 'y', rows);
  checkTargets(operation, rows, loss);
  return rows;
}

function checkFinite(operation: string, name: string, { data, shape }: Tensor): void {
  const i = firstNotFinite(data);
  if (i < 0) return;
  const sample = Math.floor(i / (data.length / shape[0]));
  throw new RangeError(`${operation}: ${name} must be finite numbers, got ${data[i]} in sample ${sample}`);
}

/** What a loss says of its targets: a share of a class isn't negative. */
function checkTargets(operation: string, { data, shape }: Tensor, { name, targetRange }: Loss): void {
  if (!targetRange) return;
  const [least, most] = targetRange;
  const i = data.findIndex((t: number) => !(t >= least && t <= most));
  if (i < 0) return;
  const range = most === Number.POSITIVE_INFINITY ? `at least ${least}` : `from ${least} to ${most}`;
  const sample = Math.floor(i / (data.length / shape[0]));
  throw new RangeError(`${operation}: y must be ${range} for ${name}, got ${data[i]} in sample ${sample}`);
}

function toClasses(
  operation: string,
  values: TargetValues,
  shape: Shape,
  samples: number,
  loss: Loss,
): Int32Array {
  const given = isNumberArray(values) ? values : toTensor(operation, 'y', values);
  const flat: ArrayLike<number> = given instanceof Tensor ? given.data : given;
  const classes = rowSize(loss, shape);
  const each = targetSize(loss, shape);
  if (classes > 1 && samples > 0 && flat.length === samples * each * classes) {
    throw new RangeError(
      `${operation}: y must hold class numbers for ${loss.name}, got rows of ${classes} numbers: use categoricalCrossentropy`,
    );
  }
  // Of an image [n, height, width], each of which may have brackets of its own; [n, places] is flat.
  if (given instanceof Tensor && given.rank > 2) {
    expectRows(operation, 'y', given.shape.slice(0, shape.length), shape.slice(0, -1));
  }
  const numbers = Int32Array.from(flat);
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] !== flat[i] || numbers[i] < 0 || numbers[i] >= classes) {
      throw new RangeError(
        `${operation}: y must hold class numbers from 0 to ${classes - 1}, got ${flat[i]} for sample ${Math.floor(i / each)}`,
      );
    }
  }
  return numbers;
}

/**
 * float32, in shared memory on request. Always a copy, so that what users do to their arrays while the model works counts
 * as little without threads as with them; except for float32 that is in shared memory already, which both read in place.
 */
function place(data: Float32Array | Float64Array, shared: boolean, room = new BatchRoom()): Float32Array {
  if (data instanceof Float32Array && isShared(data)) return data;
  const placed = room.take(data.length, shared);
  placed.set(data);
  return placed;
}

/** The same for bytes. */
function placeBytes(data: Uint8Array, shared: boolean): Uint8Array {
  if (isShared(data)) return data;
  const placed = new Uint8Array(newBuffer(data.length, shared));
  placed.set(data);
  return placed;
}

function placeClasses(data: Int32Array, shared: boolean): Targets {
  if (!shared) return data;
  const placed = new Int32Array(new SharedArrayBuffer(data.byteLength));
  placed.set(data);
  return placed;
}

function isShared(data: ArrayBufferView): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && data.buffer instanceof SharedArrayBuffer;
}
