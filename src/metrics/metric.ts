/**
 * What a metric is: some numbers of each sample, which workers compute; what an epoch gathers of them, sample by sample in order; and
 * the figure that is made of that. Accuracy is the simplest kind: one number per sample, their sum, their mean.
 */
import type { Loss, Targets } from '../losses/loss.ts';
import { type FloatArray, type Shape, sizeOf } from '../tensor/tensor.ts';

/** What every metric is, and what a metric of your own implements: `measure`, and of the others what isn't a mean. */
export interface Metric {
  /** Numbers that one sample gives. Default: 1. */
  readonly width?: number;
  /** Numbers that are gathered, all zero at first. Default: as many as `width`. */
  readonly stateSize?: number;
  /** predictions [N, C], targets (rows [N, C] or class numbers, of each row one) → values [N, width], overwritten. */
  measure(N: number, C: number, predictions: FloatArray, targets: Targets, values: Float64Array): void;
  /** Adds the numbers of one sample, which begin at values[at], to the state. Default: each to its own sum. */
  gather?(state: number[], values: Float64Array, at: number): void;
  /** The figure, of what so many samples gave. Default: the first sum divided by the samples, their mean. */
  result?(state: readonly number[], samples: number): number;
}

/** What a metric may depend on. */
export interface MetricContext {
  readonly loss: Loss;
  readonly outputShape: Shape;
}

/** What it takes to make a metric: its name, its options, and, as `as`, what its figure is called where that is something else. */
export interface MetricConfig {
  readonly name: string;
  readonly [option: string]: number | string | boolean | readonly number[];
}

/** The metric's name as it was given. */
export const kindOf = (choice: string | MetricConfig): string =>
  typeof choice === 'string' ? choice : choice.name;

/** The name under which a metric's figures are in logs: as it was given. */
export const labelOf = (choice: string | MetricConfig): string =>
  typeof choice === 'string' ? choice : String(choice.as ?? choice.name);

/** A metric's options, as its configuration holds them. */
export function optionsOf(choice: string | MetricConfig): object {
  if (typeof choice === 'string') return {};
  const { name: _name, as: _as, ...options } = choice;
  return options;
}

export const widthOf = ({ width = 1 }: Metric): number => width;

export const stateSizeOf = (metric: Metric): number => metric.stateSize ?? widthOf(metric);

/** Adds one sample to a metric's state. */
export function gather(metric: Metric, state: number[], values: Float64Array, at: number): void {
  if (metric.gather) metric.gather(state, values, at);
  else for (let i = 0; i < widthOf(metric); i++) state[i] += values[at + i];
}

/** The figure of a metric. */
export function resultOf(metric: Metric, state: readonly number[], samples: number): number {
  return metric.result ? metric.result(state, samples) : state[0] / samples;
}

/** Whether each output says yes or no, by Keras' choice: one output a sample does; and, as in TensorFlow.js, by the loss. */
export function saysYesOrNo({ loss, outputShape }: MetricContext): boolean {
  return loss.folds === 'sigmoid' || (loss.folds !== 'softmax' && outputShape[outputShape.length - 1] === 1);
}

/** Whether an output should be a yes, of rows of C, or of a class number for each row. */
export function isYes(targets: Targets, output: number, C: number): boolean {
  return targets instanceof Int32Array
    ? targets[Math.floor(output / C)] === output % C
    : targets[output] > 0.5;
}

/** @throws RangeError where a metric can't be told from the targets that the model's loss takes. */
export function expectTargets(metric: string, kind: Loss['targetKind'], { loss }: MetricContext): void {
  if (loss.targetKind === kind) return;
  const what = { rows: 'a row of numbers a sample', classes: 'class numbers' };
  throw new RangeError(
    `compile: metrics: ${metric} needs ${what[kind]} as targets, but ${loss.name} takes ${what[loss.targetKind]}`,
  );
}

/**
 * What measures each row along the output's last dimension, for samples that are several of them: the mean of a sample's rows, as where
 * Keras takes `axis=-1`. One row a sample is measured as it is.
 */
export function ofRows(measure: Metric['measure'], { outputShape }: MetricContext): Metric['measure'] {
  const C = outputShape[outputShape.length - 1];
  const rows = sizeOf(outputShape) / C;
  if (rows === 1) return measure;
  return (N, _C, predictions, targets, values) => {
    const each = new Float64Array(N * rows);
    measure(N * rows, C, predictions, targets, each);
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let r = n * rows; r < (n + 1) * rows; r++) sum += each[r];
      values[n] = sum / rows;
    }
  };
}
