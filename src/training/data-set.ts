/** Samples and targets of one call, or of one batch, as the workers take them. */
import { expectMemory } from '../checks/detached.ts';
import { type Loss, targetSize } from '../losses/loss.ts';
import { ByteImages } from '../tensor/byte-images.ts';
import type { Shape } from '../tensor/tensor.ts';
import { type BatchRoom, type BatchRooms, place, placeBytes, placeClasses } from './batch-room.ts';
import { checkFinite, expectRows, type Samples, type TargetValues, toRows } from './inputs.ts';
import type { DataSet } from './session/job.ts';
import { toClasses, toTargetRows } from './targets.ts';

/**
 * Checks samples and targets, and copies them to where the workers see them.
 * @param loss null for predictions, which have no targets
 * @param rooms memory to use again for this batch or call. Default: new memory
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
    throw new RangeError(
      `${operation}: x and y must have the same number of samples, got ${samples} and ${count}`,
    );
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
