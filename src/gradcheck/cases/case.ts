/** What a gradient check of the suite is. */
import type { LayerOrModel } from '../../model/network.ts';
import type { GradientCheckOptions } from '../check.ts';

export interface SuiteCase {
  readonly name: string;
  readonly layers: () => LayerOrModel[];
  readonly options?: GradientCheckOptions;
}

/** Every coordinate. */
export const ALL = { coordinates: Infinity } as const;
