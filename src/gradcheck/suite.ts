/**
 * The project's own gradient checks, which `degelo gradcheck` prints: every layer by itself, every way in which the plan
 * folds layers into one another, every loss, and the experiment's network. The cases are in cases/, one file per kind.
 *
 * The shapes are small and odd, and just large enough that every loop runs more than once: blocks of four or eight with
 * something left over, images that aren't square, two shards of samples.
 */
import { Network } from '../model/network.ts';
import { register } from '../registry/register.ts';
import { allInitializers } from '../tensor/all-initializers.ts';
import { deriveKey, Purpose, uniform } from '../tensor/random.ts';
import { ACTIVATION_CASES } from './cases/activation.ts';
import type { SuiteCase } from './cases/case.ts';
import { CONVOLUTION_CASES } from './cases/convolution.ts';
import { DENSE_CASES } from './cases/dense.ts';
import { LOSS_CASES } from './cases/losses.ts';
import { MERGING_CASES } from './cases/merging.ts';
import { NETWORK_CASES } from './cases/networks.ts';
import { NORMALIZATION_CASES } from './cases/normalization.ts';
import { POOLING_CASES } from './cases/pooling.ts';
import { RANDOM_CASES } from './cases/random.ts';
import { SHAPES_CASES } from './cases/shapes.ts';
import { checkGradients, type GradientCheckOptions, type GradientReport } from './check.ts';

export type { SuiteCase };
export { LOSS_CASES, NETWORK_CASES };

register(allInitializers); // the cases name any

export type SuiteOptions = Pick<GradientCheckOptions, 'seed' | 'kernel' | 'kernels'>;

/** One layer, or one stage of the plan, with a gradient that isn't uniform. */
export const LAYER_CASES: readonly SuiteCase[] = [
  ...DENSE_CASES,
  ...CONVOLUTION_CASES,
  ...POOLING_CASES,
  ...ACTIVATION_CASES,
  ...SHAPES_CASES,
  ...NORMALIZATION_CASES,
  ...RANDOM_CASES,
  ...MERGING_CASES,
];

/** A stream of random numbers that checks don't use. */
const BIASES = 1000;

/** Runs one case. */
export function checkCase(
  { name, layers, options }: SuiteCase,
  { seed = 0, ...chosen }: SuiteOptions = {},
): GradientReport {
  const network = new Network({ layers: layers(), name, seed });
  // Biases begin at zero, which hides what is done with them.
  for (const [p, { parameter, value }] of network.parameters().entries()) {
    if (parameter.initializer === 'zeros') {
      uniform(deriveKey(seed, Purpose.gradcheck, BIASES, p), -0.1, 0.1, value.data);
    }
  }
  // Held to strictly: these networks are small, and made so that differences can tell.
  const bounds = { gradient: network.nodes().length > 1 ? 1e-8 : 1e-9, float32: 1e-5 };
  return checkGradients(network, { bounds, ...options, ...chosen, seed });
}

/** All that is checked. */
export const CASES: readonly SuiteCase[] = [...LAYER_CASES, ...LOSS_CASES, ...NETWORK_CASES];

/** Runs them all, one by one as the reports are asked for. */
export function* checkAll(options: SuiteOptions = {}): Generator<GradientReport> {
  for (const each of CASES) yield checkCase(each, options);
}
