/** Samples and targets of one call, or of one batch, as the workers take them. */
import { type Loss, targetSize } from '../losses/loss.ts';
import type { Shape } from '../tensor/tensor.ts';
import { type BatchRooms, place, placeClasses } from './batch-room.ts';
import { toInputs } from './input-set.ts';
import type { Samples, TargetValues } from './inputs.ts';
import type { DataSet } from './session/job.ts';
import { toClasses, toTargetRows } from './targets.ts';

/**
 * Checks samples and targets, and copies them to where the workers see them.
 * @param rooms memory to use again for this batch or call. Default: new memory
 * @throws RangeError naming the operation and the shapes where something doesn't fit.
 */
export function toDataSet(
  operation: string,
  x: Samples,
  y: TargetValues | null,
  shapes: { input: Shape; output: Shape },
  loss: Loss,
  shared: boolean,
  rooms?: BatchRooms,
): DataSet {
  const data = toInputs(operation, x, shapes.input, shared, rooms?.x);
  const { samples } = data;
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
