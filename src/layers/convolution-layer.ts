/** What all convolutions share: windows, a bias or none, an activation, and how the weights begin. */
import type { Padding } from '../kernels/geometry.ts';
import { checkInitializer, type Initializer } from '../tensor/initializers.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { expandActivation } from './activation-layer.ts';
import { type ActivationName, activationNamed } from './activations.ts';
import { flag, oneOf, sizePair } from './checks.ts';
import {
  type Fold,
  Layer,
  type LayerConfig,
  type LayerOptions,
  layerOptions,
  type ParameterSpec,
  type Stage,
} from './layer.ts';
import { takeRelu } from './rectifier.ts';
import { checkRegularizer, type Regularizer, type RegularizerConfig } from './regularizer.ts';

/** Windows of a convolution, and what is done with their sums. */
export interface ConvolutionOptions extends LayerOptions {
  /** Height and width of the window; one number for both. */
  kernelSize: number | readonly [number, number];
  /** Steps between windows, down and across. Default: 1. */
  strides?: number | readonly [number, number] | undefined;
  /** `valid` (the default): windows stay inside the image; `same`: zeros around it, output ⌈size / stride⌉. */
  padding?: Padding | undefined;
  /** Steps between the positions of a window. Default: 1. A window of 3 then covers 2·dilationRate + 1. */
  dilationRate?: number | readonly [number, number] | undefined;
  /** What the outputs go through at the end, by name: `'relu'`, `'softmax'` … Default: none (`'linear'`). */
  activation?: ActivationName | undefined;
  /** false: no bias is added. Default: true. */
  useBias?: boolean | undefined;
  /** How the bias begins. Default: `zeros`. */
  biasInitializer?: Initializer | undefined;
  /** What a large bias costs: `'l2'`, `l2({ l2: 1e-4 })`, `{ l1, l2 }`. Default: nothing. */
  biasRegularizer?: Regularizer | undefined;
}

const OPTIONS = [
  'kernelSize',
  'strides',
  'padding',
  'dilationRate',
  'activation',
  'useBias',
  'biasInitializer',
  'biasRegularizer',
];

/** What all convolutions are. */
export abstract class Convolution extends Layer {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly dilationRate: readonly [number, number];
  readonly activation: ActivationName;
  readonly useBias: boolean;
  readonly biasInitializer: Initializer;
  readonly biasRegularizer: RegularizerConfig | null;

  /**
   * @param all what the layer's constructor was given
   * @param own names of the layer's options beside those of all convolutions
   */
  constructor(layer: string, options: ConvolutionOptions, all: ArrayLike<unknown>, own: readonly string[]) {
    const given = layerOptions(layer, options, all, [...own, ...OPTIONS]);
    super(given, layer);
    this.kernelSize = sizePair(layer, 'kernelSize', given.kernelSize);
    this.strides = sizePair(layer, 'strides', given.strides ?? 1);
    this.padding = oneOf(layer, 'padding', given.padding ?? 'valid', ['valid', 'same']);
    this.dilationRate = sizePair(layer, 'dilationRate', given.dilationRate ?? 1);
    this.activation = activationNamed(layer, 'activation', given.activation ?? 'linear');
    this.useBias = flag(layer, 'useBias', given.useBias ?? true);
    this.biasInitializer = checkInitializer(`${layer}: biasInitializer`, given.biasInitializer ?? 'zeros');
    this.biasRegularizer = checkRegularizer(`${layer}: biasRegularizer`, given.biasRegularizer);
  }

  /** The bias of so many outputs; none where it isn't used. */
  protected describeBias(outputs: number): ParameterSpec[] {
    const { biasInitializer: initializer, biasRegularizer: regularizer } = this;
    return this.useBias ? [{ name: 'bias', shape: [outputs], initializer, regularizer }] : [];
  }

  override expand(): Layer[] {
    return expandActivation(this, this.activation);
  }

  override takesOver(fold: Fold, stage: Stage): Partial<Stage> | null {
    return takeRelu(fold, stage);
  }

  override givesLogits(): boolean {
    return this.activation === 'linear';
  }

  override backwardReads({ weightGradient, relu }: Stage): { inputs: boolean; output: boolean } {
    return { inputs: weightGradient, output: relu !== false };
  }

  override getConfig(): LayerConfig {
    const { kernelSize, strides, padding, activation } = this;
    return {
      ...this.baseConfig(),
      ...{ kernelSize, strides, padding, activation },
      // What came later is only where it isn't the default, so that files of before stay as they were.
      ...(this.dilationRate.some((rate) => rate !== 1) && { dilationRate: this.dilationRate }),
      ...biasConfig(this),
    };
  }
}

/** The options of a bias that aren't the defaults. */
export function biasConfig({
  useBias,
  biasInitializer,
  biasRegularizer,
}: {
  useBias: boolean;
  biasInitializer: Initializer;
  biasRegularizer: RegularizerConfig | null;
}): Record<string, unknown> {
  return {
    ...(!useBias && { useBias }),
    ...(biasInitializer !== 'zeros' && { biasInitializer }),
    ...(biasRegularizer && { biasRegularizer }),
  };
}

/**
 * The bias that kernels add where a layer has none: zeros, at `at` in scratch. A sum that began at +0 is never −0, so adding +0
 * changes no bit of it.
 */
export function noBias(scratch: FloatArray, at: number, outputs: number): FloatArray {
  return scratch.subarray(at, at + outputs).fill(0);
}
