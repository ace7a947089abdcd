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
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { checkHyperparameter, type Optimizer, type OptimizerConfig } from './optimizer.ts';

/** Hyperparameters of Adadelta. */
export interface AdadeltaOptions {
  /** Factor of every update; 0.001 as in Keras 3; 1 is the paper's. */
  learningRate?: number;
  /** ρ, decay of both running means; 0.95 as in the paper's experiments and in Keras. */
  rho?: number;
  /** ε, which keeps both roots from 0; 1e-7 as in Keras. */
  epsilon?: number;
}

class Adadelta implements Optimizer {
  readonly name = 'adadelta';
  readonly slots = ['accumulatedGradient', 'accumulatedDelta'];
  learningRate: number;
  readonly rho: number;
  readonly epsilon: number;

  constructor({ learningRate = 0.001, rho = 0.95, epsilon = 1e-7 }: AdadeltaOptions = {}) {
    this.learningRate = checkHyperparameter('adadelta', 'learningRate', learningRate, 0);
    this.rho = checkHyperparameter('adadelta', 'rho', rho, 0, 1);
    this.epsilon = checkHyperparameter('adadelta', 'epsilon', epsilon, 0);
  }

  update(
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

  getConfig(): OptimizerConfig {
    const { name, learningRate, rho, epsilon } = this;
    return { name, learningRate, rho, epsilon };
  }
}

/** @throws RangeError where a hyperparameter is out of bounds. */
export const adadelta = (options?: AdadeltaOptions): Optimizer => new Adadelta(options);
