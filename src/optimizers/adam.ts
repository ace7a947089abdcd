/**
 * Adam (D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015, arXiv:1412.6980), in the form at
 * the end of the paper's section 2, which Keras computes too. In update t = 1, 2, …
 *
 *   m ← m + (1−β₁)·(g − m)                       running mean of gradients
 *   v ← v + (1−β₂)·(g² − v)                      running mean of squared gradients
 *   rate = learningRate·√(1 − β₂^t)/(1 − β₁^t)   both means began at zero: this makes up for it
 *   w ← w − (rate·m)/(√v + ε)
 *
 * With amsgrad (S. Reddi et al., "On the convergence of Adam and beyond", ICLR 2018, arXiv:1904.09237, algorithm 2) the root is of the largest v so far, of
 * each weight, as in Keras: a step doesn't grow again once large gradients are forgotten.
 *
 * ε is beside the uncorrected root, as in Keras; the paper's algorithm 1 and PyTorch add it to the corrected one.
 */
import { unary } from '../checks/options.ts';
import { atLeastZero, flag, numberWithin } from '../checks/values.ts';
import { adamGroup } from '../kernels/groups/adam.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { BaseOptimizer, type OptimizerOptions, optimizerOptions } from './base.ts';
import type { Optimizer, OptimizerConfig } from './optimizer.ts';
import { power } from './power.ts';
import { optimizers } from './registry.ts';
import type { LearningRateSchedule } from './schedules/schedule.ts';

/** Hyperparameters of Adam. */
export interface AdamOptions extends OptimizerOptions {
  /** Factor of every update, or a schedule. Default: 0.001, as in the paper and in Keras. */
  learningRate?: number | LearningRateSchedule | undefined;
  /** β₁, decay of the gradients' mean. Default: 0.9. */
  beta1?: number | undefined;
  /** β₂, decay of the squared gradients' mean. Default: 0.999. */
  beta2?: number | undefined;
  /** ε, which keeps the divisor from 0; 1e-7 as in Keras. */
  epsilon?: number | undefined;
}

/** Hyperparameters of Adam's that those which build on it may not have. */
export interface AmsgradOptions extends AdamOptions {
  /** Divide by the root of the largest mean of squared gradients that there was. Default: false. */
  amsgrad?: boolean | undefined;
}

/** Adam, and what other optimizers build on. */
export class Adam extends BaseOptimizer {
  readonly slots: readonly string[];
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;

  /** @param given options whose names are known to be right */
  constructor(name: string, given: AmsgradOptions) {
    super(name, given, 0.001);
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, amsgrad = false } = given;
    this.beta1 = numberWithin(name, 'beta1', beta1, 0, 1);
    this.beta2 = numberWithin(name, 'beta2', beta2, 0, 1);
    this.epsilon = atLeastZero(name, 'epsilon', epsilon);
    this.amsgrad = flag(name, 'amsgrad', amsgrad);
    this.slots = ['momentum', 'velocity', ...(amsgrad ? ['velocityHat'] : [])];
  }

  override update(
    kernels: Kernels,
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    [m, v, peak]: readonly FloatArray[],
    learningRate: number,
    iteration: number,
  ): void {
    const { beta1, beta2, epsilon } = this;
    const rate = (learningRate * Math.sqrt(1 - power(beta2, iteration))) / (1 - power(beta1, iteration));
    kernels.adam(from, to, w, g, m, v, rate, beta1, beta2, epsilon, peak);
  }

  override getConfig(): OptimizerConfig {
    const { beta1, beta2, epsilon, amsgrad } = this;
    return { ...super.getConfig(), beta1, beta2, epsilon, ...(amsgrad && { amsgrad }) };
  }
}

/** Names of Adam's own options, without amsgrad. */
export const ADAM_OPTIONS = ['beta1', 'beta2', 'epsilon'];
export const AMSGRAD_OPTIONS = [...ADAM_OPTIONS, 'amsgrad'];

/**
 * Adam, by Keras' rule and defaults.
 *
 *     adam({ learningRate: 0.1 }) // weight 1, gradient 2 → 0.9
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const adam = unary(
  'adam',
  (options?: AmsgradOptions): Optimizer =>
    new Adam('adam', optimizerOptions('adam', options, AMSGRAD_OPTIONS)),
);

needKernels(adamGroup);
optimizers.own('adam', adam);
