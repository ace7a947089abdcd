/**
 * Regularizers: what large weights cost. A weight array's penalty is added to the loss, and its gradient to the weights':
 *
 *   l1·Σ|w| + l2·Σw²        gradient l1·sign(w) + 2·l2·w
 *
 * As in Keras only weights that are trained count; a frozen layer's don't. `fit` and `evaluate` report the loss with the penalties.
 * Source of the rules: Keras 3's L1 and L2, whose factor is 0.01 by default, and L1L2, of which a factor that isn't given is 0.
 */
import { brief, describe } from '../checks/describe.ts';
import { isBag, knownOptions, unary } from '../checks/options.ts';
import { sameLetters } from '../checks/suggest.ts';
import { atLeastZero } from '../checks/values.ts';
import type { FloatArray } from '../tensor/tensor.ts';

/** Factors of both parts. */
export interface RegularizerConfig {
  /** The factor of Σ|w|. Default: 0. */
  readonly l1?: number | undefined;
  /** The factor of Σw². Default: 0. */
  readonly l2?: number | undefined;
}

/** A regularizer: its factors, or a name, whose factors are 0.01. */
export type Regularizer = 'l1' | 'l2' | 'l1l2' | RegularizerConfig;

const DEFAULT = 0.01;
const NAMED: Readonly<Record<string, RegularizerConfig>> = {
  l1: { l1: DEFAULT },
  l2: { l2: DEFAULT },
  l1l2: { l1: DEFAULT, l2: DEFAULT },
};

/**
 * A regularizer's factors; null where there is none, or both are 0.
 * @param who what messages call it: `dense: kernelRegularizer`
 * @throws TypeError where it is neither a name nor an object of numbers, RangeError for an unknown name, factor or a number below 0.
 */
export function checkRegularizer(who: string, given: unknown): RegularizerConfig | null {
  if (given === undefined || given === null) return null;
  if (typeof given === 'string') {
    const name = sameLetters(given, Object.keys(NAMED));
    if (name !== null) return NAMED[name];
    throw new RangeError(`${who} must be l1, l2, l1l2 or { l1, l2 }, got ${describe(given)}`);
  }
  if (!isBag(given)) {
    throw new TypeError(`${who} must be l1, l2, l1l2 or { l1, l2 }, got ${describe(given)}`);
  }
  for (const name of Object.keys(given)) {
    if (name !== 'l1' && name !== 'l2') {
      throw new RangeError(`${who} has no factor ${brief(name)}: expected l1, l2`);
    }
  }
  const factors = given as RegularizerConfig; // their values are checked here
  const l1 = atLeastZero(who, 'l1', factors.l1 ?? 0);
  const l2 = atLeastZero(who, 'l2', factors.l2 ?? 0);
  if (l1 === 0 && l2 === 0) return null;
  return { ...(l1 > 0 && { l1 }), ...(l2 > 0 && { l2 }) };
}

/** l1·Σ|w| + l2·Σw², in float64: each sum ascending from +0. */
export function penaltyOf({ l1 = 0, l2 = 0 }: RegularizerConfig, w: FloatArray): number {
  let sizes = 0;
  let squares = 0;
  for (let i = 0; i < w.length; i++) {
    sizes += Math.abs(w[i]);
    squares += w[i] * w[i];
  }
  return l1 * sizes + l2 * squares;
}

/** Σ|w| times this. Default: 0.01. */
export interface L1Options {
  /** Of Σ|w|. Default: 0.01. */
  readonly l1?: number | undefined;
}

/** Σw² times this. Default: 0.01. */
export interface L2Options {
  /** Of Σw². Default: 0.01. */
  readonly l2?: number | undefined;
}

/** Σ|w| and Σw² times these. Default of each: 0; at least one must be given. */
export interface L1L2Options {
  /** Of Σ|w|. Default: 0. */
  readonly l1?: number | undefined;
  /** Of Σw². Default: 0. */
  readonly l2?: number | undefined;
}

/** @param defaults factors that take these values where they aren't given */
function factors(
  where: string,
  given: RegularizerConfig | undefined,
  names: readonly string[],
  defaults: RegularizerConfig,
): RegularizerConfig {
  const known = knownOptions(where, given, names);
  return checkRegularizer(where, { ...defaults, ...known }) ?? {};
}

/**
 * The regularizer l1·Σ|w|: `dense({ units: 10, kernelRegularizer: l1({ l1: 1e-4 }) })`.
 *
 *     l1({ l1: 0.1 }) // weights [1, -2] → 0.3
 *
 * @throws TypeError or RangeError where the factor is no number ≥ 0, or an option is unknown.
 */
export const l1 = unary(
  'l1',
  (options?: L1Options): RegularizerConfig => factors('l1', options, ['l1'], NAMED.l1),
);

/**
 * The regularizer l2·Σw²: `conv2d({ filters: 8, kernelSize: 3, kernelRegularizer: l2({ l2: 1e-4 }) })`.
 *
 *     l2({ l2: 0.1 }) // weights [1, -2] → 0.5
 *
 * @throws TypeError or RangeError where the factor is no number ≥ 0, or an option is unknown.
 */
export const l2 = unary(
  'l2',
  (options?: L2Options): RegularizerConfig => factors('l2', options, ['l2'], NAMED.l2),
);

/**
 * Both: `l1l2({ l1: 1e-5, l2: 1e-4 })`. A factor that isn't given is 0, as in Keras 3.
 *
 *     l1l2({ l1: 0.1, l2: 0.1 }) // weights [1, -2] → 0.8
 *
 * @throws as `l1` does, and RangeError where neither is given: that is 0 in Keras 3, and 0.01 each in Keras 2 and TensorFlow.js.
 */
export const l1l2 = unary('l1l2', (options?: L1L2Options): RegularizerConfig => {
  const both = factors('l1l2', options, ['l1', 'l2'], {});
  if (options?.l1 !== undefined || options?.l2 !== undefined) return both;
  throw new RangeError('l1l2: l1 or l2 must be given: l1l2({ l1: 0.01, l2: 0.01 })');
});
