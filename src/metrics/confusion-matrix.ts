/** `confusionMatrix`: which classes a model takes for which. */
import { describe } from '../checks/describe.ts';
import { expectMemory } from '../checks/detached.ts';
import { noMoreArguments } from '../checks/options.ts';
import { positiveInteger } from '../checks/values.ts';
import { isDense, isNumberArray, type NumberArray } from '../tensor/nested.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { argmaxOfRows } from './accuracy.ts';
import { countConfusions } from './confusion.ts';

/** One class number per sample; or one row per sample, [n, classes], whose largest number is the class. */
export type Classes = Tensor | NumberArray | readonly number[];

/**
 * How many samples of each class the model took for which class: counts[label][predicted]. Right answers are on the diagonal.
 *
 *     const counts = confusionMatrix(test.y, await model.predict(test.x));
 *     counts[4][9]; // so many fours were taken for nines
 *
 * Rows are the true classes, as in TensorFlow's and scikit-learn's functions of this name. Of equal predictions the first counts, as
 * in `accuracy`.
 * @param labels what the samples are
 * @param predictions what the model says they are
 * @param classes how many there are. Default: those of the rows [n, classes]; where there are none, the largest number and one.
 * @throws TypeError for what are no classes; RangeError where the numbers of samples or of classes differ, or a class number isn't an
 *   integer from 0 to classes − 1.
 */
export function confusionMatrix(labels: Classes, predictions: Classes, classes?: number): number[][] {
  noMoreArguments(WHERE, arguments, 3, 'confusionMatrix(labels, predictions, classes)');
  if (classes !== undefined) positiveInteger(WHERE, 'classes', classes);
  const given = { labels: read('labels', labels), predictions: read('predictions', predictions) };
  const N = given.labels.numbers.length;
  if (given.predictions.numbers.length !== N) {
    throw new RangeError(
      `${WHERE}: labels and predictions must be as many, got ${N} and ${given.predictions.numbers.length}`,
    );
  }
  const K = classes ?? countClasses(given);
  for (const [name, { numbers, width }] of Object.entries(given)) {
    if (width !== null && width !== K) {
      throw new RangeError(`${WHERE}: ${name} must have rows of ${K} classes, got ${width}`);
    }
    const wrong = numbers.findIndex((k) => !(Number.isInteger(k) && k >= 0 && k < K));
    if (wrong >= 0) throw new RangeError(notClass(name, numbers[wrong], K));
  }
  if (K > MOST_CLASSES) {
    throw new RangeError(`${WHERE}: expected at most ${MOST_CLASSES} classes, got ${K}`);
  }
  return countConfusions(given.labels.numbers, given.predictions.numbers, K);
}

const WHERE = 'confusionMatrix';
/** As many squared are counted; a number that is no class, such as an id, would fill the memory. */
const MOST_CLASSES = 10_000;

/** The class of each sample. */
interface ClassNumbers {
  readonly numbers: readonly number[];
  /** Classes of a row; null where the numbers came as such. */
  readonly width: number | null;
}

function read(name: string, given: unknown): ClassNumbers {
  expectMemory(WHERE, name, given);
  if (isDense(given)) {
    const { data, shape } = given;
    if (shape.length === 1 || (shape.length === 2 && shape[1] === 1)) {
      return { numbers: Array.from(data), width: null };
    }
    if (shape.length !== 2 || shape[1] === 0) {
      throw new RangeError(`${WHERE}: ${name} must have shape [n] or [n, classes], got [${shape}]`);
    }
    return { numbers: Array.from(argmaxOfRows(data, shape[1])), width: shape[1] };
  }
  if (isNumberArray(given)) return { numbers: Array.from(given), width: null };
  if (Array.isArray(given) && !Array.isArray(given[0])) return { numbers: Array.from(given), width: null };
  const right = Array.isArray(given) ? ': tensor(rows) makes a tensor of rows' : '';
  throw new TypeError(
    `${WHERE}: ${name} must be class numbers or a tensor of rows, got ${describe(given)}${right}`,
  );
}

function notClass(name: string, got: number, K: number): string {
  const isProbability = got > 0 && got < 1;
  const right = isProbability
    ? ': of probabilities make class numbers, predictions.data.map(Math.round)'
    : '';
  return `${WHERE}: ${name} must be integers from 0 to ${K - 1}, got ${describe(got)}${right}`;
}

/** The number of classes: as a row has numbers, else as the largest class number says. */
function countClasses({ labels, predictions }: Record<'labels' | 'predictions', ClassNumbers>): number {
  const width = predictions.width ?? labels.width;
  if (width !== null) return width;
  const all = [...labels.numbers, ...predictions.numbers];
  if (all.length === 0) throw new RangeError(`${WHERE}: without samples, classes must be given`);
  return all.reduce((most, k) => (k > most ? Math.floor(k) : most), 0) + 1;
}
