/**
 * Activations as layers of their own.
 *
 *   linear   y = x
 *   relu     y = max(x, 0); the gradient at 0 is 0           relu6  y = min(max(x, 0), 6); likewise, and at 6
 *   sigmoid  y = 1 / (1 + e^−x)                              tanh   y = (e^x − e^−x) / (e^x + e^−x)
 *   softmax  y[c] = exp(x[c]) / Σ_j exp(x[j]) along the last dimension; logSoftmax  its logarithm
 *   hardSigmoid  y = min(max(x/6 + ½, 0), 1)                 hardSwish (hardSilu)  y = x·hardSigmoid(x)
 *   hardSigmoidKeras2  y = min(max(0.2·x + ½, 0), 1), what Keras 2 and TensorFlow.js call hard sigmoid
 *   elu, selu, gelu, geluApproximate, swish (silu), softplus, mish, and the other ones: kernels/smooth.ts
 *
 * Behind a convolution or dense layer the plan folds ReLU into their kernels, and a softmax or sigmoid before its
 * cross-entropy into the loss, where both together are simpler and stable. (ReLU with options: relu.ts.)
 */
import { ActivationLayer, type ActivationOptions } from './activation-layer.ts';
import type { ActivationName } from './activations.ts';
import { unary } from './checks.ts';
import { ownLayer } from './registry.ts';

export type { ActivationOptions } from './activation-layer.ts';

/** The layer that `activation` makes. */
export class Activation extends ActivationLayer {}

/**
 * An activation as a layer; `activation('relu')` is short for `activation({ activation: 'relu' })`.
 *
 *     activation('softmax') // [10] → [10]
 *
 * @throws RangeError where the name or an option is unknown.
 */
export const activation = unary(
  'activation',
  (options: ActivationName | ActivationOptions): Activation =>
    new Activation(typeof options === 'string' ? { activation: options } : options),
);

ownLayer('Activation', Activation);
