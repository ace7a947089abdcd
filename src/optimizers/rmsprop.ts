/**
 * RMSprop (T. Tieleman and G. Hinton 2012, lecture 6.5 of "Neural networks for machine learning"; centred: A. Graves 2013,
 * arXiv:1308.0850, section 4.2), as in Keras:
 *
 *   V ← ρ·V + (1−ρ)·g²                          running mean of squared gradients
 *   s = (learningRate·g)/√(V + ε)
 *   w ← w − s                                   or, with momentum μ: M ← μ·M + s and w ← w − M
 *
 * Centred, the root is that of the variance: A ← ρ·A + (1−ρ)·g, and V − A² is in place of V. ε is within the root, as in
 * Keras; PyTorch adds it to the root.
 */
import { unary } from '../checks/options.ts';
import { atLeastZero, flag, numberWithin } from '../checks/values.ts';
import { rmspropGroup } from '../kernels/groups/rmsprop.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { BaseOptimizer, type OptimizerOptions, optimizerOptions } from './base.ts';
import type { Optimizer, OptimizerConfig } from './optimizer.ts';
import { optimizers } from './registry.ts';
import type { LearningRateSchedule } from './schedules/schedule.ts';

/** Hyperparameters of RMSprop. */
export interface RmspropOptions extends OptimizerOptions {
  /** Factor of every update, or a schedule. Default: 0.001, as in Keras. */
  learningRate?: number | LearningRateSchedule | undefined;
  /** ρ, decay of the running means. Default: 0.9. */
  rho?: number | undefined;
  /** μ, share of the last step that is kept; at least 0 and below 1. Default: 0, and nothing is kept for it. */
  momentum?: number | undefined;
  /** ε, which keeps the root from 0. Default: 1e-7. */
  epsilon?: number | undefined;
  /** Divides by the gradients' standard deviation instead of their root mean square. Default: false. */
  centered?: boolean | undefined;
}

class Rmsprop extends BaseOptimizer {
  readonly slots: readonly string[];
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly centered: boolean;

  constructor(options?: RmspropOptions) {
    const given = optimizerOptions('rmsprop', options, ['rho', 'momentum', 'epsilon', 'centered']);
    super('rmsprop', given, 0.001);
    const { rho = 0.9, momentum = 0, epsilon = 1e-7, centered = false } = given;
    this.rho = numberWithin('rmsprop', 'rho', rho, 0, 1);
    this.momentum = numberWithin('rmsprop', 'momentum', momentum, 0, 1);
    this.epsilon = atLeastZero('rmsprop', 'epsilon', epsilon);
    this.centered = flag('rmsprop', 'centered', centered);
    this.slots = [
      'velocity',
      ...(momentum > 0 ? ['momentum'] : []),
      ...(centered ? ['averageGradient'] : []),
    ];
  }

  override update(
    kernels: Kernels,
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    [velocity, ...others]: readonly FloatArray[],
    learningRate: number,
  ): void {
    const { rho, momentum, epsilon } = this;
    const slots = {
      velocity,
      momentum: momentum > 0 ? others[0] : null,
      average: this.centered ? others[others.length - 1] : null,
    };
    kernels.rmsprop(from, to, w, g, slots, { learningRate, rho, momentum, epsilon });
  }

  override getConfig(): OptimizerConfig {
    const { rho, momentum, epsilon, centered } = this;
    return { ...super.getConfig(), rho, momentum, epsilon, centered };
  }
}

/**
 * RMSprop, by Keras' rule and defaults.
 *
 *     model.compile({ optimizer: rmsprop({ learningRate: 1e-4, momentum: 0.9 }), loss: 'categoricalCrossentropy' });
 *     rmsprop({ learningRate: 0.1 }) // weight 1, gradient 2 → 0.6838
 *
 * @throws RangeError or TypeError where a hyperparameter is unknown or out of bounds.
 */
export const rmsprop = unary('rmsprop', (options?: RmspropOptions): Optimizer => new Rmsprop(options));

needKernels(rmspropGroup);
optimizers.own('rmsprop', rmsprop);
