/** Stochastic gradient descent: w ← w − learningRate·g. */
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { checkHyperparameter, type Optimizer, type OptimizerConfig } from './optimizer.ts';

export interface SgdOptions {
  /** Factor of every update; 0.01 as in Keras. */
  learningRate?: number;
}

class Sgd implements Optimizer {
  readonly name = 'sgd';
  readonly slots = [];
  learningRate: number;

  constructor({ learningRate = 0.01 }: SgdOptions = {}) {
    this.learningRate = checkHyperparameter('sgd', 'learningRate', learningRate, 0);
  }

  update(
    kernels: Kernels,
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    _slots: readonly FloatArray[],
    learningRate: number,
  ): void {
    kernels.sgd(from, to, w, g, learningRate);
  }

  getConfig(): OptimizerConfig {
    return { name: this.name, learningRate: this.learningRate };
  }
}

/** @throws RangeError where the learning rate is out of bounds. */
export const sgd = (options?: SgdOptions): Optimizer => new Sgd(options);
