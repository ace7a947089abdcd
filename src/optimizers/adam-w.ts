/**
 * AdamW (I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019, arXiv:1711.05101, algorithm 2):
 * Adam, before which every weight goes a little way towards 0. The decay doesn't pass through Adam's means, as that of an L2
 * regularizer does. Keras' form, where the schedule is the learning rate itself:
 *
 *   w ← w − (learningRate·weightDecay)·w      then Adam's step (adam.ts) on the same gradient
 *
 * All trained weights decay, biases too, as in Keras.
 */
import { unary } from '../checks/options.ts';
import { atLeastZero } from '../checks/values.ts';
import { sgdGroup } from '../kernels/groups/sgd.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { Adam, AMSGRAD_OPTIONS, type AmsgradOptions } from './adam.ts';
import { optimizerOptions } from './base.ts';
import type { Optimizer, OptimizerConfig } from './optimizer.ts';
import { optimizers } from './registry.ts';

/** Hyperparameters of AdamW. */
export interface AdamWOptions extends AmsgradOptions {
  /** Share of a weight, times the learning rate, that a step takes away. Default: 0.004, as in Keras. */
  weightDecay?: number | undefined;
}

class AdamW extends Adam {
  readonly weightDecay: number;

  constructor(options?: AdamWOptions) {
    const given = optimizerOptions('adamW', options, ['weightDecay', ...AMSGRAD_OPTIONS]);
    super('adamW', given);
    this.weightDecay = atLeastZero('adamW', 'weightDecay', given.weightDecay ?? 0.004);
  }

  override update(
    kernels: Kernels,
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    slots: readonly FloatArray[],
    learningRate: number,
    iteration: number,
  ): void {
    // Gradient descent whose gradient is the weight itself: w ← w − rate·w.
    kernels.sgd(from, to, w, w, learningRate * this.weightDecay);
    super.update(kernels, from, to, w, g, slots, learningRate, iteration);
  }

  override getConfig(): OptimizerConfig {
    return { ...super.getConfig(), weightDecay: this.weightDecay };
  }
}

/**
 * Adam with decoupled weight decay.
 *
 *     model.compile({ optimizer: adamW({ learningRate: 1e-4, weightDecay: 0.01 }), loss: 'categoricalCrossentropy' });
 *     adamW({ learningRate: 0.1, weightDecay: 0.01 }) // weight 1, gradient 2 → 0.899
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const adamW = unary('adamW', (options?: AdamWOptions): Optimizer => new AdamW(options));

needKernels(sgdGroup);
optimizers.own('adamW', adamW);
