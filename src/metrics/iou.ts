/**
 * Intersection over union, the share of what either of two marks that both mark: the usual figure of a segmentation. Keras' MeanIoU, IoU and BinaryIoU.
 *
 *   iou[k] = right/(said + should − right + ε)      ε = 1e-7, counted over all pixels of all samples
 *   figure = the mean of iou[k] over the classes that are there: said or should
 */
import { describe } from '../checks/describe.ts';
import { knownOptions, type Settled } from '../checks/options.ts';
import { integerAtLeastZero, positiveInteger, zeroToOne } from '../checks/values.ts';
import { rowSize } from '../losses/loss.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { argmax } from './accuracy.ts';
import { choiceOf, type FigureNameOption } from './choice-of.ts';
import { type ClassCount, countClasses } from './class-counts.ts';
import { isYes, type Metric, type MetricConfig, type MetricContext } from './metric.ts';
import { probabilityOf } from './probability.ts';
import { ownMetric } from './registry.ts';

const EPSILON = 1e-7;

/** What `meanIoU` leaves out. */
export interface MeanIoUOptions {
  /** How many classes there are, if it is to be checked: the model's outputs. */
  numClasses?: number | undefined;
  /** Pixels that should be of this class don't count. Default: all count. */
  ignoreClass?: number | undefined;
}

/** Which classes `iou` looks at. */
export interface IoUOptions extends MeanIoUOptions {
  /** Their numbers; the figure is the mean of theirs. */
  targetClassIds: readonly number[];
}

/** What `binaryIoU` takes for a yes. */
export interface BinaryIoUOptions {
  /** A prediction of at least this says yes; from 0 to 1. Default: 0.5. */
  threshold?: number | undefined;
  /** `[1]` is the overlap of what says yes, `[0]` of what says no, and `[0, 1]`, the default, the mean of both. */
  targetClassIds?: readonly number[] | undefined;
}

function readMeanIoU(
  name: string,
  options: IoUOptions | MeanIoUOptions,
  others: readonly string[] = [],
): MeanIoUOptions {
  const given = knownOptions(name, options, [...others, 'numClasses', 'ignoreClass', 'name']);
  if (given.numClasses !== undefined) positiveInteger(name, 'numClasses', given.numClasses);
  if (given.ignoreClass !== undefined) integerAtLeastZero(name, 'ignoreClass', given.ignoreClass);
  return given;
}

function readIoU(options: IoUOptions): IoUOptions {
  const given = readMeanIoU('iou', options, ['targetClassIds']) as IoUOptions;
  return { ...given, targetClassIds: readClasses('iou', given.targetClassIds) };
}

function readBinaryIoU(options: BinaryIoUOptions): Settled<Omit<BinaryIoUOptions, 'name'>> {
  const given = knownOptions('binaryIoU', options, ['threshold', 'targetClassIds', 'name']);
  const { threshold = 0.5, targetClassIds = [0, 1] } = given;
  return {
    threshold: zeroToOne('binaryIoU', 'threshold', threshold),
    targetClassIds: readClasses('binaryIoU', targetClassIds, 2),
  };
}

/** @throws RangeError where they are no list of class numbers below `classes`. */
function readClasses(name: string, given: unknown, classes = Infinity): readonly number[] {
  const isClass = (k: unknown): boolean => Number.isInteger(k) && Number(k) >= 0 && Number(k) < classes;
  if (Array.isArray(given) && given.length > 0 && given.every(isClass)) return [...given];
  const most = classes === Infinity ? '' : ` below ${classes}`;
  throw new RangeError(
    `${name}: targetClassIds must be a list of class numbers${most}, such as [1], got ${describe(given)}`,
  );
}

/** The mean over those of the classes that are there at all. */
function meanOverlap(counts: readonly ClassCount[], classes?: readonly number[]): number {
  let sum = 0;
  let there = 0;
  for (const { right, said, should } of classes ? classes.map((k) => counts[k]) : counts) {
    const union = said + should - right;
    if (union === 0) continue;
    sum += right / (union + EPSILON);
    there++;
  }
  return there === 0 ? 0 : sum / there;
}

/** Of classes: the largest of a row is what it says. @throws RangeError where options don't fit the outputs. */
function makeIoU(
  name: string,
  { numClasses, ignoreClass }: MeanIoUOptions,
  context: MetricContext,
  classes?: readonly number[],
): Metric {
  const { outputShape } = context;
  const K = outputShape[outputShape.length - 1];
  if (K === 1) {
    throw new RangeError(
      `compile: metrics: ${name} needs an output for each class, but the model has one: use binaryIoU()`,
    );
  }
  if (numClasses !== undefined && numClasses !== K) {
    throw new RangeError(
      `compile: metrics: ${name}: numClasses must be the model's outputs: expected ${K}, got ${numClasses}`,
    );
  }
  const beyond = [...(classes ?? []), ignoreClass ?? 0].find((k) => k >= K);
  if (beyond !== undefined) {
    throw new RangeError(
      `compile: metrics: ${name}: classes must be below the model's outputs: expected at most ${K - 1}, got ${beyond}`,
    );
  }
  return countClasses(
    K,
    sizeOf(outputShape) / K,
    (predictions, targets, row, said, should) => {
      const expected = targets instanceof Int32Array ? targets[row] : argmax(targets, row * K, K);
      if (expected === ignoreClass) return;
      said[argmax(predictions, row * K, K)] = 1;
      should[expected] = 1;
    },
    (counts) => meanOverlap(counts, classes),
  );
}

/** The overlap of yes and no: each output by itself. */
function makeBinaryIoU(options: BinaryIoUOptions, context: MetricContext): Metric {
  const { threshold, targetClassIds } = readBinaryIoU(options);
  const probability = probabilityOf(context);
  const K = rowSize(context.loss, context.outputShape);
  return countClasses(
    2,
    sizeOf(context.outputShape),
    (predictions, targets, i, said, should) => {
      said[probability(predictions[i]) >= threshold ? 1 : 0] = 1;
      should[isYes(targets, i, K) ? 1 : 0] = 1;
    },
    (counts) => meanOverlap(counts, targetClassIds),
  );
}

/**
 * The mean overlap of all classes, of outputs that are a number for each: [n, height, width, classes].
 *
 *     model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: [meanIoU({ ignoreClass: 0 })] });
 *     meanIoU() // outputs [[0.7, 0.3], [0.4, 0.6], [0.2, 0.8]], targets [0, 0, 1] → 0.5
 *
 * The largest of a row is what it says, as with Keras' `sparse_y_pred=False`; targets are class numbers or one-hot rows, as the loss takes them.
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const meanIoU = choiceOf('meanIoU', (options: MeanIoUOptions) => readMeanIoU('meanIoU', options));

/**
 * The same of some classes: `iou({ targetClassIds: [1, 2] })`.
 *
 *     iou({ targetClassIds: [0] }) // outputs [[0.7, 0.3], [0.4, 0.6], [0.2, 0.8]], targets [0, 0, 1] → 0.5
 *
 * @throws TypeError or RangeError as meanIoU does.
 */
export const iou: (options: IoUOptions & FigureNameOption) => MetricConfig = choiceOf('iou', readIoU);

/**
 * The overlap of yes and no, of outputs that each say one of them.
 *
 *     binaryIoU() // outputs [[0.9], [0.6], [0.3]], targets [[1], [1], [0]] → 1
 *
 * @throws TypeError or RangeError as meanIoU does.
 */
export const binaryIoU = choiceOf('binaryIoU', readBinaryIoU);

ownMetric('meanIoU', (options, context) => makeIoU('meanIoU', readMeanIoU('meanIoU', options), context));
ownMetric('iou', (options: object, context) => {
  const given = readIoU(options as IoUOptions);
  return makeIoU('iou', given, context, given.targetClassIds);
});
ownMetric('binaryIoU', makeBinaryIoU);
