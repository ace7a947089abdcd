/**
 * Adamax (D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015, arXiv:1412.6980, algorithm 2), as in
 * Keras: Adam with the largest size of the gradients in place of their root mean square. In update t = 1, 2, …
 *
 *   m ← m + (1−β₁)·(g − m)                       running mean of gradients
 *   u ← max(β₂·u, |g|)                           their largest size, which fades
 *   w ← w − (rate·m)/(u + ε)                     rate = learningRate/(1 − β₁^t): the mean began at zero
 */
import { unary } from '../checks/options.ts';
import { adamaxGroup } from '../kernels/groups/adamax.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { ADAM_OPTIONS, Adam } from './adam.ts';
import { type OptimizerOptions, optimizerOptions } from './base.ts';
import type { Optimizer } from './optimizer.ts';
import { power } from './power.ts';
import { optimizers } from './registry.ts';
import type { LearningRateSchedule } from './schedules/schedule.ts';

/** Hyperparameters of Adamax. */
export interface AdamaxOptions extends OptimizerOptions {
  /** Factor of every update, or a schedule. Default: 0.001, as in Keras. */
  learningRate?: number | LearningRateSchedule | undefined;
  /** β₁, decay of the gradients' mean. Default: 0.9. */
  beta1?: number | undefined;
  /** β₂, decay of the gradients' largest size. Default: 0.999. */
  beta2?: number | undefined;
  /** ε, which keeps the divisor from 0. Default: 1e-7. */
  epsilon?: number | undefined;
}

class Adamax extends Adam {
  override readonly slots = ['momentum', 'norm'];

  override update(
    kernels: Kernels,
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    [m, u]: readonly FloatArray[],
    learningRate: number,
    iteration: number,
  ): void {
    const { beta1, beta2, epsilon } = this;
    const rate = learningRate / (1 - power(beta1, iteration));
    kernels.adamax(from, to, w, g, m, u, { rate, beta1, beta2, epsilon });
  }
}

/**
 * Adam by the largest gradient, by Keras' rule and defaults.
 *
 *     model.compile({ optimizer: adamax({ learningRate: 0.002 }), loss: 'categoricalCrossentropy' });
 *     adamax({ learningRate: 0.1 }) // weight 1, gradient 2 → 0.9
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const adamax = unary(
  'adamax',
  (options?: AdamaxOptions): Optimizer =>
    new Adamax('adamax', optimizerOptions('adamax', options, ADAM_OPTIONS)),
);

needKernels(adamaxGroup);
optimizers.own('adamax', adamax);
