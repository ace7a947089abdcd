/**
 * Adadelta (M. D. Zeiler, "ADADELTA: an adaptive learning rate method", 2012, arXiv:1212.5701, algorithm 1):
 *
 *   G ← ρ·G + (1−ρ)·g²                     running mean of squared gradients
 *   Δ = −(√(D+ε)·g) / √(G+ε)                with the new G
 *   D ← ρ·D + (1−ρ)·Δ²                     running mean of squared updates, without the learning rate
 *   w ← w + learningRate·Δ
 *
 * The paper has no learning rate, which is learningRate = 1. Keras' string 'adadelta' meant 1.0 in the
 * days of the notebook and means 0.001 since tf.keras: the default here is Keras 3's, and the experiment
 * asks for 1 by name.
 */
import { unary } from '../checks/options.ts';
import { atLeastZero, numberWithin } from '../checks/values.ts';
import { adadeltaGroup } from '../kernels/groups/adadelta.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { BaseOptimizer, type OptimizerOptions, optimizerOptions } from './base.ts';
import type { Optimizer, OptimizerConfig } from './optimizer.ts';
import { optimizers } from './registry.ts';
import type { LearningRateSchedule } from './schedules/schedule.ts';

/** Hyperparameters of Adadelta. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** Factor of every update, or a schedule. Default: 0.001, as in Keras 3; 1 is the paper's. */
  learningRate?: number | LearningRateSchedule | undefined;
  /** ρ, decay of both running means; 0.95 as in the paper's experiments and in Keras. */
  rho?: number | undefined;
  /** ε, which keeps both roots from 0; 1e-7 as in Keras. */
  epsilon?: number | undefined;
}

class Adadelta extends BaseOptimizer {
  readonly slots = ['accumulatedGradient', 'accumulatedDelta'];
  readonly rho: number;
  readonly epsilon: number;

  constructor(options?: AdadeltaOptions) {
    const given = optimizerOptions('adadelta', options, ['rho', 'epsilon']);
    super('adadelta', given, 0.001);
    const { rho = 0.95, epsilon = 1e-7 } = given;
    this.rho = numberWithin('adadelta', 'rho', rho, 0, 1);
    this.epsilon = atLeastZero('adadelta', 'epsilon', epsilon);
    if (Math.fround(epsilon) === 0) {
      // Also what float32, which the kernels compute in, has no number for. D = 0 at the start, so that the first update would be √0·g, and so every one after it; and 0/0 where g is 0.
      throw new RangeError(
        `adadelta: epsilon must be above 0, or no weight would ever change, got ${epsilon}`,
      );
    }
  }

  override update(
    kernels: Kernels,
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    [G, D]: readonly FloatArray[],
    learningRate: number,
  ): void {
    kernels.adadelta(from, to, w, g, G, D, learningRate, this.rho, this.epsilon);
  }

  override getConfig(): OptimizerConfig {
    const { rho, epsilon } = this;
    return { ...super.getConfig(), rho, epsilon };
  }
}

/**
 * Adadelta, by Keras' rule and defaults: its learning rate is 0.001, where the paper has 1.
 *
 *     adadelta({ learningRate: 1 }) // weight 1, gradient 2 → 0.9986
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const adadelta = unary('adadelta', (options?: AdadeltaOptions): Optimizer => new Adadelta(options));

needKernels(adadeltaGroup);
optimizers.own('adadelta', adadelta);
