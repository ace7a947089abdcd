/** Optimizers by name: ours, each of which its own module makes known, and users' own. */
import { noMoreArguments } from '../checks/options.ts';
import { canonicalName } from '../registry/aliases.ts';
import { type Maker, Registry } from '../registry/registry.ts';
import type { Optimizer, OptimizerConfig } from './optimizer.ts';

const NAMES = ['adadelta', 'adagrad', 'adam', 'adamW', 'adamax', 'lion', 'nadam', 'rmsprop', 'sgd'] as const;

/** Our own optimizers, by the name that `compile` takes. */
export type OptimizerName =
  | (typeof NAMES)[number]
  | 'Adadelta'
  | 'Adagrad'
  | 'Adam'
  | 'AdamW'
  | 'Adamax'
  | 'Lion'
  | 'Nadam'
  | 'RMSprop'
  | 'SGD';

export const optimizers = new Registry<Optimizer>('optimizer', NAMES);

/** An optimizer by its name, or from its saved configuration. @throws RangeError for an unknown name. */
export function getOptimizer({ name, ...options }: OptimizerConfig): Optimizer {
  const make = optimizers.find(canonicalName(name, optimizers.names) ?? name);
  if (!make) throw optimizers.unknown('compile: optimizer', name);
  return make(options);
}

/**
 * Makes an optimizer of your own known by its name, as registerLayer does for layers. See docs/extending.md.
 *
 *     registerOptimizer('signum', (options) => signum(options), import.meta.url);
 *
 * @param make makes the optimizer from its options: what its `getConfig` gave, or none
 * @param module the URL of the module that holds this very line; left out, it works on the calling thread only
 * @throws RangeError for the name of one of our own optimizers, TypeError for arguments of another kind.
 */
export function registerOptimizer(name: string, make: Maker<Optimizer>, module: string | null = null): void {
  noMoreArguments('registerOptimizer', arguments, 3);
  optimizers.register(name, make, module);
}
