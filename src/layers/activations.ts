/** The activations that there are, by name, and what the plan and the gradient checks have to know of each. */
import { isLayerLike } from '../checks/describe.ts';
import { sameLetters } from '../checks/suggest.ts';
import { oneOf } from './checks.ts';

export const ACTIVATIONS = [
  'linear',
  'relu',
  'sigmoid',
  'softmax',
  'tanh',
  'relu6',
  'elu',
  'selu',
  'gelu',
  'geluApproximate',
  'swish',
  'silu',
  'softplus',
  'hardSigmoid',
  'hardSigmoidKeras2',
  'hardSwish',
  'hardSilu',
  'mish',
  'softsign',
  'exponential',
  'logSigmoid',
  'logSoftmax',
  'hardTanh',
  'hardShrink',
  'softShrink',
  'tanhShrink',
  'squareplus',
  'sparsePlus',
  'sparseSigmoid',
] as const;

/** Activations by their name, as in Keras. `silu` is `swish`, and `hardSilu` is `hardSwish`, by another name. */
export type ActivationName = (typeof ACTIVATIONS)[number];

const SECOND_NAMES: Readonly<Record<string, ActivationName>> = { silu: 'swish', hardSilu: 'hardSwish' };

/** The activation of that name, by its first name. @throws RangeError for a name that isn't known. */
export function activationNamed(layer: string, option: string, name: unknown): ActivationName {
  const advice = ADVICE[sameLetters(nameOf(name), Object.keys(ADVICE)) ?? ''];
  if (advice) throw new RangeError(`${layer}: ${option} ${advice}`);
  const known = oneOf(layer, option, name, ACTIVATIONS);
  return SECOND_NAMES[known] ?? known;
}

/** Keras' activations that need options, or another number of channels: what to do instead. */
const ADVICE: Readonly<Record<string, string>> = {
  leakyReLU: 'must need no options: leave it out, and put the layer leakyReLU() behind',
  prelu: 'must have no weights: leave it out, and put the layer prelu() behind',
  celu: "must need no options: with Keras' alpha, 1, celu is 'elu'",
  threshold: 'must need no options: leave it out, and put the layer reLU({ threshold }) behind',
  glu: "halves the channels, and isn't there: multiply().apply([a, b]), b from a layer with activation 'sigmoid'",
  sparsemax: "isn't there: 'softmax'",
};

/** The name, in any writing, of the function or the layer. */
function nameOf(value: unknown): string {
  const name = isLayerLike(value) ? value.className : typeof value === 'function' ? value.name : value;
  return typeof name === 'string' ? name : '';
}

/** Slope of the hard sigmoid: Keras 3's, and that of Keras 2 and TensorFlow.js. */
export const HARD_SIGMOID_SLOPE = { hardSigmoid: 1 / 6, hardSigmoidKeras2: 0.2 } as const;

/** Whether an activation is one of these. */
export function isHardSigmoid(name: string): name is keyof typeof HARD_SIGMOID_SLOPE {
  return Object.hasOwn(HARD_SIGMOID_SLOPE, name);
}

/** Outputs at which the slope jumps; none where it never does. Their derivatives are smooth elsewhere. */
export const KINKS: Readonly<Partial<Record<ActivationName, readonly number[]>>> = {
  relu: [0],
  relu6: [0, 6],
  elu: [0], // its second derivative jumps
  selu: [0],
  hardSigmoid: [0, 1],
  hardSigmoidKeras2: [0, 1],
  hardSwish: [0, 3],
  softsign: [0], // its second derivative jumps
  hardTanh: [-1, 1],
  hardShrink: [0], // the function itself jumps
  softShrink: [0],
  sparsePlus: [0, 1], // its second derivative jumps
  sparseSigmoid: [0, 1],
};
