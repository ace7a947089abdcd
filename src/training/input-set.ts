/** Samples as a data set without targets, as predictions take them. */
import { expectMemory } from '../checks/detached.ts';
import { ByteImages } from '../tensor/byte-images.ts';
import type { Shape } from '../tensor/tensor.ts';
import { type BatchRoom, place, placeBytes } from './batch-room.ts';
import { checkFinite, expectRows, type Samples, toRows } from './inputs.ts';
import type { DataSet } from './session/job.ts';

const ALONE = { targets: null, weights: null, cache: null };

/**
 * Checks samples of this shape, and copies them to where the workers see them.
 * @param room memory to use again for this batch or call. Default: new memory
 * @throws RangeError naming the operation and the shapes where something doesn't fit.
 */
export function toInputs(
  operation: string,
  x: Samples,
  shape: Shape,
  shared: boolean,
  room?: BatchRoom,
): DataSet {
  if (x instanceof ByteImages) {
    expectRows(operation, 'x', x.shape, shape);
    expectMemory(operation, 'x', x);
    return { samples: x.shape[0], x: placeBytes(x.data, shared), ...ALONE };
  }
  const inputs = toRows(operation, 'x', x, shape);
  // ReLU turns NaN into 0, so the loss would not tell.
  checkFinite(operation, 'x', inputs);
  return { samples: inputs.shape[0], x: place(inputs.data, shared, room), ...ALONE };
}
