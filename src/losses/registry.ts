/** Losses by name: ours, each of which its own module makes known, and users' own. */
import { noMoreArguments } from '../checks/options.ts';
import { canonicalName, type KerasName } from '../registry/aliases.ts';
import { type Maker, Registry } from '../registry/registry.ts';
import type { Loss, LossConfig } from './loss.ts';

const NAMES = [
  'binaryCrossentropy',
  'binaryFocalCrossentropy',
  'categoricalCrossentropy',
  'categoricalFocalCrossentropy',
  'categoricalHinge',
  'cosineSimilarity',
  'dice',
  'hinge',
  'huber',
  'klDivergence',
  'logCosh',
  'meanAbsoluteError',
  'meanAbsolutePercentageError',
  'meanSquaredError',
  'meanSquaredLogarithmicError',
  'poisson',
  'sparseCategoricalCrossentropy',
  'squaredHinge',
  'tversky',
] as const;

/** The names of degelo's own losses. */
export type LossOwnName = (typeof NAMES)[number];

/** Our own losses, by the names that `compile` takes: ours, and Keras' of the function, of the class, and short. */
export type LossName = KerasName<(typeof NAMES)[number]> | 'bce' | 'kld' | 'mae' | 'mape' | 'mse' | 'msle';

export const losses = new Registry<Loss>('loss', NAMES);

/** A loss by its name, or from its saved configuration. @throws RangeError for an unknown name. */
export function getLoss({ name, fromLogits, ...options }: LossConfig): Loss {
  const make = losses.find(canonicalName(name, losses.names) ?? name);
  if (!make) throw losses.unknown('compile: loss', name);
  const loss = make(options);
  // A configuration always says it; losses without logits have no such option.
  if (fromLogits === undefined || fromLogits === (loss.fromLogits ?? false)) return loss;
  return make({ ...options, fromLogits });
}

/**
 * Makes a loss of your own known by its name, as registerLayer does for layers. See docs/extending.md.
 *
 *     registerLoss('quantile', (options) => quantile(options), import.meta.url);
 *
 * @param make makes the loss from its options: what its `getConfig` gave, or none
 * @param module the URL of the module that holds this very line; left out, the loss works on the calling thread only
 * @throws RangeError for the name of one of our own losses, TypeError for arguments of another kind.
 */
export function registerLoss(name: string, make: Maker<Loss>, module: string | null = null): void {
  noMoreArguments('registerLoss', arguments, 3);
  losses.register(name, make, module);
}
