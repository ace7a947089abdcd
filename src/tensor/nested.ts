/**
 * Numbers as people hand them in: nested arrays, typed arrays, tensors, and arrays of these. Whatever isn't a number is
 * refused with its place, and what would make it one.
 */
import { describe } from '../checks/describe.ts';
import { isGone, whereItWent } from '../checks/detached.ts';
import { arrayKind } from '../checks/realms.ts';
import { advice } from '../checks/suggest.ts';

/** A typed array of numbers. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/** A tensor's numbers and shape, of whatever copy of degelo. */
export interface DenseArray {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** Numbers nested as deep as a shape is long; a row may be a typed array, or a tensor. */
export type TensorLike = number | NumberArray | DenseArray | readonly TensorLike[];

/** Whether a value is a typed array of numbers, with its memory: not of BigInts, and no DataView. */
export function isNumberArray(value: unknown): value is NumberArray {
  const kind = arrayKind(value);
  return kind !== '' && !kind.startsWith('Big') && !isGone(value as ArrayBufferView); // it has a kind
}

/** Whether these are numbers as tensors have them, and no Proxy around such. */
export function isFloats(data: unknown): data is Float32Array | Float64Array {
  return /^Float(32|64)/.test(arrayKind(data));
}

/** Whether a value is a tensor with all its numbers, of this copy of degelo or another. What has strides, as ndarrays have, is none. */
export function isDense(value: unknown): value is DenseArray {
  if (typeof value !== 'object' || value === null || !('data' in value && 'shape' in value)) return false;
  if ('stride' in value || 'strides' in value || 'offset' in value) return false;
  const { data, shape } = value;
  if (!isFloats(data) || isGone(data) || !Array.isArray(shape)) return false;
  return data.length === shape.reduce((size, d) => size * d, 1);
}

/** The deepest nesting: no tensor needs it, and an array that holds itself has no end. */
const DEEPEST = 32;

/**
 * The shape that these values are nested in, judged by the first of each level.
 * @param where the function, and `what` the argument, for messages
 * @throws TypeError where the first of a level is no number and holds none; RangeError for an array that holds itself.
 */
export function shapeOfNested(where: string, what: string, values: unknown): number[] {
  const shape: number[] = [];
  let level = values;
  while (Array.isArray(level)) {
    if (shape.length === DEEPEST) {
      throw new RangeError(
        `${where}: ${what} must be nested at most ${DEEPEST} deep, got more: does it hold itself?`,
      );
    }
    shape.push(level.length);
    if (level.length === 0) return shape;
    level = level[0];
  }
  if (typeof level === 'number') return shape;
  if (isNumberArray(level)) return [...shape, level.length];
  if (isDense(level)) return [...shape, ...level.shape];
  throw notNumbers(where, what + '[0]'.repeat(shape.length), level);
}

/**
 * Writes the values, row by row.
 * @param shape as shapeOfNested gave it
 * @param target has room for all of them
 * @throws RangeError where a branch has another shape than the first, TypeError for what is no number.
 */
export function fillFromNested(
  where: string,
  what: string,
  values: unknown,
  shape: readonly number[],
  target: Float32Array | Float64Array,
): void {
  let at = 0;
  const walk = (level: unknown, depth: number, path: string): void => {
    if (typeof level === 'number' && depth === shape.length) {
      target[at++] = level;
      return;
    }
    const isBranch = Array.isArray(level);
    if (!isBranch && !isNumberArray(level) && !isDense(level) && typeof level !== 'number') {
      throw notNumbers(where, path, level);
    }
    const got = isBranch ? [level.length] : shapeOfNested(where, path, level);
    const expected = isBranch ? shape.slice(depth, depth + 1) : shape.slice(depth);
    if (got.length !== expected.length || got.some((size, d) => size !== expected[d])) {
      throw ragged(where, path, shape.slice(depth), level);
    }
    if (!isBranch) {
      const numbers = isDense(level) ? level.data : (level as NumberArray); // of the kinds that were tested
      target.set(numbers, at);
      at += numbers.length;
      return;
    }
    // Not for…of: a hole is a number that isn't there.
    for (let i = 0; i < level.length; i++) walk(level[i], depth + 1, `${path}[${i}]`);
  };
  walk(values, 0, what);
}

function ragged(where: string, path: string, expected: readonly number[], got: unknown): RangeError {
  const shape = expected.length === 0 ? 'a number' : `shape [${expected.join(', ')}]`;
  return new RangeError(
    `${where}: nested arrays must not be ragged: expected ${shape} at ${path}, got ${describe(got)}`,
  );
}

/** What is wrong with a value that is neither a number nor holds numbers, and how to make it one. */
function notNumbers(where: string, path: string, value: unknown): TypeError {
  const right = remedy(value);
  return new TypeError(
    `${where}: ${path} must be a number or hold numbers, got ${describe(value)}${right && `: ${right}`}`,
  );
}

/** How to make numbers of it; '' where that isn't known. */
export function remedy(value: unknown): string {
  return whereItWent(value) || advice(kindOf(value));
}

/** What it is, in a word of ours that `advice` knows. */
function kindOf(value: unknown): string {
  if (typeof value === 'string') return kindOfText(value);
  if (typeof value !== 'object' || value === null) return typeof value;
  if (arrayKind(value).startsWith('Big')) return 'bigArray';
  if (value instanceof DataView) return 'view';
  if (value instanceof ArrayBuffer) return 'buffer';
  if ('dataSync' in value) return 'otherTensor';
  if ('forEachAsync' in value) return 'otherDataset';
  if ('data' in value && 'width' in value && 'height' in value) return 'image';
  if ('stride' in value) return 'ndarray';
  if (value instanceof Set) return 'set';
  return Symbol.asyncIterator in value || 'next' in value ? 'oneByOne' : '';
}

/** A number in quotes, the name of a file, or that of a class. */
function kindOfText(text: string): string {
  if (text.trim() !== '' && Number.isFinite(Number(text))) return 'numberText';
  return /\.(jpe?g|png)$/i.test(text) ? 'imageFile' : 'classText';
}
