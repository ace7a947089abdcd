/**
 * Normalisation by the root mean square (Zhang and Sennrich 2019, arXiv:1910.07467): a layer normalisation that takes no mean away and adds no β.
 *
 *   y = γ·x/√(q + ε)       q = (Σ x²)/M along `axis`; γ, which Keras calls scale: a number for each element there
 *
 * Formulas, and the order of sums: kernels/sample-normalization.ts. Source of the layer's rules: Keras' RMSNormalization.
 */
import { unary } from './checks.ts';
import { LastAxesNormalization, type LastAxesOptions } from './last-axes-normalization.ts';
import type { LayerConfig } from './layer.ts';
import { ownLayer } from './registry.ts';

/** How samples are normalised. */
export interface RmsNormalizationOptions extends LastAxesOptions {
  /** Added to the mean square. Default: 1e-6. */
  epsilon?: number | undefined;
}

const RULES = { own: ['epsilon'], isCentred: false, epsilon: 1e-6 };

/** The layer that `rmsNormalization` makes. */
export class RMSNormalization extends LastAxesNormalization {
  readonly className: string = 'RMSNormalization';

  constructor(options?: RmsNormalizationOptions) {
    super('rmsNormalization', options, arguments, RULES);
  }

  override getConfig(): LayerConfig {
    const { epsilon, axis } = this;
    return { ...this.baseConfig(), epsilon, axis };
  }
}

/**
 * RMS normalisation: each sample, at each position, gets a mean square of 1, then a learnt scale.
 *
 *     rmsNormalization({ epsilon: 1e-6 }) // [7, 7, 96] → [7, 7, 96]
 *
 * @throws TypeError or RangeError where an option is unknown or out of range.
 */
export const rmsNormalization = unary(
  'rmsNormalization',
  (options?: RmsNormalizationOptions): RMSNormalization => new RMSNormalization(options),
);

ownLayer('RMSNormalization', RMSNormalization);
