/**
 * Activations as layers of their own.
 *
 *   relu:    y = max(x, 0); the gradient at 0 is 0
 *   sigmoid: y = 1 / (1 + e^−x)
 *   tanh:    y = (e^x − e^−x) / (e^x + e^−x)
 *   softmax: y[c] = exp(x[c]) / Σ_j exp(x[j]) along the last dimension
 *   linear:  y = x
 *
 * Behind a convolution or dense layer the plan folds ReLU into their kernels, and a softmax or sigmoid before its
 * cross-entropy into the loss, where both together are simpler and stable. (Leaky ReLU is a layer: leaky-relu.ts.)
 */
import { softmaxBackward, softmaxForward } from '../kernels/softmax.ts';
import { knownOptions, oneOf, unary } from './checks.ts';
import {
  type Fold,
  LAYER_OPTIONS,
  Layer,
  type LayerConfig,
  type LayerOptions,
  type Run,
  type Stage,
} from './layer.ts';

export const ACTIVATIONS = ['linear', 'relu', 'sigmoid', 'softmax', 'tanh'] as const;

/** Activations by their name, as in Keras. */
export type ActivationName = (typeof ACTIVATIONS)[number];

/** Which activation. */
export interface ActivationOptions extends LayerOptions {
  activation: ActivationName;
}

/** The layer that `activation` makes. */
export class Activation extends Layer {
  readonly className = 'Activation';
  readonly activation: ActivationName;

  constructor(options: ActivationOptions) {
    const given = knownOptions('activation', options, ['activation', ...LAYER_OPTIONS]);
    super(given, 'activation');
    this.activation = oneOf('activation', 'activation', given.activation, ACTIVATIONS);
  }

  forward({ kernels, stage, x, y }: Run, N: number): void {
    const { rows, C } = lastDimension(stage, N);
    if (this.activation === 'relu') kernels.reluForward(rows * C, x, y);
    else if (this.activation === 'sigmoid') kernels.sigmoidForward(rows * C, x, y);
    else if (this.activation === 'tanh') kernels.tanhForward(rows * C, x, y);
    else softmaxForward(rows, C, x, y);
  }

  backward({ kernels, stage, y, dy, dx }: Run, N: number): void {
    if (!dx) return;
    const { rows, C } = lastDimension(stage, N);
    if (this.activation === 'relu') kernels.reluBackward(rows * C, y, dy, dx);
    else if (this.activation === 'sigmoid') kernels.sigmoidBackward(rows * C, y, dy, dx);
    else if (this.activation === 'tanh') kernels.tanhBackward(rows * C, y, dy, dx);
    else softmaxBackward(rows, C, y, dy, dx);
  }

  override isIdentity(): boolean {
    return this.activation === 'linear';
  }

  override foldsAs(): Fold | null {
    const { activation } = this;
    return activation === 'relu' || activation === 'softmax' || activation === 'sigmoid'
      ? { kind: activation }
      : null;
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: true };
  }

  override hasKinks(): boolean {
    return this.activation === 'relu';
  }

  override zeroOutputsAreDead(zeroInputsAreDead: boolean): boolean {
    return this.activation === 'relu' || (this.activation === 'linear' && zeroInputsAreDead);
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
