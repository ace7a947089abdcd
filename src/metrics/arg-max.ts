/** The place of the largest number, as Keras' and TensorFlow.js' argmax, along the last dimension. */
import { describe } from '../checks/describe.ts';
import { expectMemory } from '../checks/detached.ts';
import { noMoreArguments } from '../checks/options.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { argmaxOfRows } from './accuracy.ts';

/**
 * For each row of the last dimension the place of its largest number; of equal ones the first.
 *
 *     const classes = argMax(await model.predict(x)); // [n, 10] → n class numbers
 *
 * TensorFlow.js' `tf.argMax` works along the first dimension by default. Here it is always the last one.
 * @returns as many numbers as there are rows: n of a tensor [n, classes], one of [classes]
 * @throws TypeError where this is no tensor; RangeError where it has no dimension or an empty last one, or another axis is asked for.
 */
export function argMax(tensor: Tensor, axis = -1): Int32Array {
  noMoreArguments('argMax', arguments, 2);
  if (!Array.isArray(tensor?.shape) || !ArrayBuffer.isView(tensor.data)) {
    throw new TypeError(
      `argMax: expected a tensor, got ${describe(tensor)}: tensor([[0.1, 0.9]]) makes one of nested arrays`,
    );
  }
  expectMemory('argMax', 'the tensor', tensor);
  const { shape, data, rank } = tensor;
  if (axis !== -1 && axis !== rank - 1) {
    throw new RangeError(
      `argMax: axis must be the last one: expected -1 or ${rank - 1}, got ${describe(axis)}`,
    );
  }
  const C = shape[rank - 1] ?? 0;
  if (C === 0) throw new RangeError(`argMax: the last dimension must not be empty, got shape [${shape}]`);
  return argmaxOfRows(data, C);
}
