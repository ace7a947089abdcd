/** Class numbers as rows of 0 and 1, as Keras' `to_categorical`. */

import { describe } from '../checks/describe.ts';
import { expectMemory } from '../checks/detached.ts';
import { noMoreArguments } from '../checks/options.ts';
import { positiveInteger } from '../checks/values.ts';
import { obtain } from './memory.ts';
import { Tensor } from './tensor.ts';

/**
 * One-hot rows: a 1 at the place of the class, 0 elsewhere.
 *
 *     toCategorical([0, 2]);    // [[1, 0, 0], [0, 0, 1]]
 *     toCategorical([0, 2], 5); // rows of five
 *
 * @param labels class numbers: an array, a typed array, or a tensor of shape [n] or [n, 1]
 * @param classes how many there are. Default: the largest label and one, as in Keras.
 * @returns [n, classes]
 * @throws TypeError where labels are no numbers; RangeError where one isn't an integer from 0 to classes − 1.
 */
export function toCategorical(labels: ArrayLike<number> | Tensor, classes?: number): Tensor<Float32Array> {
  noMoreArguments('toCategorical', arguments, 2);
  const given: unknown = labels instanceof Tensor ? labels.data : labels;
  if (labels instanceof Tensor && !(labels.rank === 1 || (labels.rank === 2 && labels.shape[1] === 1))) {
    throw new RangeError(`toCategorical: labels must have shape [n] or [n, 1], got [${labels.shape}]`);
  }
  if (!Array.isArray(given) && !(ArrayBuffer.isView(given) && 'length' in given)) {
    throw new TypeError(`toCategorical: labels must be an array of class numbers, got ${describe(given)}`);
  }
  expectMemory('toCategorical', 'labels', given);
  if (classes !== undefined) positiveInteger('toCategorical', 'classes', classes);
  const numbers = given as ArrayLike<number>;
  let largest = -1;
  for (let n = 0; n < numbers.length; n++) {
    const label = numbers[n];
    if (!Number.isInteger(label) || label < 0) {
      throw new RangeError(`toCategorical: labels must be integers ≥ 0, got ${describe(label)} at ${n}`);
    }
    if (classes !== undefined && label >= classes) {
      throw new RangeError(
        `toCategorical: labels must be below classes: expected 0 to ${classes - 1}, got ${label} at ${n}`,
      );
    }
    largest = Math.max(largest, label);
  }
  if (classes === undefined && largest < 0) {
    throw new RangeError('toCategorical: without labels, classes must be given: toCategorical([], 10)');
  }
  const count = classes ?? largest + 1;
  const size = numbers.length * count;
  const what = `toCategorical: ${numbers.length} rows of ${count} classes`;
  const rows = obtain(what, 4 * size, () => new Float32Array(size));
  for (let n = 0; n < numbers.length; n++) rows[n * count + numbers[n]] = 1;
  return new Tensor(rows, [numbers.length, count]);
}
