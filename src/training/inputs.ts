/** Samples and targets as users may hand them in, and their numbers as rows of one shape. */
import { advice } from '../checks/suggest.ts';
import { ByteImages } from '../tensor/byte-images.ts';
import { firstNotFinite } from '../tensor/finite.ts';
import { allocate } from '../tensor/memory.ts';
import { fillFromNested, isDense, isNumberArray, shapeOfNested, type TensorLike } from '../tensor/nested.ts';
import { type Shape, sameShape, sizeOf, Tensor } from '../tensor/tensor.ts';

/**
 * Samples: a tensor, nested arrays, an array with one typed array or tensor per sample, one flat typed array whose length is
 * a multiple of a sample's, or images that stay bytes.
 */
export type Samples = Tensor | TensorLike | ByteImages;

/** Targets: a tensor or arrays, with a row a sample, or class numbers (for sparse categorical cross-entropy). */
export type TargetValues = Tensor | TensorLike;

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

/** The numbers as a tensor [n, …shape]. @throws TypeError or RangeError where they aren't of that shape. */
export function toRows(operation: string, name: string, values: TargetValues, shape: Shape): Tensor {
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
  // [] says nothing of a sample's shape.
  if (rows.size === 0) return new Tensor(new Float32Array(0), [0, ...shape]);
  // Nor does a flat typed array per sample: it gets the model's shape.
  const isFlat = Array.isArray(values) && isNumberArray(values[0]);
  if (isFlat && rows.size === rows.shape[0] * size) return rows.reshape([rows.shape[0], ...shape]);
  expectRows(operation, name, rows.shape, shape);
  return rows;
}

/** @throws RangeError where `rows` isn't [n, …shape], with what would make it so. */
export function expectRows(operation: string, name: string, rows: Shape, shape: Shape): void {
  if (rows.length > 0 && sameShape(rows.slice(1), shape)) return;
  throw new RangeError(
    `${operation}: ${name} must have shape [n, ${shape.join(', ')}], got [${rows.join(', ')}]${shapeHint(name, shape, rows)}`,
  );
}

/** How to bring the given samples into this shape; '' where that isn't known. `tensor` takes what came, whatever it is. */
function shapeHint(name: string, shape: Shape, got: Shape): string {
  const sample = got.slice(1);
  const reshaped = (n: number): string => `tensor(${name}).reshape([${[n, ...shape].join(', ')}])`;
  if (sameShape(got, shape)) return `: one sample alone is a batch of one: ${reshaped(1)}`;
  if (sizeOf(sample) === sizeOf(shape)) {
    const isTurned = shape.length === 3 && sameShape([...sample.slice(1), sample[0]], shape);
    return isTurned ? advice('channelsFirst') : `: as many numbers in another shape: ${reshaped(-1)}`;
  }
  if (got[0] === 1 && sameShape(sample.slice(1), shape)) return advice('listOfOne');
  // The rows that a dense layer gives, of a model that gives them for each place of an image.
  if (name === 'y' && sample.length === 1 && sample[0] === shape.at(-1)) return advice('places');
  const isOtherSize = shape.length === 3 && sample.length === 3 && sample[2] === shape[2];
  return isOtherSize ? advice('otherSize') : '';
}

/** The numbers as a tensor. @throws TypeError or RangeError as shapeOfNested and fillFromNested do. */
export function toTensor(operation: string, name: string, values: TargetValues): Tensor {
  if (isDense(values)) return values instanceof Tensor ? values : new Tensor(values.data, values.shape);
  const shape = shapeOfNested(operation, name, values);
  const data = allocate(sizeOf(shape));
  fillFromNested(operation, name, values, shape, data);
  return new Tensor(data, shape);
}

/** @throws RangeError for the first number that is NaN or infinite. */
export function checkFinite(operation: string, name: string, { data, shape }: Tensor): void {
  const i = firstNotFinite(data);
  if (i < 0) return;
  const sample = Math.floor(i / (data.length / shape[0]));
  throw new RangeError(`${operation}: ${name} must be finite numbers, got ${data[i]} in sample ${sample}`);
}
