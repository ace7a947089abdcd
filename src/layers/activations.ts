/**
 * The activations that there are, by name, and those that the bundle holds: what most networks end in or are full of is always there,
 * and allActivations brings the others (more-activations.ts).
 */
import { leftOut } from '../checks/bundle.ts';
import { isLayerLike } from '../checks/describe.ts';
import { sameLetters } from '../checks/suggest.ts';
import { softmaxBackward, softmaxForward } from '../kernels/softmax.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { oneOf } from './checks.ts';
import type { Fold, Run } from './layer.ts';

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

/** Samples as rows of their last dimension, which softmax normalises; `size` numbers in all. */
export interface Rows {
  readonly rows: number;
  readonly C: number;
  readonly size: number;
}

/** A run in which the gradient of the input is computed. */
export interface GradientRun extends Run {
  readonly dx: FloatArray;
}

/** An activation's passes, and what the plan and the gradient checks must know of it. */
export interface ActivationFunction {
  /** x → y */
  forward(run: Run, rows: Rows): void;
  /** dy → dx */
  backward(run: GradientRun, rows: Rows): void;
  /** Whether the backward pass reads the input; otherwise it reads the output. Default: false. */
  readonly readsInput?: boolean;
  /** Outputs at which the slope, or the derivative of the slope, jumps. Default: none. */
  readonly kinks?: readonly number[];
  /** How the layer before, or the loss after it, can compute it. Default: they can't. */
  readonly fold?: Fold;
  /** Whether the input's gradient is 0 wherever the output is 0. Default: false. */
  readonly cutsOff?: boolean;
}

/** Activations by name; `silu` and `hardSilu` are second names. */
export type ActivationFunctions = Readonly<Partial<Record<ActivationName, ActivationFunction>>>;

const functions = new Map<string, ActivationFunction>(
  Object.entries({
    linear: {
      forward: ({ x, y }, { size }) => y.set(x.subarray(0, size)),
      backward: ({ dy, dx }, { size }) => dx.set(dy.subarray(0, size)),
    },
    relu: {
      forward: ({ kernels, x, y }, { size }) => kernels.reluForward(size, x, y),
      backward: ({ kernels, y, dy, dx }, { size }) => kernels.reluBackward(size, y, dy, dx),
      ...{ kinks: [0], fold: { kind: 'relu' }, cutsOff: true },
    },
    sigmoid: {
      forward: ({ kernels, x, y }, { size }) => kernels.sigmoidForward(size, x, y),
      backward: ({ kernels, y, dy, dx }, { size }) => kernels.sigmoidBackward(size, y, dy, dx),
      fold: { kind: 'sigmoid' },
    },
    softmax: {
      forward: ({ x, y }, { rows, C }) => softmaxForward(rows, C, x, y),
      backward: ({ y, dy, dx }, { rows, C }) => softmaxBackward(rows, C, y, dy, dx),
      fold: { kind: 'softmax' },
    },
  } satisfies ActivationFunctions),
);

const advices: Record<string, string> = {};

/**
 * Adds activations.
 * @param advice what to do instead of those of Keras' activations that degelo lacks, by their names
 */
export function knowActivations(more: ActivationFunctions, advice: Readonly<Record<string, string>>): void {
  for (const [name, each] of Object.entries(more)) functions.set(name, each);
  Object.assign(advices, advice);
}

/** The activation's first name. @throws RangeError for an unknown name, or one whose function isn't in the bundle. */
export function activationNamed(layer: string, option: string, name: unknown): ActivationName {
  const advice = advices[sameLetters(nameOf(name), Object.keys(advices)) ?? ''];
  if (advice) throw new RangeError(`${layer}: ${option} ${advice}`);
  const known = oneOf(layer, option, name, ACTIVATIONS);
  const first = SECOND_NAMES[known] ?? known;
  if (!functions.has(first)) throw leftOut(`${layer}: ${option} ${known}`, 'allActivations');
  return first;
}

/** The activation of a name that activationNamed gave. */
export function activationFunction(name: ActivationName): ActivationFunction {
  return functions.get(name) as ActivationFunction; // activationNamed saw it
}

/** The name of a function or a layer that was given in place of a name. */
function nameOf(value: unknown): string {
  const name = isLayerLike(value) ? value.className : typeof value === 'function' ? value.name : value;
  return typeof name === 'string' ? name : '';
}
