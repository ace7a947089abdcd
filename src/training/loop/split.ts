/** `validationSplit`: the last samples are kept from training, to validate on. */
import { advice } from '../../checks/suggest.ts';
import type { Loss, Targets } from '../../losses/loss.ts';
import type { DataSet } from '../session/job.ts';
import { classesOf } from '../weights.ts';

/**
 * Keras' rule: the samples from floor(n·(1 − split)) on validate, in the order in which they came; nothing is shuffled
 * before. Both parts are views of the same numbers. Warns where a class is in one part only, as in data that is ordered by
 * class.
 * @param C numbers that are one row for the loss
 * @throws RangeError where a part would be empty.
 */
export function splitData(
  data: DataSet,
  split: number,
  C: number,
  loss: Loss,
): [train: DataSet, test: DataSet] {
  const { samples } = data;
  const at = Math.floor(samples * (1 - split));
  if (at === 0 || at === samples) {
    throw new RangeError(
      `fit: validationSplit must leave samples in both parts: ${split} of ${samples} leaves ${at} to train on ` +
        `and ${samples - at} to validate on`,
    );
  }
  const parts: [DataSet, DataSet] = [part(data, 0, at), part(data, at, samples)];
  warnOfMissing(parts, C, loss);
  return parts;
}

function part({ samples, x, targets, weights }: DataSet, from: number, to: number): DataSet {
  const rows = <T extends NonNullable<Targets> | Uint8Array>(all: T): T => {
    const size = all.length / samples;
    return all.subarray(from * size, to * size) as T; // a view is of its array's kind
  };
  return {
    samples: to - from,
    x: rows(x),
    targets: targets && rows(targets),
    weights: weights && rows(weights),
    cache: null,
  };
}

function warnOfMissing(parts: readonly DataSet[], C: number, loss: Loss): void {
  const sets = parts.map(({ targets }) => {
    const classes = targets && isClassifier(C, loss) ? classesOf(targets, C, loss) : null;
    return new Set(classes ?? []);
  });
  const [train, test] = sets;
  const missing = (from: Set<number>, among: Set<number>): number[] =>
    [...among].filter((k) => !from.has(k)).sort((a, b) => a - b);
  const untrained = missing(train, test);
  const untested = missing(test, train);
  if (untrained.length + untested.length === 0) return;
  const says = [
    untrained.length > 0 && `no sample of class ${untrained.join(', ')} to train on`,
    untested.length > 0 && `none of class ${untested.join(', ')} to validate on`,
  ].filter((part) => part !== false);
  console.warn(
    `fit: validationSplit takes the last samples in the order given, which leaves ${says.join(' and ')}${advice('validationSplit')}`,
  );
}

/** Its targets are classes; those of a mean squared error are not. */
const isClassifier = (C: number, { targetKind, folds }: Loss): boolean =>
  targetKind === 'classes' || folds === 'softmax' || (folds === 'sigmoid' && C === 1);
