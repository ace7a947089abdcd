/**
 * Lion (X. Chen et al., "Symbolic discovery of optimization algorithms", 2023, arXiv:2302.06675, algorithm 2), as in Keras: every step
 * has one size, and its sign is that of a mean of gradients.
 *
 *   w ← w − learningRate·sign(β₁·m + (1−β₁)·g)   with the old m; the sign of 0 is 0
 *   m ← β₂·m + (1−β₂)·g                          running mean of gradients
 *
 * With weight decay, w ← w − (learningRate·weightDecay)·w comes first, as in AdamW.
 */
import { unary } from '../checks/options.ts';
import { atLeastZero, numberWithin } from '../checks/values.ts';
import { lionGroup } from '../kernels/groups/lion.ts';
import { sgdGroup } from '../kernels/groups/sgd.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { BaseOptimizer, type OptimizerOptions, optimizerOptions } from './base.ts';
import type { Optimizer, OptimizerConfig } from './optimizer.ts';
import { optimizers } from './registry.ts';
import type { LearningRateSchedule } from './schedules/schedule.ts';

/** Hyperparameters of Lion. */
export interface LionOptions extends OptimizerOptions {
  /** Factor of every update, or a schedule. Default: 0.001, as in Keras; the paper takes a third to a tenth of what Adam takes. */
  learningRate?: number | LearningRateSchedule | undefined;
  /** β₁, the mean's share of a step's direction. Default: 0.9. */
  beta1?: number | undefined;
  /** β₂, decay of the gradients' mean. Default: 0.99. */
  beta2?: number | undefined;
  /** Share of a weight, times the learning rate, that a step takes away. Default: 0: none. */
  weightDecay?: number | undefined;
}

class Lion extends BaseOptimizer {
  readonly slots = ['momentum'];
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;

  constructor(options?: LionOptions) {
    const given = optimizerOptions('lion', options, ['beta1', 'beta2', 'weightDecay']);
    super('lion', given, 0.001);
    const { beta1 = 0.9, beta2 = 0.99, weightDecay = 0 } = given;
    this.beta1 = numberWithin('lion', 'beta1', beta1, 0, 1);
    this.beta2 = numberWithin('lion', 'beta2', beta2, 0, 1);
    this.weightDecay = atLeastZero('lion', 'weightDecay', weightDecay);
  }

  override update(
    kernels: Kernels,
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    [m]: readonly FloatArray[],
    learningRate: number,
  ): void {
    // Gradient descent whose gradient is the weight itself: w ← w − rate·w.
    if (this.weightDecay > 0) kernels.sgd(from, to, w, w, learningRate * this.weightDecay);
    kernels.lion(from, to, w, g, m, learningRate, this.beta1, this.beta2);
  }

  override getConfig(): OptimizerConfig {
    const { beta1, beta2, weightDecay } = this;
    return { ...super.getConfig(), beta1, beta2, weightDecay };
  }
}

/**
 * Steps of one size, by Keras' rule and defaults.
 *
 *     model.compile({ optimizer: lion({ learningRate: 1e-4, weightDecay: 0.01 }), loss: 'categoricalCrossentropy' });
 *     lion({ learningRate: 0.1 }) // weight 1, gradient 2 → 0.9
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const lion = unary('lion', (options?: LionOptions): Optimizer => new Lion(options));

needKernels(lionGroup, sgdGroup);
optimizers.own('lion', lion);
