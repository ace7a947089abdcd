/** Targets as users hand them in, checked against the loss: a row of numbers per sample, or class numbers. */

import { describe } from '../checks/describe.ts';
import { advice } from '../checks/suggest.ts';
import { type Loss, rowSize, targetSize } from '../losses/loss.ts';
import { isNumberArray } from '../tensor/nested.ts';
import { type Shape, sizeOf, Tensor } from '../tensor/tensor.ts';
import { checkFinite, expectRows, type TargetValues, toRows, toTensor } from './inputs.ts';

/** @throws TypeError where y is missing: x came alone, or both came in one array or object. */
export function expectTargets(operation: string, x: unknown, y: unknown): void {
  if (y !== undefined && y !== null) return;
  if (x === undefined || x === null)
    throw new TypeError(`${operation}: x is missing: ${operation}(x, y, { … })`);
  const both = Array.isArray(x) ? ': batches of [x, y] come from a function or a generator' : '';
  throw new TypeError(
    `${operation}: y is missing: expected one target per sample, ${operation}(x, y, { … }), got x alone, ${describe(x)}${both}`,
  );
}

/** Rows in the shape of the outputs. @throws RangeError where they have another, or the loss takes other numbers. */
export function toTargetRows(
  operation: string,
  y: TargetValues,
  shape: Shape,
  samples: number,
  loss: Loss,
): Tensor {
  const C = sizeOf(shape);
  const given = isNumberArray(y) || typeof y === 'number' ? y : toTensor(operation, 'y', y);
  const count = given instanceof Tensor ? given.size : isNumberArray(given) ? given.length : 1;
  if (C > 1 && samples > 0 && count === samples && typeof given !== 'number') {
    const word = loss.folds === 'softmax' ? 'rows' : '';
    const right = advice(shape.length > 1 ? 'places' : word);
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

/** Class numbers: one per sample, or one per place of the output. @throws RangeError where there are none of these. */
export function toClasses(
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
  if (each > 1 && samples > 0 && flat.length === samples) {
    throw new RangeError(
      `${operation}: y must hold ${each} class numbers per sample for ${loss.name}, got one number per sample${advice('places')}`,
    );
  }
  // Class numbers of an image are [n, height, width], or [n, height, width, 1]; [n, places] is flat.
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

/** The range that the loss allows: a share of a class isn't negative, for example. */
function checkTargets(operation: string, { data, shape }: Tensor, { name, targetRange }: Loss): void {
  if (!targetRange) return;
  const [least, most] = targetRange;
  const i = data.findIndex((t: number) => !(t >= least && t <= most));
  if (i < 0) return;
  const range = most === Number.POSITIVE_INFINITY ? `at least ${least}` : `from ${least} to ${most}`;
  const sample = Math.floor(i / (data.length / shape[0]));
  throw new RangeError(`${operation}: y must be ${range} for ${name}, got ${data[i]} in sample ${sample}`);
}
