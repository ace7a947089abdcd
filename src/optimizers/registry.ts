/** Where optimizers are listed by name. */
import { type AdadeltaOptions, adadelta } from './adadelta.ts';
import type { Optimizer, OptimizerConfig } from './optimizer.ts';
import { type SgdOptions, sgd } from './sgd.ts';

export type OptimizerName = 'adadelta' | 'sgd';

/** An optimizer by its name, or from its saved configuration. @throws RangeError for an unknown name. */
export function getOptimizer({ name, ...options }: OptimizerConfig): Optimizer {
  switch (name) {
    case 'adadelta':
      return adadelta(options as AdadeltaOptions);
    case 'sgd':
      return sgd(options as SgdOptions);
    default:
      throw new RangeError(`compile: optimizer must be one of adadelta, sgd, got ${name}`);
  }
}
