/** Where optimizers are listed by name: ours, and users' own. */
import { noMoreArguments } from '../checks/options.ts';
import { canonicalName } from '../registry/aliases.ts';
import { type Maker, Registry } from '../registry/registry.ts';
import { adadelta } from './adadelta.ts';
import { adam } from './adam.ts';
import { adamW } from './adam-w.ts';
import type { Optimizer, OptimizerConfig } from './optimizer.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

// Options may come from files: each function validates its own.
const own = { adadelta, adam, adamW, rmsprop, sgd };

/** Our own optimizers, by the name that `compile` takes. */
export type OptimizerName = keyof typeof own | 'Adadelta' | 'Adam' | 'AdamW' | 'RMSprop' | 'SGD';

export const optimizers = new Registry<Optimizer>('optimizer', Object.entries(own));

/** An optimizer by its name, or from its saved configuration. @throws RangeError for an unknown name. */
export function getOptimizer({ name, ...options }: OptimizerConfig): Optimizer {
  const make = optimizers.find(canonicalName(name, optimizers.names) ?? name);
  if (!make) {
    throw new RangeError(`compile: optimizer must be one of ${optimizers.names.join(', ')}, got ${name}`);
  }
  return make(options);
}

/**
 * Makes an optimizer of your own known by its name, as registerLayer does for layers.
 * @param make makes the optimizer from its options: what its `getConfig` gave, or none
 * @param module the URL of the module that holds this very line; left out, it works on the calling thread alone
 * @throws RangeError for the name of one of our own optimizers, TypeError for arguments of another kind.
 */
export function registerOptimizer(name: string, make: Maker<Optimizer>, module: string | null = null): void {
  noMoreArguments('registerOptimizer', arguments, 3);
  optimizers.register(name, make, module);
}
