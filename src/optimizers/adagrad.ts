/**
 * Adagrad (J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic optimization", JMLR 12,
 * 2011), as in Keras. Weights that have moved much move less and less:
 *
 *   G ← G + g²                                   sum of squared gradients
 *   w ← w − (learningRate·g)/√(G₀ + G + ε)       G₀: what the sum begins with
 */
import { unary } from '../checks/options.ts';
import { atLeastZero } from '../checks/values.ts';
import { adagradGroup } from '../kernels/groups/adagrad.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { BaseOptimizer, type OptimizerOptions, optimizerOptions } from './base.ts';
import type { Optimizer, OptimizerConfig } from './optimizer.ts';
import { optimizers } from './registry.ts';
import type { LearningRateSchedule } from './schedules/schedule.ts';

/** Hyperparameters of Adagrad. */
export interface AdagradOptions extends OptimizerOptions {
  /** Factor of every update, or a schedule. Default: 0.001, as in Keras; the paper's examples take 0.01 and more. */
  learningRate?: number | LearningRateSchedule | undefined;
  /** G₀, with which every sum of squared gradients begins: the first steps are the shorter for it. Default: 0.1. */
  initialAccumulatorValue?: number | undefined;
  /** ε, which keeps the root from 0. Default: 1e-7. */
  epsilon?: number | undefined;
}

class Adagrad extends BaseOptimizer {
  readonly slots = ['accumulator'];
  readonly initialAccumulatorValue: number;
  readonly epsilon: number;

  constructor(options?: AdagradOptions) {
    const given = optimizerOptions('adagrad', options, ['initialAccumulatorValue', 'epsilon']);
    super('adagrad', given, 0.001);
    const { initialAccumulatorValue = 0.1, epsilon = 1e-7 } = given;
    this.initialAccumulatorValue = atLeastZero('adagrad', 'initialAccumulatorValue', initialAccumulatorValue);
    this.epsilon = atLeastZero('adagrad', 'epsilon', epsilon);
  }

  override update(
    kernels: Kernels,
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    [G]: readonly FloatArray[],
    learningRate: number,
  ): void {
    kernels.adagrad(from, to, w, g, G, learningRate, this.initialAccumulatorValue, this.epsilon);
  }

  override getConfig(): OptimizerConfig {
    const { initialAccumulatorValue, epsilon } = this;
    return { ...super.getConfig(), initialAccumulatorValue, epsilon };
  }
}

/**
 * Gradient descent with a rate for each weight that only falls, by Keras' rule and defaults.
 *
 *     model.compile({ optimizer: adagrad({ learningRate: 0.05 }), loss: 'categoricalCrossentropy' });
 *     adagrad({ learningRate: 0.05 }) // weight 1, gradient 2 → 0.9506
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const adagrad = unary('adagrad', (options?: AdagradOptions): Optimizer => new Adagrad(options));

needKernels(adagradGroup);
optimizers.own('adagrad', adagrad);
