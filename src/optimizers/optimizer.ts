/** What an optimizer is: a rule that turns a parameter and its gradient into the next parameter. */
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';

/** What it takes to make an optimizer again. */
export interface OptimizerConfig {
  readonly name: string;
  readonly [hyperparameter: string]: number | string | boolean;
}

/** What every optimizer is, and what an optimizer of your own implements. */
export interface Optimizer {
  /** Keras' name. */
  readonly name: string;
  /** May be changed between steps, by a callback for instance. */
  learningRate: number;
  /** Names of the arrays that it keeps for each parameter, of the parameter's size, zero at the start. */
  readonly slots: readonly string[];
  /**
   * Updates elements from ≤ i < to of a parameter `w` from its gradient `g`, in place, `slots` too.
   * `iteration` is the update's number since compile, counted from 1.
   */
  update(
    kernels: Kernels,
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    slots: readonly FloatArray[],
    learningRate: number,
    iteration: number,
  ): void;
  getConfig(): OptimizerConfig;
}
