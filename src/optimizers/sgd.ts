/**
 * Stochastic gradient descent, with momentum on request, as in Keras:
 *
 *   w ← w − learningRate·g
 *
 * and with momentum μ (Polyak 1964; Sutskever et al. 2013, "On the importance of initialization and momentum in deep
 * learning", equations 1 and 2, and 3 and 4 for Nesterov's):
 *
 *   v ← μ·v − learningRate·g
 *   w ← w + v                              plain
 *   w ← (w + μ·v) − learningRate·g         Nesterov's, with the new v
 *
 * The learning rate is within the velocity, so a change of it reaches what has been gathered step by step.
 */
import { unary } from '../checks/options.ts';
import { flag, numberWithin } from '../checks/values.ts';
import { sgdGroup } from '../kernels/groups/sgd.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { BaseOptimizer, type OptimizerOptions, optimizerOptions } from './base.ts';
import type { Optimizer, OptimizerConfig } from './optimizer.ts';
import { optimizers } from './registry.ts';
import type { LearningRateSchedule } from './schedules/schedule.ts';

/** Hyperparameters of stochastic gradient descent. */
export interface SgdOptions extends OptimizerOptions {
  /** Factor of every update, or a schedule. Default: 0.01, as in Keras. */
  learningRate?: number | LearningRateSchedule | undefined;
  /** μ, share of the last step that is kept, at least 0 and below 1. Default: 0: no velocity is kept. */
  momentum?: number | undefined;
  /** Looks at the gradient's step from where momentum leads (Nesterov 1983). Default: false. */
  nesterov?: boolean | undefined;
}

class Sgd extends BaseOptimizer {
  readonly slots: readonly string[];
  readonly momentum: number;
  readonly nesterov: boolean;

  constructor(options?: SgdOptions) {
    const given = optimizerOptions('sgd', options, ['momentum', 'nesterov']);
    super('sgd', given, 0.01);
    const { momentum = 0, nesterov = false } = given;
    this.momentum = numberWithin('sgd', 'momentum', momentum, 0, 1);
    this.nesterov = flag('sgd', 'nesterov', nesterov);
    this.slots = momentum > 0 ? ['velocity'] : [];
  }

  override update(
    kernels: Kernels,
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    [v]: readonly FloatArray[],
    learningRate: number,
  ): void {
    if (this.momentum === 0) kernels.sgd(from, to, w, g, learningRate);
    else kernels.sgdMomentum(from, to, w, g, v, learningRate, this.momentum, this.nesterov);
  }

  override getConfig(): OptimizerConfig {
    const { momentum, nesterov } = this;
    return { ...super.getConfig(), momentum, nesterov };
  }
}

/**
 * Gradient descent, with momentum where that is asked for.
 *
 *     sgd({ learningRate: 0.1 }) // weight 1, gradient 2 → 0.8
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const sgd = unary('sgd', (options?: SgdOptions): Optimizer => new Sgd(options));

needKernels(sgdGroup);
optimizers.own('sgd', sgd);
