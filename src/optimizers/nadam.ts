/**
 * Nadam (T. Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016), as in Keras: Adam that looks at the gradient from
 * where its momentum leads. In update t = 1, 2, …, with the momentum's schedule μ(t) = β₁·(1 − ½·0.96^t), and Π(t) = μ(1)·…·μ(t)
 *
 *   m ← m + (1−β₁)·(g − m)                       running mean of gradients
 *   v ← v + (1−β₂)·(g² − v)                      running mean of squared gradients
 *   m̂ = μ(t+1)·m/(1 − Π(t+1)) + (1 − μ(t))·g/(1 − Π(t))
 *   w ← w − (learningRate·m̂)/(√(v/(1 − β₂^t)) + ε)
 */
import { unary } from '../checks/options.ts';
import { nadamGroup } from '../kernels/groups/nadam.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { ADAM_OPTIONS, Adam } from './adam.ts';
import { type OptimizerOptions, optimizerOptions } from './base.ts';
import type { Optimizer } from './optimizer.ts';
import { power } from './power.ts';
import { optimizers } from './registry.ts';
import type { LearningRateSchedule } from './schedules/schedule.ts';

/** Hyperparameters of Nadam. */
export interface NadamOptions extends OptimizerOptions {
  /** Factor of every update, or a schedule. Default: 0.001, as in Keras. */
  learningRate?: number | LearningRateSchedule | undefined;
  /** β₁, decay of the gradients' mean, which the momentum comes up to. Default: 0.9. */
  beta1?: number | undefined;
  /** β₂, decay of the squared gradients' mean. Default: 0.999. */
  beta2?: number | undefined;
  /** ε, which keeps the divisor from 0. Default: 1e-7. */
  epsilon?: number | undefined;
}

class Nadam extends Adam {
  /** Π(t) of the last update's t: a product of t factors, of which each update adds one. */
  #product = { t: 0, value: 1 };

  override update(
    kernels: Kernels,
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    [m, v]: readonly FloatArray[],
    learningRate: number,
    iteration: number,
  ): void {
    const { beta1, beta2, epsilon } = this;
    const next = this.#momentum(iteration + 1);
    const product = this.#productTo(iteration);
    kernels.nadam(from, to, w, g, m, v, {
      ofMean: (learningRate * next) / (1 - product * next),
      ofGradient: (learningRate * (1 - this.#momentum(iteration))) / (1 - product),
      correction: 1 / (1 - power(beta2, iteration)),
      ...{ beta1, beta2, epsilon },
    });
  }

  /** μ(t). */
  #momentum(t: number): number {
    return this.beta1 * (1 - 0.5 * power(0.96, t));
  }

  /** Π(t), factors ascending from 1: the same bits whether t is reached step by step or where a training continues. */
  #productTo(t: number): number {
    let { t: done, value } = this.#product;
    if (done > t) [done, value] = [0, 1];
    while (done < t) value *= this.#momentum(++done);
    this.#product = { t, value };
    return value;
  }
}

/**
 * Adam with Nesterov's momentum, by Keras' rule and defaults.
 *
 *     model.compile({ optimizer: nadam({ learningRate: 0.002 }), loss: 'categoricalCrossentropy' });
 *     nadam({ learningRate: 0.1 }) // weight 1, gradient 2 → 0.8937
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const nadam = unary(
  'nadam',
  (options?: NadamOptions): Optimizer => new Nadam('nadam', optimizerOptions('nadam', options, ADAM_OPTIONS)),
);

needKernels(nadamGroup);
optimizers.own('nadam', nadam);
