/**
 * Fully connected layer, with its activation: y[n, o] = act( b[o] + Σ_i x[n, i]·w[i, o] ). Of an image it takes the channels of each pixel, as a
 * convolution with kernels of 1×1 does: along the last dimension, with the same weights for all positions before it.
 * Source of the layer's rules: Keras' Dense.
 */
import type { Kernels } from '../kernels/kernels.ts';
import { checkInitializer, type Initializer } from '../tensor/initializers.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { expandActivation } from './activation-layer.ts';
import { type ActivationName, activationNamed } from './activations.ts';
import { flag, positiveInteger, unary } from './checks.ts';
import { biasConfig, noBias } from './convolution-layer.ts';
import {
  type Fold,
  Layer,
  type LayerConfig,
  type LayerOptions,
  layerOptions,
  type ParameterSpec,
  type Run,
  type Stage,
} from './layer.ts';
import { rectifyGradient, takeRelu } from './rectifier.ts';
import { ownLayer } from './registry.ts';
import { checkRegularizer, type Regularizer, type RegularizerConfig } from './regularizer.ts';

/** Outputs of a dense layer, and what follows them. */
export interface DenseOptions extends LayerOptions {
  /** Number of outputs. */
  units: number;
  /** What the outputs go through at the end, by name: `'relu'`, `'softmax'` … Default: none (`'linear'`). */
  activation?: ActivationName | undefined;
  /** false: no bias is added. Default: true. */
  useBias?: boolean | undefined;
  /** How the kernel begins. Default: `glorotUniform`. */
  kernelInitializer?: Initializer | undefined;
  /** How the bias begins. Default: `zeros`. */
  biasInitializer?: Initializer | undefined;
  /** What large weights of the kernel cost: `'l2'`, `l2({ l2: 1e-4 })`, `{ l1, l2 }`. Default: nothing. */
  kernelRegularizer?: Regularizer | undefined;
  /** The same of the bias. */
  biasRegularizer?: Regularizer | undefined;
}

/** The layer that `dense` makes. */
export class Dense extends Layer {
  readonly className: string = 'Dense';
  readonly units: number;
  readonly activation: ActivationName;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
  readonly kernelRegularizer: RegularizerConfig | null;
  readonly biasRegularizer: RegularizerConfig | null;
  // 590,000 weights: a gradient for each sample would fill megabytes: threads split the weights, not the samples.
  override readonly gradientSplit = 'weights';
  override readonly prefersManySamples = true;

  constructor(options: DenseOptions) {
    const initializers = ['kernelInitializer', 'biasInitializer'];
    const own = ['units', 'activation', 'useBias', ...initializers, 'kernelRegularizer', 'biasRegularizer'];
    const given = layerOptions('dense', options, arguments, own);
    super(given, 'dense');
    this.units = positiveInteger('dense', 'units', given.units);
    this.activation = activationNamed('dense', 'activation', given.activation ?? 'linear');
    const { useBias = true, kernelInitializer = 'glorotUniform', biasInitializer = 'zeros' } = given;
    this.useBias = flag('dense', 'useBias', useBias);
    this.kernelInitializer = checkInitializer('dense: kernelInitializer', kernelInitializer);
    this.biasInitializer = checkInitializer('dense: biasInitializer', biasInitializer);
    this.kernelRegularizer = checkRegularizer('dense: kernelRegularizer', given.kernelRegularizer);
    this.biasRegularizer = checkRegularizer('dense: biasRegularizer', given.biasRegularizer);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    if (inputShape.length === 0) {
      throw new RangeError('dense: input of one sample must have a dimension: expected [n], got []');
    }
    return [...inputShape.slice(0, -1), this.units];
  }

  protected override describeParameters(inputShape: Shape): ParameterSpec[] {
    const I = inputShape[inputShape.length - 1];
    const O = this.units;
    const { kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer } = this;
    const kernel = {
      ...{ name: 'kernel', shape: [I, O], initializer: kernelInitializer },
      regularizer: kernelRegularizer,
    };
    const bias = { name: 'bias', shape: [O], initializer: biasInitializer, regularizer: biasRegularizer };
    return this.useBias ? [kernel, bias] : [kernel];
  }

  forward({ stage, kernels, x, y, parameters, scratch }: Run, N: number): void {
    const { I, P } = sizesOf(stage);
    const [w] = parameters;
    // What is folded into the weights may bring a bias of its own.
    const b = parameters[1] ?? noBias(scratch, kernels.denseScratch(N * P, I, this.units), this.units);
    kernels.denseForward(N * P, I, this.units, x, w, b, stage.relu === true, y, scratch);
  }

  backward(run: Run, N: number): void {
    const { stage, kernels, x, dy, dx, parameters, scratch } = run;
    const { I, P } = sizesOf(stage);
    const [w] = parameters;
    // In place: weightGradient, later, reads the gradient before ReLU from dy too.
    rectifyGradient(run, N * P * this.units);
    if (dx) {
      const alive = stage.zeroInputsAreDead ? x : null;
      kernels.denseBackwardInput(N * P, I, this.units, dy, w, alive, dx, scratch);
    }
  }

  override weightGradient(run: Run, N: number, parameter: number, from: number, to: number): void {
    const { stage, kernels, x, dy, gradients, scratch } = run;
    if (!gradients) return;
    const O = this.units;
    const { I, P } = sizesOf(stage);
    const [dw, db] = gradients;
    if (parameter === 0) {
      kernels.denseBackwardWeights(N * P, I, O, x, dy, from / O, to / O, dw, scratch);
    } else {
      kernels.denseBackwardBias(N * P, O, dy, db);
    }
  }

  override scratchSize(stage: Stage, kernels: Kernels, N: number): number {
    const { I, P } = sizesOf(stage);
    return kernels.denseScratch(N * P, I, this.units) + (this.useBias ? 0 : this.units);
  }

  override expand(): Layer[] {
    return expandActivation(this, this.activation);
  }

  override takesOver(fold: Fold, stage: Stage): Partial<Stage> | null {
    if (fold.kind === 'relu' && fold.max === undefined) return takeRelu(fold, stage);
    if (fold.kind === 'scale' && !stage.relu) return {};
    return null;
  }

  override givesLogits(): boolean {
    return this.activation === 'linear';
  }

  override backwardReads({ weightGradient, inputGradient, zeroInputsAreDead, relu }: Stage): {
    inputs: boolean;
    output: boolean;
  } {
    return { inputs: weightGradient || (inputGradient && zeroInputsAreDead), output: relu !== false };
  }

  override work(): string {
    return 'matrix product';
  }

  override getConfig(): LayerConfig {
    const { units, activation, kernelInitializer, kernelRegularizer } = this;
    return {
      ...{ ...this.baseConfig(), units, activation },
      ...biasConfig(this),
      ...(kernelInitializer !== 'glorotUniform' && { kernelInitializer }),
      ...(kernelRegularizer && { kernelRegularizer }),
    };
  }
}

/** Inputs of a position, and positions of a sample: 1 of a row, height × width of an image. */
function sizesOf({ inputShape }: Stage): { readonly I: number; readonly P: number } {
  const I = inputShape[inputShape.length - 1];
  return { I, P: sizeOf(inputShape) / I };
}

/**
 * A fully connected layer: each output is a weighted sum of all inputs. An image's channels are its inputs, at each pixel.
 *
 *     dense({ units: 10, activation: 'softmax' }) // [784] → [10]
 *
 * @throws TypeError or RangeError where an option is missing, unknown or out of range.
 */
export const dense = unary('dense', (options: DenseOptions): Dense => new Dense(options));

ownLayer('Dense', Dense);
