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
import { isSmooth, smoothBackward, smoothForward } from '../kernels/smooth.ts';
import {
  logSoftmaxBackward,
  logSoftmaxForward,
  softmaxBackward,
  softmaxForward,
} from '../kernels/softmax.ts';
import {
  type ActivationName,
  activationNamed,
  HARD_SIGMOID_SLOPE,
  isHardSigmoid,
  KINKS,
} from './activations.ts';
import { knownOptions, unary } from './checks.ts';
import {
  type Fold,
  LAYER_OPTIONS,
  Layer,
  type LayerConfig,
  type LayerOptions,
  type Run,
  type Stage,
} from './layer.ts';
import { ownLayer } from './registry.ts';

/** Which activation. */
export interface ActivationOptions extends LayerOptions {
  activation: ActivationName;
}

/** The layer that `activation` makes. */
export class Activation extends Layer {
  readonly className: string = 'Activation';
  readonly activation: ActivationName;

  constructor(options: ActivationOptions) {
    const given = knownOptions('activation', options, ['activation', ...LAYER_OPTIONS]);
    super(given, 'activation');
    this.activation = activationNamed('activation', 'activation', given.activation);
  }

  forward({ kernels, stage, x, y }: Run, N: number): void {
    const { rows, C } = lastDimension(stage, N);
    const size = rows * C;
    const name = this.activation;
    if (isSmooth(name)) smoothForward(name, size, x, y);
    else if (name === 'relu') kernels.reluForward(size, x, y);
    else if (name === 'relu6') kernels.clippedReluForward(size, x, 0, 0, 6, y);
    else if (name === 'sigmoid') kernels.sigmoidForward(size, x, y);
    else if (name === 'tanh') kernels.tanhForward(size, x, y);
    else if (name === 'hardSwish') kernels.hardSwishForward(size, x, y);
    else if (isHardSigmoid(name)) kernels.hardSigmoidForward(size, x, HARD_SIGMOID_SLOPE[name], y);
    else if (name === 'logSoftmax') logSoftmaxForward(rows, C, x, y);
    else softmaxForward(rows, C, x, y);
  }

  backward({ kernels, stage, x, y, dy, dx }: Run, N: number): void {
    if (!dx) return;
    const { rows, C } = lastDimension(stage, N);
    const size = rows * C;
    const name = this.activation;
    if (isSmooth(name)) smoothBackward(name, size, x, dy, dx);
    else if (name === 'relu') kernels.reluBackward(size, y, dy, dx);
    else if (name === 'relu6') kernels.clippedReluBackward(size, x, dy, 0, 0, 6, dx);
    else if (name === 'sigmoid') kernels.sigmoidBackward(size, y, dy, dx);
    else if (name === 'tanh') kernels.tanhBackward(size, y, dy, dx);
    else if (name === 'hardSwish') kernels.hardSwishBackward(size, x, dy, dx);
    else if (isHardSigmoid(name)) kernels.hardSigmoidBackward(size, y, dy, HARD_SIGMOID_SLOPE[name], dx);
    else if (name === 'logSoftmax') logSoftmaxBackward(rows, C, y, dy, dx);
    else softmaxBackward(rows, C, y, dy, dx);
  }

  override foldsAs(): Fold | null {
    const { activation } = this;
    if (activation === 'relu6') return { kind: 'relu', max: 6 };
    return activation === 'relu' || activation === 'softmax' || activation === 'sigmoid'
      ? { kind: activation }
      : null;
  }

  /** Either the input or the output gives the slope. */
  override backwardReads(): { inputs: boolean; output: boolean } {
    const inputs = readsInput(this.activation);
    return { inputs, output: !inputs };
  }

  override isIdentity(): boolean {
    return this.activation === 'linear';
  }

  override kinks(): readonly number[] {
    return KINKS[this.activation] ?? [];
  }

  override zeroOutputsAreDead(zeroInputsAreDead: boolean): boolean {
    const cutsOff = this.activation === 'relu' || this.activation === 'relu6';
    return cutsOff || (this.activation === 'linear' && zeroInputsAreDead);
  }

  override work(): string {
    return 'activation';
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), activation: this.activation };
  }
}

/** A layer with an activation of its own is planned as itself and, behind it, that activation. */
export function expandActivation(layer: Layer, own: ActivationName): Layer[] {
  if (own === 'linear') return [layer];
  const behind = new Activation({ activation: own, name: `${layer.name}/${own}` });
  if (layer.outputShape) behind.build(layer.outputShape);
  return [layer, behind];
}

/** Whether the gradient is a function of the input, not of the output. */
function readsInput(name: ActivationName): boolean {
  return isSmooth(name) || name === 'relu6' || name === 'hardSwish';
}

/** N samples as rows of their last dimension, which softmax normalises. */
function lastDimension({ inputShape }: Stage, N: number): { rows: number; C: number } {
  const C = inputShape[inputShape.length - 1];
  return { rows: N * inputShape.slice(0, -1).reduce((product, d) => product * d, 1), C };
}

/** An activation layer; `activation('relu')` is short for `activation({ activation: 'relu' })`. */
export const activation = unary(
  'activation',
  (options: ActivationName | ActivationOptions): Activation =>
    new Activation(typeof options === 'string' ? { activation: options } : options),
);

ownLayer('Activation', Activation);
