/** Where losses are listed by name. */
import { categoricalCrossentropy, sparseCategoricalCrossentropy } from './categorical-crossentropy.ts';
import type { Loss } from './loss.ts';

export type LossName = 'categoricalCrossentropy' | 'sparseCategoricalCrossentropy';

export interface LossConfig {
  readonly name: LossName | string;
  readonly fromLogits?: boolean;
}

/** A loss by its name, or from its saved configuration. @throws RangeError for an unknown name. */
export function getLoss({ name, fromLogits = false }: LossConfig): Loss {
  switch (name) {
    case 'categoricalCrossentropy':
      return categoricalCrossentropy({ fromLogits });
    case 'sparseCategoricalCrossentropy':
      return sparseCategoricalCrossentropy({ fromLogits });
    default:
      throw new RangeError(
        `compile: loss must be one of categoricalCrossentropy, sparseCategoricalCrossentropy, got ${name}`,
      );
  }
}
