/**
 * Layer normalisation (Ba, Kiros and Hinton 2016, arXiv:1607.06450): each sample, and each position of it, by its own mean and variance along the last
 * dimensions; no batch, and no moving averages.
 *
 *   y = γ·(x − m)/√(v + ε) + β       m, v: along `axis`; γ and β: a number for each element there
 *
 * Formulas, and the order of sums: kernels/sample-normalization.ts. Source of the layer's rules: Keras' LayerNormalization.
 */
import { unary } from './checks.ts';
import { LastAxesNormalization, type LastAxesOptions } from './last-axes-normalization.ts';
import { ownLayer } from './registry.ts';
import { CENTRED, type SampleNormalizationOptions } from './sample-normalization.ts';

/** How samples are normalised. */
export interface LayerNormalizationOptions extends SampleNormalizationOptions, LastAxesOptions {}

/** The layer that `layerNormalization` makes. */
export class LayerNormalization extends LastAxesNormalization {
  readonly className: string = 'LayerNormalization';

  constructor(options?: LayerNormalizationOptions) {
    super('layerNormalization', options, arguments, CENTRED);
  }
}

/**
 * Layer normalisation: each sample, at each position, gets mean 0 and variance 1, then a learnt scale and shift.
 *
 *     layerNormalization({ epsilon: 1e-6 }) // [7, 7, 96] → [7, 7, 96]
 *
 * @throws TypeError or RangeError where an option is unknown or out of range.
 */
export const layerNormalization = unary(
  'layerNormalization',
  (options?: LayerNormalizationOptions): LayerNormalization => new LayerNormalization(options),
);

ownLayer('LayerNormalization', LayerNormalization);
